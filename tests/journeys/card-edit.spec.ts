// Making the card: by keys alone, one thing a page, with pictures and people in the holder's order,
// with photos of every kind; by oneself, and with somebody's help.
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { Keys } from '../harness/keys.ts';
import { cardIsKept, cardOf, installs, makesCard, opens, ready } from '../harness/person.ts';
import { broken, heic, photo, type Picture, png, pretender } from '../harness/pictures.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const card = { ...words('card'), ...words('card_edit') };
const photos = words('photo');
const phrases = words('phrases');
const pictograms = words('pictograms');
const SAM = { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' };

async function heading(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

test('a first card takes fewer than 120 keys, one a second for two minutes', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card');
  const keys = new Keys(page);
  await keys.reach('a[href="/card/edit"]');
  await keys.press('Enter');
  await heading(page, card.title);
  await keys.reach('#name');
  await keys.type('Ali');
  await keys.reach('#contact-0');
  await keys.type('Sam');
  await keys.reach('#contact-0-telephone');
  await keys.type('07700 900 123');
  await keys.reach('.actions .button--main');
  await keys.press('Enter');
  await heading(page, 'Ali');
  await expect(page.getByRole('link', { name: filled(card.ring, { name: 'Sam' }) })).toBeVisible();
  await cardIsKept(page, ({ name, contacts }) => name === 'Ali' && contacts[0].telephone === '07700 900 123');
  console.log(`first card: ${keys.pressed} keys`);
  expect(keys.pressed).toBeLessThan(120);
});

test('what was typed last is not lost by going on at once', async ({ page }) => {
  await opens(page, '/card/edit');
  await page.locator('#name').fill('Al');
  await page.locator('#name').pressSequentially('i Khan');
  await page.evaluate(() => document.querySelector<HTMLElement>('a[href="/card/edit/may"]')!.click());
  await heading(page, card.title_may);
  await page.locator('#may-0').fill('hum');
  await page.evaluate(() => document.querySelector<HTMLElement>('a[href="/card/edit"]')!.click());
  await heading(page, card.title);
  await expect(page.locator('#name')).toHaveValue('Ali Khan');
  await cardIsKept(page, ({ name, may }) => name === 'Ali Khan' && may[0] === 'hum');
});

test('ready phrases and own words stand in the order the holder gives them', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', contact: SAM });
  await opens(page, '/card/edit/may');
  await page.getByLabel(phrases.get_lost).check();
  await page.locator('#may-1').fill('hum');
  await page.getByLabel(phrases.panic, { exact: true }).check();
  await cardIsKept(page, ({ may }) => may.join() === 'ready:get-lost,hum,ready:panic');
  await page.locator('#may-2-up').click();
  await expect(page.locator('#may-1-up')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#may-0-down')).toBeFocused();
  await cardIsKept(page, ({ may }) => may.join() === 'ready:panic,ready:get-lost,hum');

  await page.getByLabel(phrases.forget, { exact: true }).check();
  await expect(page.getByText(card.lines_full)).toBeVisible();
  await expect(page.getByLabel(phrases.not_hear)).toBeDisabled();
  await page.locator('#may-1-remove').click();
  await expect(page.getByLabel(phrases.get_lost)).not.toBeChecked();
  await expect(page.getByLabel(phrases.not_hear)).toBeEnabled();
  await cardIsKept(page, ({ may }) => may.join() === 'ready:panic,hum,ready:forget');

  await opens(page, '/card');
  await expect(page.locator('.card').getByText(phrases.panic, { exact: true })).toBeVisible();
});

test('a part moved to the helper is off the front, and one moved to the front is on it', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', may: ['hum'], needs: 'I need a quiet room', contact: SAM });
  const front = async () => JSON.stringify((await kept(page)).front);
  expect(await front()).toContain('hum');
  expect(await front()).not.toContain('quiet room');

  await opens(page, '/card/edit/may');
  await page.locator('#layer-help').check();
  await cardIsKept(page, ({ moved }) => moved.join() === 'may,help');
  await opens(page, '/card/edit/needs');
  await expect(page.locator('#layer-help')).toBeChecked();
  await page.locator('#layer-front').check();
  await cardIsKept(page, ({ moved }) => moved.length === 2);
  expect(await front()).not.toContain('hum');
  expect(await front()).toContain('quiet room');
  // What is private is chosen behind its lock, not here.
  await expect(page.locator('#layer-private')).toHaveCount(0);
});

test('pictures of needs are tapped, nine at most', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card/edit/symbols');
  const all = page.locator('.edit-symbols input');
  expect(await all.count()).toBeGreaterThanOrEqual(24);
  for (let at = 0; at < 9; at++) await all.nth(at).check();
  await expect(all.nth(9)).toBeDisabled();
  await cardIsKept(page, ({ symbols }) => symbols.length === 9);
  await all.nth(0).uncheck();
  await expect(all.nth(9)).toBeEnabled();
  await expect(page.getByText(pictograms.wheelchair)).toBeVisible();
});

test('people to ring change places, and who is away stays on the card', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', contact: SAM });
  await opens(page, '/card/edit/contacts');
  await page.getByRole('button', { name: card.add_contact }).click();
  await expect(page.locator('#contact-1')).toBeFocused();
  await page.locator('#contact-1').fill('Jo');
  await page.locator('#contact-1-telephone').fill('07700 900 456');
  await page.locator('#contact-1-agreed').check();
  await page.locator('#contact-1-up').click();
  await cardIsKept(page, ({ contacts }) => contacts.map(({ name }) => name).join() === 'Jo,Sam');
  await expect(page.locator('#contact-0-agreed')).toBeChecked();
  await page.locator('#contact-0-not-now').check();
  await cardIsKept(page, ({ contacts }) => contacts[0].not_now);
  await opens(page, '/card');
  await expect(page.getByRole('link', { name: /Jo/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: /Sam/ })).toBeVisible();
  await opens(page, '/card/edit/contacts');
  await page.locator('#contact-1-not-now').check();
  await expect(page.getByText(card.problem_nobody_now)).toBeVisible();
});

test('letters in a number and endless words are kept, and the page says what would help', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  const endless = 'word '.repeat(400).trim();
  await makesCard(page, { name: 'Ali', may: [endless], contact: { name: 'Sam', telephone: 'ask mum' } });
  await expect(page.getByText(filled(card.problem_telephone, { number: '1' }))).toBeVisible();
  const tooLong = page.getByRole('link', { name: filled(card.problem_too_long, { what: card.title_may }) });
  await tooLong.click();
  await expect(page.locator('#may-0')).toHaveValue(endless);
  await page.reload();
  await expect(page.locator('#may-0')).toHaveValue(endless);
  await page.locator('.notice a').click();
  await expect(page.locator('#may-0')).toBeFocused();
  expect(await cardOf(page)).toMatchObject({ may: [endless], contacts: [{ telephone: 'ask mum' }] });
});

for (const name of ['🦋 Ali 🇵🇰', 'علي خان', '👩‍👩‍👧‍👦']) {
  test(`a card for ${name} shows the name as it was typed`, async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, { name, contact: SAM });
    await expect(page.locator('#name')).toHaveValue(name);
    await page.getByRole('link', { name: card.done }).click();
    await heading(page, name);
  });
}

/** Chooses a file as the photo. */
async function chooses(page: Page, picture: Picture): Promise<void> {
  await opens(page, '/card/edit/photo');
  await page.locator('#photo-choose').setInputFiles(picture);
}

/** What is known of the one photo that is kept. */
async function keptPhoto(page: Page) {
  const { photos: all, card: typed } = await kept(page);
  const [id] = Object.keys(all);
  expect(Object.keys(all)).toEqual([(typed.card as { photo: string }).photo]);
  const bytes = await page.evaluate(async (id) => {
    const opening = indexedDB.open('safe-place');
    const database = await new Promise<IDBDatabase>((done) => (opening.onsuccess = () => done(opening.result)));
    const reading = database.transaction('photos').objectStore('photos').get(id);
    await new Promise((done) => (reading.onsuccess = done));
    database.close();
    return Array.from(new Uint8Array(reading.result));
  }, id);
  return { id, bytes: Buffer.from(bytes) };
}

test('a photo is cut square and small, without the place where it was taken', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', contact: SAM });
  await opens(page, '/card/edit/photo');
  await chooses(page, await photo(page, 'GPS 52.51 -1.99'));
  // By keys alone: nearer, and all the way to the left, where it is red.
  await page.locator('#photo-closer').focus();
  await page.keyboard.press('End');
  await page.locator('#photo-across').focus();
  await page.keyboard.press('Home');
  await page.locator('#photo-keep').press('Enter');
  const image = page.getByRole('img', { name: filled(card.photo_of, { name: 'Ali' }) });
  await expect(image).toBeVisible();
  await cardIsKept(page, ({ photo }) => photo !== undefined && photo !== null);
  const first = await keptPhoto(page);
  expect(first.bytes.length).toBeLessThanOrEqual(40 * 1024);
  expect(first.bytes.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(first.bytes.includes('GPS 52.51')).toBe(false);
  const look = await image.evaluate((image: HTMLImageElement) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const [red, , blue] = context.getImageData(160, 160, 1, 1).data;
    return { size: [canvas.width, canvas.height], isRed: red > 150 && blue < 80 };
  });
  expect(look).toEqual({ size: [320, 320], isRed: true });

  // Another photo takes its place, and the first is let go of.
  await chooses(page, png(640, 480));
  await page.locator('#photo-keep').click();
  await cardIsKept(page, ({ photo }) => photo !== first.id);
  await expect.poll(async () => Object.keys((await kept(page)).photos).length).toBe(1);
  expect((await keptPhoto(page)).id).not.toBe(first.id);
  await page.locator('#photo-remove').click();
  await expect.poll(async () => Object.keys((await kept(page)).photos)).toEqual([]);
});

test('a photo follows the finger', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await chooses(page, png(1200, 600));
  const canvas = page.getByRole('img', { name: photos.cropper });
  const box = (await canvas.boundingBox())!;
  await expect(page.locator('#photo-across')).toHaveValue('50');
  await page.mouse.move(box.x + 50, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 250, box.y + 100, { steps: 4 });
  await page.mouse.up();
  expect(Number(await page.locator('#photo-across').inputValue())).toBeLessThan(10);
});

test('a photo of 50 megapixels becomes a small one', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await chooses(page, png(8160, 6144));
  await page.locator('#photo-keep').click({ timeout: 60_000 });
  await cardIsKept(page, ({ photo }) => typeof photo === 'string');
  expect((await keptPhoto(page)).bytes.length).toBeLessThanOrEqual(40 * 1024);
});

const REFUSED: Record<string, [() => Picture, string]> = {
  'what would not fit into the memory': [() => png(20_000, 20_000, true), photos.too_large],
  'a HEIC photo that the browser cannot open': [heic, photos.unknown],
  'a photo that broke off': [broken, photos.damaged],
  'a text called photo.jpg': [pretender, photos.not_a_picture],
};

for (const [what, [picture, sentence]] of Object.entries(REFUSED)) {
  test(`${what} is refused in plain words, and the photo before it stays`, async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await chooses(page, png(640, 480));
    await page.locator('#photo-keep').click();
    await expect(page.locator('#photo-remove')).toBeVisible();
    const before = await keptPhoto(page);
    await page.locator('#photo-choose').setInputFiles(picture());
    await expect(page.getByText(sentence)).toBeVisible();
    await expect(page.locator('#photo-remove')).toBeVisible();
    expect((await keptPhoto(page)).id).toBe(before.id);
  });
}

test('a carer is told whose card it is, asks who agreed, and gives the phone back', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card/edit');
  await page.getByRole('link', { name: card.carer }).click();
  await heading(page, card.carer_title);
  await expect(page.getByText(card.carer_here)).toBeVisible();
  await page.getByRole('link', { name: card.carer_begin }).click();
  await heading(page, card.title_carer);
  await page.getByLabel(card.name_carer).fill('Ali');
  await page.locator('#contact-0').fill('Sam');
  await page.locator('#contact-0-telephone').fill('07700 900 123');
  await expect(page.locator('a[href="/settings/locks"], a[href*="report"]')).toHaveCount(0);
  await page.getByRole('link', { name: card.finish }).click();
  await heading(page, filled(card.give_title, { name: 'Ali' }));
  await expect(page.getByText(filled(card.give_ask, { names: 'Sam' }))).toBeVisible();
  await expect(page.locator('a[href*="lock"]')).toHaveCount(0);
  await page.goBack();
  await heading(page, card.title_carer);
  await page.goForward();
  await page.getByRole('link', { name: card.give_show }).click();
  await heading(page, 'Ali');
  // Nobody but the holder says that all of it is right.
  await cardIsKept(page, ({ checked }) => checked === null || checked === undefined);
  expect((await page.goto('/card/carer/check'))?.ok()).toBe(true);
  await ready(page);
  await heading(page, words('unknown').title);
});

test('after a year the holder is asked to look the card over, and never on the card itself', async ({ page, server }) => {
  await page.clock.install({ time: new Date('2026-03-01T10:00:00') });
  await page.clock.resume();
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', contact: SAM });
  await page.getByRole('link', { name: card.done }).click();
  await cardIsKept(page, ({ checked }) => typeof checked === 'number');
  await opens(page, '/');
  await expect(page.getByText(card.due_title)).toHaveCount(0);

  await page.clock.setSystemTime(new Date('2027-03-05T10:00:00'));
  for (const path of ['/', '/card/more', '/card/edit']) {
    await opens(page, path);
    await expect(page.getByText(card.due_title)).toBeVisible();
  }
  await opens(page, '/card');
  await heading(page, 'Ali');
  await expect(page.getByText(card.due_title)).toHaveCount(0);
  await opens(page, '/card/more');
  await page.getByRole('link', { name: card.due_check }).click();
  await heading(page, card.title_check);
  await expect(page.getByText('1 March 2026')).toBeVisible();
  await page.getByRole('button', { name: card.check_all }).click();
  await expect(page.getByText(card.check_thanks)).toBeVisible();
  await expect(page.getByText('5 March 2027')).toBeVisible();
  await opens(page, '/');
  await expect(page.getByText(card.due_title)).toHaveCount(0);
});

test('Back goes from a thing to the card, and the page for more leads to each of them', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card/more');
  const paths = ['/card/edit', '/card/usual-places', '/card/paper', '/card/picture', '/card/phone', '/card/backup', '/card/private', '/settings/locks', '/card/carer'];
  for (const path of paths) await expect(page.locator(`main a[href="${path}"]`)).toHaveCount(1);
  await page.locator('main a[href="/card/edit"]').click();
  await heading(page, card.title);
  await page.getByRole('link', { name: new RegExp(card.title_calms) }).click();
  await heading(page, card.title_calms);
  await page.goBack();
  await heading(page, card.title);
  await page.goBack();
  await heading(page, card.more);
});
