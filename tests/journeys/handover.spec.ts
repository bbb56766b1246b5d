// The phone in a helper's hand: one page on every address, in every tab, until it is given back; and
// a call that ends the app leads to the next contact.
import type { BrowserContext, Page } from '@playwright/test';
import { ALI, type CardKept, keepsCard } from '../harness/card.ts';
import { kept } from '../harness/kept.ts';
import { installs, opens, ready } from '../harness/person.ts';
import { ROUTES } from '../harness/routes.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const card = words('card');
const handover = words('handover');
const sam = { name: 'Sam' };
const jo = { name: 'Jo' };
const ali = { person: 'Ali' };

/** Links that would leave the browser are noted and not followed. */
async function dialsNowhere(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    addEventListener('click', (event) => {
      const link = (event.target as Element).closest?.<HTMLAnchorElement>('a[href^="tel:"], a[href^="sms:"]');
      if (!link) return;
      event.preventDefault();
      // After what the page itself does with the tap.
      Promise.resolve().then(() => sessionStorage.setItem('dialled', link.href));
    });
  });
}

const dialled = (page: Page) => page.evaluate(() => sessionStorage.getItem('dialled'));
const helping = (page: Page) => page.getByRole('heading', { level: 1, name: filled(handover.title, ali) });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const ringSam = (page: Page) => page.locator('.ring', { hasText: filled(handover.ring, sam) });
const ringJo = (page: Page) => page.locator('.ring', { hasText: filled(handover.ring, jo) });
const giveBack = (page: Page) => page.locator('.give-back');
const hasItBack = (page: Page) => expect(page.getByRole('heading', { level: 1, name: handover.summary_title })).toBeVisible();

async function handsOver(page: Page, typed: CardKept = ALI): Promise<void> {
  await installs(page);
  await keepsCard(page, typed);
  await button(page, card.give).click();
  await expect(page.locator('.amber')).toBeVisible();
}

/** How the hand-over is kept. */
async function stored(page: Page) {
  const { card } = await kept(page);
  return card.handover as { stage: unknown; calls: { contact: number }[]; fetched_by: string } | undefined;
}

test('the helper reads three steps and rings; the next contact, then what the holder wrote for nobody', async ({ page, context, server }) => {
  await dialsNowhere(context);
  await handsOver(page, { ...ALI, nobody_answers: 'Take me to the library.' });
  await server.kill();
  await expect(helping(page)).toBeVisible();
  await expect(page.locator('.turn__title')).toHaveText([
    handover.seat,
    filled(handover.ask_person, { ...sam, ...ali }),
    filled(handover.ring_then, ali),
  ]);
  await expect(page.locator('.ring')).toHaveCount(1);
  await expect(ringSam(page)).toHaveAttribute('href', 'tel:07700900123');
  await expect(ringSam(page)).toContainText('Ali’s sister');
  await ringSam(page).click();
  expect(await dialled(page)).toBe('tel:07700900123');
  await expect.poll(async () => (await stored(page))?.calls.length).toBe(1);
  await button(page, filled(handover.next, jo)).click();
  await expect(page.getByText(/You rang Sam at \d+:\d\d\s?(am|pm)/)).toBeVisible();
  await expect(page.locator('#now')).toHaveText(filled(handover.now_ring, jo));
  await expect(page.locator('#now')).toBeFocused();
  await expect(page.locator('main .ring')).toHaveCount(1);
  await expect(page.getByRole('link', { name: filled(handover.again, sam) })).toHaveAttribute('href', 'tel:07700900123');
  await ringJo(page).click();
  expect(await dialled(page)).toBe('tel:07700900456');
  await button(page, handover.next_nobody).click();
  await expect(page.locator('#now')).toHaveText(handover.nobody);
  await expect(page.getByText('Take me to the library.')).toBeVisible();
  await expect(page.getByText(handover.scheme_unknown)).toBeVisible();
  await expect(page.locator('.ring--plain')).toHaveAttribute('href', 'tel:101');
  for (const number of ['999', '101']) await expect(page.locator(`.urgent a[href="tel:${number}"]`)).toBeVisible();
  await button(page, filled(handover.start_again, sam)).click();
  await expect(ringSam(page)).toBeVisible();
});

test('where the card was given out by somebody, they are rung after the last contact', async ({ page, context }) => {
  await dialsNowhere(context);
  await handsOver(page, { ...ALI, contacts: ALI.contacts!.slice(0, 1), issuer: 'Hawthorns House', issuer_telephone: '0121 496 0456' });
  await button(page, filled(handover.next_scheme, { name: 'Hawthorns House' })).click();
  await expect(page.locator('.ring').first()).toHaveAttribute('href', 'tel:01214960456');
});

test('somebody who answers ends the ringing', async ({ page, context }) => {
  await dialsNowhere(context);
  await handsOver(page);
  await expect(button(page, filled(handover.answered, sam))).toHaveCount(0);
  await ringSam(page).click();
  await button(page, filled(handover.answered, sam)).click();
  await expect(page.locator('#now')).toHaveText(filled(handover.answered_title, sam));
  expect((await stored(page))?.stage).toEqual({ answered: 0 });
});

test('a call that ends the browser leads to the next contact, painted before the app and on every address', async ({ phone, server, context }) => {
  void context;
  let page = await phone.on();
  await dialsNowhere(page.context());
  await handsOver(page);
  await server.kill();
  await ringSam(page).click();
  await phone.off();
  page = await phone.on();
  await page.goto('/card/edit');
  await expect(page.locator('.amber')).toBeVisible();
  await ready(page);
  await expect(page.locator('#now')).toHaveText(filled(handover.now_ring, jo));
  await expect(page.getByRole('link', { name: filled(handover.again, sam) })).toBeVisible();
  await expect(page.getByLabel(words('card_edit').name, { exact: true })).toHaveCount(0);
});

test('a call tapped before the app was there is not forgotten', async ({ page, context, server }) => {
  await dialsNowhere(context);
  await handsOver(page);
  await server.kill();
  await page.evaluate(() => localStorage.setItem('rang', `0 ${Date.now()}`));
  await opens(page, '/');
  await expect(page.locator('#now')).toHaveText(filled(handover.now_ring, jo));
  expect((await stored(page))?.calls.length).toBe(1);
  expect(await page.evaluate(() => localStorage.getItem('rang'))).toBeNull();
});

test('the helper’s page is painted without the app, whatever the address', async ({ page, context, server }) => {
  await handsOver(page);
  await server.kill();
  const bare = await context.newPage();
  await bare.addInitScript(() => {
    Object.defineProperty(globalThis, 'requestIdleCallback', { value: () => 0 });
    globalThis.setTimeout = (() => 0) as never;
  });
  for (const path of ['/card', '/', '/card/edit', '/reports', '/settings']) {
    await bare.goto(path);
    await expect(bare.locator('#shell .amber__title')).toHaveText(filled(handover.title, ali));
    await expect(bare.locator('#shell .ring')).toHaveAttribute('href', 'tel:07700900123');
    expect(await bare.evaluate(() => document.documentElement.dataset.ready)).toBeUndefined();
    await expect(bare.locator('.card__name, .help-door')).toHaveCount(0);
  }
});

test('every address in every tab shows the helper’s page and nothing of the holder’s, until it is given back', async ({ page, context, server }) => {
  await installs(page);
  await keepsCard(page, ALI);
  const second = await context.newPage();
  await opens(second, '/card/edit');
  await button(page, card.give).click();
  await expect(helping(page)).toBeVisible();
  // A tab that was open hears of it.
  await expect(helping(second)).toBeVisible();
  await server.kill();
  for (const { path } of [...ROUTES, { path: '/card/board' }, { path: '/card/more' }]) {
    await opens(second, path);
    await expect(helping(second), path).toBeVisible();
    await expect(second.locator('main'), path).toHaveCount(1);
    await expect(second.locator('.bar, .head, .card-head, .row'), path).toHaveCount(0);
  }
  await second.goBack();
  await ready(second);
  await expect(helping(second)).toBeVisible();
  await second.evaluate(() => history.pushState(null, '', '/settings'));
  await second.evaluate(() => history.back());
  await expect(helping(second)).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(helping(page)).toBeVisible();
  // Three Shifts leave a report; here they leave nothing.
  for (let i = 0; i < 3; i++) await second.keyboard.press('Shift');
  await expect(helping(second)).toBeVisible();
  const place = (await giveBack(page).boundingBox())!;
  await page.mouse.move(place.x + 40, place.y + 20);
  await page.mouse.down();
  await page.waitForTimeout(1500);
  await page.mouse.up();
  await expect(helping(page)).toBeVisible();
  await page.mouse.down();
  await hasItBack(page);
  await page.mouse.up();
  await expect(second.locator('.amber')).toHaveCount(0);
  expect(await stored(page)).toBeUndefined();
  expect(await page.evaluate(() => localStorage.getItem('handed-over'))).toBeNull();
  await page.getByRole('link', { name: handover.summary_ok }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ali' })).toBeVisible();
});

test('a key held for three seconds gives the phone back, a short one does not', async ({ page }) => {
  await handsOver(page);
  await giveBack(page).focus();
  await page.keyboard.press('Enter');
  await expect(helping(page)).toBeVisible();
  // A mouse that lies there and slips off does not take it from the key.
  await giveBack(page).hover();
  await page.keyboard.down('Space');
  await page.mouse.move(2, 2);
  await hasItBack(page);
  await page.keyboard.up('Space');
  await expect(page.getByText(handover.summary_nobody)).toBeVisible();
});

test('who can’t hold taps twice with a pause; a double tap gives nothing back', async ({ page }) => {
  await handsOver(page);
  await giveBack(page).dblclick();
  await expect(page.locator('.give-back__how')).toHaveText(handover.give_back_too_soon);
  await page.waitForTimeout(2500);
  await expect(helping(page)).toBeVisible();
  await giveBack(page).click();
  await hasItBack(page);
});

test('who came to fetch the holder, and who was rung, is told when the phone is back', async ({ page, context }) => {
  await dialsNowhere(context);
  await handsOver(page);
  await ringSam(page).click();
  await button(page, filled(handover.fetched, ali)).click();
  await expect(page.locator('#now')).toHaveText(filled(handover.fetched_1, ali));
  await page.getByLabel(handover.fetched_label).fill('Jo, <b>the</b> neighbour');
  await button(page, handover.fetched_note_it).click();
  await expect(page.getByText(filled(handover.fetched_noted, { who: 'Jo, <b>the</b> neighbour', ...ali }))).toBeVisible();
  await giveBack(page).focus();
  await page.keyboard.down('Enter');
  await hasItBack(page);
  await page.keyboard.up('Enter');
  await expect(page.getByText('Jo, <b>the</b> neighbour')).toBeVisible();
  await expect(page.getByText(/^Sam, at \d+:\d\d/)).toBeVisible();
  await expect(page.getByRole('link', { name: handover.summary_again_link })).toHaveAttribute('href', '/card/phone');
});

test('the help side of the card is for the helper alone', async ({ page }) => {
  await handsOver(page);
  expect(await page.content()).not.toContain('my blue hat');
  await button(page, filled(handover.about, { name: 'Ali' })).click();
  await expect(page.getByText('my blue hat')).toBeVisible();
  await expect(page.getByText(words('phrases').touch_me)).toBeVisible();
  await button(page, handover.back).click();
  await expect(ringSam(page)).toBeVisible();
});

test('closing time and a wish to go have their own steps, and the call keeps its place', async ({ page }) => {
  await handsOver(page);
  await button(page, filled(handover.next, jo)).click();
  await button(page, handover.closing).click();
  await expect(page.locator('#now')).toHaveText(filled(handover.closing_1, ali));
  await expect(ringJo(page)).toBeVisible();
  await button(page, filled(handover.leaving, ali)).click();
  await expect(page.locator('#now')).toHaveText(filled(handover.leaving_1, ali));
  await page.reload();
  await ready(page);
  await expect(page.locator('#now')).toHaveText(filled(handover.leaving_1, ali));
  await button(page, handover.back).click();
  await expect(page.locator('#now')).toHaveText(filled(handover.now_ring, jo));
});

test('a text says where they are, chosen from the Safe Places or typed', async ({ page, context, server }) => {
  await dialsNowhere(context);
  await handsOver(page);
  await server.kill();
  await ringSam(page).click();
  await button(page, filled(handover.text, sam)).click();
  await page.getByLabel(handover.text_choose).selectOption('Hawthorns House');
  const send = page.getByRole('link', { name: handover.text_send });
  await send.click();
  const expected = (place: string) => `sms:07700900123?&body=${encodeURIComponent(filled(handover.text_body, { ...ali, place }))}`;
  await expect.poll(() => dialled(page)).toBe(expected('Hawthorns House'));
  await page.getByLabel(handover.text_typed).fill('the café & bar');
  await send.click();
  await expect.poll(() => dialled(page)).toBe(expected('the café & bar'));
});

test('a card with nobody to ring still leads somewhere', async ({ page }) => {
  await handsOver(page, { name: 'Ali' });
  await expect(page.locator('#now')).toHaveText(handover.nobody_none);
  await expect(page.locator('.ring--plain')).toHaveAttribute('href', 'tel:101');
});

test('what helped is asked when the end is near, by one tap, and kept as a note without a name', async ({ page, server }) => {
  await handsOver(page);
  await server.kill();
  await expect(page.getByText(handover.log_question)).toHaveCount(0);
  await button(page, filled(handover.leaving, ali)).click();
  await button(page, handover.log_rest).click();
  await expect(page.getByText(handover.log_thanks)).toBeVisible();
  const all = async () => JSON.stringify((await kept(page)).notes ?? {});
  await expect.poll(all).toContain('kept-company');
  expect(await all()).not.toMatch(/Ali|Sam|07700/);
});
