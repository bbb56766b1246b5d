// The card: made, shown and deleted on the phone alone, and painted before the app is there.
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { type CardTyped, installs, makesCard, opens } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const card = { ...words('card'), ...words('card_edit') };

const ALI: CardTyped = {
  name: 'Ali',
  may: ['find it hard to speak', 'get lost', 'be scared of crowds'],
  please: ['give me time', 'speak slowly', 'stay with me'],
  contact: { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' },
};

/** From now on only what the boot script paints can be seen: the app itself cannot be had. */
async function losesTheApp(page: Page): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Network.clearBrowserCache');
  await page.evaluate(async () => {
    const isApp = (url: string) => /\/x\/app\./.test(url);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      const found = (await cache.keys()).filter(({ url }) => isApp(url));
      await Promise.all(found.map((request) => cache.delete(request)));
    }
  });
}

async function seesAli(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Ali' })).toBeVisible();
  for (const line of [...ALI.may!, ...ALI.please!]) await expect(page.getByText(line, { exact: true })).toBeVisible();
  const ring = page.getByRole('link', { name: filled(card.ring_relation, { name: 'Sam', relationship: 'my sister' }) });
  await expect(ring).toHaveAttribute('href', 'tel:07700900123');
}

async function deletesCard(page: Page): Promise<void> {
  await opens(page, '/card/edit');
  await page.getByRole('button', { name: card.delete }).click();
  await page.getByRole('dialog').getByRole('button', { name: card.delete }).click();
  await expect(page.getByRole('heading', { level: 1, name: card.empty_title })).toBeVisible();
}

test('a card made with no network is still there after the browser was closed', async ({ phone, server }) => {
  let page = await phone.on();
  await installs(page);
  await server.kill();
  await makesCard(page, ALI);
  await page.getByRole('link', { name: card.done }).click();
  await seesAli(page);
  await phone.off();
  page = await phone.on();
  await opens(page, '/card');
  await seesAli(page);
});

test('the card is painted before the app has come', async ({ page, watch, server }) => {
  watch.expect(/dynamically imported module|ERR_/);
  await installs(page);
  await server.kill();
  await makesCard(page, ALI);
  await losesTheApp(page);
  await page.goto('/card');
  await seesAli(page);
  await expect(page.locator('html')).not.toHaveAttribute('data-ready');
});

test('the app takes over from the painted card without moving anything', async ({ page, watch, server }) => {
  await installs(page);
  await makesCard(page, ALI);
  await server.kill();
  await opens(page, '/card');
  const places = () => page.locator('.card *').evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
  const taken = await places();
  watch.expect(/dynamically imported module|ERR_/);
  await losesTheApp(page);
  await page.goto('/card');
  await seesAli(page);
  expect(await places()).toEqual(taken);
});

test('a deleted card is gone, also from what is painted first', async ({ page, watch, server }) => {
  watch.expect(/dynamically imported module|ERR_/);
  await installs(page);
  await server.kill();
  await makesCard(page, ALI);
  await deletesCard(page);
  const { card: typed, front } = await kept(page);
  expect([typed, front]).toEqual([{}, {}]);
  await losesTheApp(page);
  await page.goto('/card');
  await page.waitForLoadState('networkidle');
  await expect(page.getByText('Ali')).toHaveCount(0);
});

test('a stranger reads the card on the smallest phone without scrolling', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, ALI);
  await page.setViewportSize({ width: 320, height: 640 });
  await opens(page, '/card');
  const over = await page.evaluate(() => {
    const { scrollHeight, scrollWidth } = document.documentElement;
    return { down: scrollHeight - innerHeight, across: scrollWidth - innerWidth };
  });
  expect(over.down).toBeLessThanOrEqual(0);
  expect(over.across).toBeLessThanOrEqual(0);
  await expect(page.getByRole('link', { name: /Sam/ })).toBeInViewport({ ratio: 1 });
});

test('markup typed into the card is shown as it was typed', async ({ page, watch, server }) => {
  const name = '<img src=/x onerror="document.title=1">';
  await installs(page);
  await server.kill();
  await makesCard(page, { name, may: ['<b>shout</b>'], contact: { name: '"><i>Sam', telephone: '07700 900 123' } });
  await opens(page, '/card');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText('<b>shout</b>')).toBeVisible();
  watch.expect(/dynamically imported module|ERR_/);
  await losesTheApp(page);
  await page.goto('/card');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.locator('.card img, .card b, .card i')).toHaveCount(0);
});

test('an incomplete card is kept, and says calmly what would help more', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Jo' });
  await expect(page.getByText(card.problem_contact)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(card.name)).toHaveValue('Jo');
});
