// Everyone can use it: no findings of axe on any page, in any look; nothing wider than a small
// phone; everything large enough for a finger, and help by one key.
import type { Page } from '@playwright/test';
import { findingsOnAll, tooWide } from '../harness/axe.ts';
import { ALI as WHOLE, keepsCard } from '../harness/card.ts';
import { type CardTyped, installs, makesCard, opens } from '../harness/person.ts';
import { png } from '../harness/pictures.ts';
import { ROUTES } from '../harness/routes.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const files = words('files');
const ALI: CardTyped = {
  name: 'Ali',
  may: ['find it hard to speak', 'get lost'],
  please: ['give me time', 'stay with me'],
  needs: 'I use a hearing aid. Please face me.',
  contact: { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' },
};

/** The whole app in one look: on every page the same is expected. */
async function everyPage(page: Page, look: (page: Page) => Promise<void>): Promise<void> {
  const found: string[] = [];
  const check = async (where: string) => {
    await look(page);
    found.push(...(await findingsOnAll(page)).map((finding) => `${where} – ${finding}`));
    const over = await tooWide(page);
    if (over > 0) found.push(`${where} – ${over} px too wide`);
  };
  for (const { path } of ROUTES) {
    await opens(page, path);
    await check(path);
  }
  await opens(page, '/');
  await page.locator('button.pill').click();
  await check('languages');
  expect(found).toEqual([]);
}

const LOOKS: Record<string, { before?: (page: Page) => Promise<void>; look?: (page: Page) => Promise<void> }> = {
  'in light colours': {},
  'in dark colours': { before: (page) => page.emulateMedia({ colorScheme: 'dark' }) },
  'with more contrast': { before: (page) => page.emulateMedia({ contrast: 'more' }) },
  'from right to left': { before: (page) => page.evaluate(() => localStorage.setItem('language', 'ar-XB')) },
  'on a phone 320 px wide': { before: (page) => page.setViewportSize({ width: 320, height: 640 }) },
  'with words twice as large': {
    look: (page) => page.evaluate(() => void (document.documentElement.style.fontSize = '200%')),
  },
};

for (const [name, { before, look }] of Object.entries(LOOKS)) {
  test(`axe finds nothing on any page ${name}`, async ({ page, server, watch }) => {
    await installs(page);
    await server.kill();
    watch.expect(/ERR_/);
    await before?.(page);
    await everyPage(page, look ?? (async () => {}));
  });

  test(`axe finds nothing on the card or in a report ${name}`, async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    await before?.(page);
    const found: string[] = [];
    const check = async (where: string) => {
      await look?.(page);
      found.push(...(await findingsOnAll(page)).map((finding) => `${where} – ${finding}`));
      const over = await tooWide(page);
      if (over > 0) found.push(`${where} – ${over} px too wide`);
    };
    for (const path of ['/card', '/card/edit', '/help', '/', '/card/paper', '/card/phone', '/card/scan', '/card/backup', '/card/edit/may', '/card/edit/contacts', '/card/edit/check', '/card/carer/give']) {
      await opens(page, path);
      await check(path);
    }
    await page.context().grantPermissions(['geolocation']);
    await page.context().setGeolocation({ latitude: 52.5019, longitude: -1.9679, accuracy: 24 });
    for (const [path, there] of [['/help/near', '.near'], ['/help/text', '.message'], ['/help/lost/ask', '.sign__line'], ['/help/lost/near', '.told']]) {
      await opens(page, path);
      await page.locator('.whereabouts').click();
      await expect(page.locator(there).first()).toBeVisible();
      await check(`${path} with a position`);
    }
    await opens(page, '/card/scan');
    await page.locator('main .button--main').click();
    await expect(page.locator('.scan')).toBeVisible();
    await check('/card/scan, switched on');
    await opens(page, '/card/picture');
    await page.locator('.choice__input').first().check();
    await expect(page.locator('.lock-picture')).toBeVisible();
    await check('/card/picture, ticked');
    await opens(page, '/card/edit/photo');
    await page.locator('#photo-choose').setInputFiles(png(640, 480));
    await expect(page.locator('#photo-keep')).toBeVisible();
    await check('choosing the square of a photo');
    for (const step of await report(page)) {
      await step.go();
      await check(step.name);
    }
    expect(found).toEqual([]);
  });
}

for (const [name, { before, look }] of Object.entries(LOOKS)) {
  test(`axe finds nothing on a whole card, the board or a helper’s page ${name}`, async ({ page, server }) => {
    await installs(page);
    await keepsCard(page, {
      ...WHOLE,
      symbols: ['hearing', 'lost', 'water'],
      allergies: 'nuts',
      moved: [['photo', 'front'], ['symbols', 'front'], ['dont', 'front'], ['allergies', 'front']],
    });
    await server.kill();
    await before?.(page);
    const found: string[] = [];
    const check = async (where: string) => {
      await look?.(page);
      found.push(...(await findingsOnAll(page)).map((finding) => `${where} – ${finding}`));
      const over = await tooWide(page);
      if (over > 0) found.push(`${where} – ${over} px too wide`);
    };
    const act = (name: string) => page.locator(`[data-act="${name}"]`).click();
    await opens(page, '/card');
    await check('front');
    await opens(page, '/card/board');
    await page.locator('.board__tile').first().click();
    await check('one tile');
    await opens(page, '/card');
    await act('give');
    await expect(page.locator('.amber')).toBeVisible();
    await check('helper, first step');
    await page.evaluate(() => addEventListener('click', (event) => event.preventDefault()));
    await page.locator('.ring').click();
    await act('no-answer');
    await expect(page.locator('.turn__mark--done')).toBeVisible();
    await check('helper, next contact');
    await act('no-answer');
    await check('helper, nobody');
    for (const one of ['about', 'closing', 'leaving', 'fetched']) {
      await act(one);
      await expect(page.locator('[data-act="steps"]')).toBeVisible();
      await check(`helper, ${one}`);
    }
    await act('steps');
    await act('text-0');
    await expect(page.locator('[data-act="send-text"]')).toBeVisible();
    await check('helper, text');
    await page.locator('.give-back').focus();
    await page.keyboard.down('Enter');
    await expect(page.locator('.page--summary')).toBeVisible();
    await page.keyboard.up('Enter');
    await check('given back');
    expect(found).toEqual([]);
  });
}

/** Through a report by what does not change with the language. */
async function report(page: Page) {
  const on = () => page.locator('.actions .button--main').click();
  const question = (n: number) => expect(page.locator('.progress')).toContainText(String(n));
  return [
    { name: 'safety, nothing chosen', go: async () => { await opens(page, '/report'); await on(); await expect(page.locator('.error-summary')).toBeFocused(); } },
    { name: 'role', go: async () => { await page.locator('#others-no').check(); await on(); await question(1); } },
    { name: 'role, nothing chosen', go: async () => { await on(); await expect(page.locator('.error-summary')).toBeFocused(); } },
    { name: 'account', go: async () => { await page.locator('#role-saw').check(); await on(); await page.locator('#account-text').fill('They shouted.'); await expect(page.locator('.field__kept')).toBeVisible(); } },
    { name: 'files', go: async () => { await page.getByRole('button', { name: files.speak }).click(); await expect(page.locator('#files-details')).toBeVisible(); } },
    { name: 'files, one added and one not', go: async () => { await page.locator('#files-choose').setInputFiles([png(64, 64), { name: 'a program.exe', mimeType: '', buffer: Buffer.from('MZ\0') }]); await expect(page.locator('li.report')).toBeVisible({ timeout: 15_000 }); await expect(page.getByRole('alert')).toBeVisible(); } },
    { name: 'account, with a file', go: async () => { await on(); await expect(page.locator('#account-text')).toBeVisible(); } },
    { name: 'when', go: async () => { await on(); await expect(page.locator('#when-day')).toBeVisible(); } },
    { name: 'where', go: async () => { await on(); await page.locator('#where-shop').check(); } },
    { name: 'share', go: async () => { await on(); await page.locator('#share-centre-only').check(); } },
    { name: 'check', go: async () => { await on(); await expect(page.locator('.answers')).toBeVisible(); } },
    { name: 'receipt, waiting', go: async () => { await on(); await expect(page.locator('.receipt__number')).toBeVisible({ timeout: 30_000 }); } },
    { name: 'reports, one waiting', go: async () => { await opens(page, '/reports'); await page.locator('summary').first().click(); } },
  ];
}

test('the first key leads past the header, and help is one Enter away', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: words('common').skip });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  await page.keyboard.press('Tab');
  while (!(await page.locator('.help-door').evaluate((door) => door === document.activeElement))) {
    expect(await page.evaluate(() => document.activeElement?.tagName), 'the keys lead to Help').not.toBe('BODY');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: words('help').title })).toBeFocused();
});

test('every target is large enough for a shaking hand', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await page.setViewportSize({ width: 320, height: 640 });
  const small: string[] = [];
  for (const { path } of ROUTES) {
    await opens(page, path);
    small.push(...(await page.evaluate((path) => {
      const targets = [...document.querySelectorAll<HTMLElement>('a[href], button, .choice, summary, .field__input')];
      const seen = targets.filter((target) => target.checkVisibility() && !target.closest('p') && !target.matches('.skip'));
      const low = seen.filter((target) => target.getBoundingClientRect().height < 43.5);
      return low.map((target) => `${path} ${target.className || target.tagName} ${Math.round(target.getBoundingClientRect().height)} px`);
    }, path)));
  }
  expect(small).toEqual([]);
});
