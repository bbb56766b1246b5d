// When the phone can't help: paper, lock screen, the phone's own emergency page, a code, a backup.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { ageFile } from '../harness/age.ts';
import { dots, scanned } from '../harness/camera.ts';
import { kept } from '../harness/kept.ts';
import { type CardTyped, installs, makesCard, opens } from '../harness/person.ts';
import { printed } from '../harness/printer.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const card = words('card');
const keep = words('keep');
const notice = words('notice');

const ALI: CardTyped = {
  name: 'Ali',
  may: ['find it hard to speak', 'get lost'],
  please: ['give me time', 'speak slowly'],
  needs: 'I use a hearing aid.',
  contact: { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' },
};
const SECRET = 'green kettle sings loud';
const MM = 96 / 25.4;

/** The largest card there can be. */
const FULL: CardTyped = {
  ...ALI,
  name: 'W'.repeat(40),
  may: Array.from({ length: 4 }, () => 'be very scared of loud noises and of many people at once'),
  please: Array.from({ length: 4 }, () => 'give me time and a quiet place where nobody talks to me'),
  needs: 'I use a hearing aid. '.repeat(9).trim(),
};

test.describe('on paper', () => {
  test('the card is printed at the size of a bank card, with the front and what was ticked alone', async ({ page, server }) => {
    await installs(page);
    await makesCard(page, ALI);
    await server.kill();
    await opens(page, '/card/paper');
    const { text } = await printed(page);
    for (const line of ['Ali', ...ALI.may!, ...ALI.please!, 'Sam, my sister', '07700 900 123']) expect(text).toContain(line);
    expect(text).not.toContain('hearing');
    for (const chrome of [keep.paper_print, keep.all_title, words('common').i_need_help_now]) expect(text).not.toContain(chrome);
    await page.getByRole('checkbox', { name: keep.part_needs }).check();
    await expect(page.locator('.paper').getByText(ALI.needs!)).toBeVisible();
    const after = await printed(page);
    expect(after.text).toContain(ALI.needs);
    expect(after.pages).toBe(1);
    // A4, in points.
    expect(after.width).toBeCloseTo(595, -0.5);
    expect(after.height).toBeCloseTo(842, -0.5);
    // Both sides lie beside one another, 12 mm from the edge and 6 mm inside the marks.
    const point = 72 / 25.4;
    const [left, top] = [18 * point, 18 * point];
    for (const { text, box: [x0, y0, x1, y1] } of after.words) {
      expect(x0, text).toBeGreaterThanOrEqual(left);
      expect(x1, text).toBeLessThanOrEqual(left + 2 * 85.6 * point);
      expect(y0, text).toBeGreaterThanOrEqual(top);
      expect(y1, text).toBeLessThanOrEqual(top + 53.98 * point);
      const fold = left + 85.6 * point;
      expect(x1 <= fold || x0 >= fold, `${text} does not cross the fold`).toBe(true);
    }
  });

  test('each side measures 85.6 by 53.98 millimetres, and the marks say where to cut', async ({ page, server }) => {
    await installs(page);
    await makesCard(page, ALI);
    await server.kill();
    await opens(page, '/card/paper');
    await page.setViewportSize({ width: 794, height: 1123 });
    await page.emulateMedia({ media: 'print' });
    const box = async (which: string) => (await page.locator(which).boundingBox())!;
    const [front, back, marks] = [await box('.paper__side--front'), await box('.paper__side--back'), await box('.paper__marks')];
    for (const side of [front, back]) {
      expect(side.width / MM).toBeCloseTo(85.6, 1);
      expect(side.height / MM).toBeCloseTo(53.98, 1);
    }
    expect(front.x).toBeCloseTo(back.x + back.width, 0);
    expect((back.x - marks.x) / MM).toBeCloseTo(6, 1);
    expect(marks.width / MM).toBeCloseTo(183.2, 1);
  });

  test('the longest card is set smaller rather than cut off', async ({ page, server }) => {
    await installs(page);
    await makesCard(page, FULL);
    await server.kill();
    await page.setViewportSize({ width: 320, height: 640 });
    await opens(page, '/card/paper');
    await page.getByRole('checkbox', { name: keep.part_needs }).check();
    await expect(page.locator('.paper').getByText(FULL.needs!)).toBeVisible();
    const cut = () => page.locator('.paper__card').evaluateAll((cards) => cards.map((card) => card.scrollHeight - card.clientHeight));
    await expect.poll(async () => Math.max(...(await cut()))).toBeLessThanOrEqual(0);
    const text = (await printed(page)).text.replace(/\s/g, '');
    expect(text.split('givemetimeandaquietplacewherenobodytalkstome')).toHaveLength(5);
    expect(text).toContain('07700900123');
  });

  test('home asks once whether the card is printed, until the holder has answered', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    const prompt = page.getByText(keep.paper_prompt);
    await expect(prompt).toHaveCount(0);
    await makesCard(page, ALI);
    await opens(page, '/');
    await expect(prompt).toBeVisible();
    await page.getByRole('link', { name: keep.paper_prompt_link }).click();
    await page.getByRole('button', { name: keep.paper_done }).click();
    await opens(page, '/');
    await expect(prompt).toHaveCount(0);
  });

  test('"Not now" is an answer, too', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    await opens(page, '/');
    await page.getByRole('button', { name: keep.paper_prompt_later }).click();
    await expect(page.getByText(keep.paper_prompt)).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.getByText(keep.paper_prompt)).toHaveCount(0);
  });
});

/** How many different colours stand between two heights, in hundredths. */
function colours({ width, height, bytes }: Awaited<ReturnType<typeof dots>>, from: number, to: number): number {
  const found = new Set<number>();
  const end = Math.floor((height * to) / 100) * width;
  for (let at = Math.ceil((height * from) / 100) * width; at < end; at += 1) found.add(bytes.readUInt32BE(at * 4));
  return found.size;
}

async function saved(page: Page, button: Locator): Promise<Buffer> {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return readFileSync((await download.path())!);
}

test.describe('on the lock screen', () => {
  test('the picture has the size of the screen, the ticked words, and room for the clock', async ({ page, server }) => {
    await installs(page);
    await makesCard(page, ALI);
    await server.kill();
    await opens(page, '/card/picture');
    const picture = page.locator('.lock-picture');
    await expect(page.getByText(keep.picture_nothing)).toBeVisible();
    const tick = (name: string) => page.getByRole('checkbox', { name, exact: true });
    await tick(keep.part_name).check();
    await tick(keep.part_please).check();
    await expect(picture).toHaveAttribute('alt', /give me time speak slowly/);
    await tick(keep.part_ring).check();
    await expect(picture).toHaveAttribute('alt', /Sam, my sister .*07700 900 123/);
    const alt = (await picture.getAttribute('alt'))!;
    expect(alt).toContain('Ali');
    for (const unseen of [...ALI.may!, ALI.needs!]) expect(alt).not.toContain(unseen);
    const png = await saved(page, page.getByRole('button', { name: keep.picture_save }));
    const found = await dots(page, png);
    expect([found.width, found.height]).toEqual([390 * 2, 844 * 2]);
    expect(colours(found, 0, 29), 'nothing under the clock').toBe(1);
    expect(colours(found, 86, 100), 'nothing at the bottom').toBe(1);
    expect(colours(found, 31, 84), 'words').toBeGreaterThan(10);
    await tick(keep.part_ring).uncheck();
    await expect(picture).not.toHaveAttribute('alt', /Sam/);
    const without = await saved(page, page.getByRole('button', { name: keep.picture_save }));
    expect(without.equals(png), 'what was drawn has changed with what is said').toBe(false);
  });

  test('a card with too much for one picture says so and keeps whom to ring', async ({ page, server }) => {
    await installs(page);
    await makesCard(page, FULL);
    await server.kill();
    await opens(page, '/card/picture');
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    const picture = page.locator('.lock-picture');
    await expect(picture).toHaveAttribute('alt', /07700 900 123/);
    const alt = (await picture.getAttribute('alt'))!;
    const whole = [...FULL.may!, ...FULL.please!].every((line, at, all) => alt.replace(/\s/g, '').split(line.replace(/\s/g, '')).length - 1 >= all.filter((other) => other === line).length);
    await expect(page.getByText(keep.not_all_fits)).toHaveCount(whole ? 0 : 1);
  });
});

test.describe("in the phone's own emergency page", () => {
  test('the front can be copied word by word, and both kinds of phones have their steps', async ({ page, server, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await installs(page);
    await makesCard(page, ALI);
    await server.kill();
    await opens(page, '/card/phone');
    const notes = page.getByLabel(keep.phone_notes);
    await expect(notes).toHaveValue(/Ali\. I may: find it hard to speak, get lost\. Please: give me time, speak slowly\. Ring Sam, my sister: 07700 900 123\./);
    expect(await notes.inputValue()).not.toContain('hearing');
    await page.getByRole('button', { name: keep.copy }).first().click();
    await expect(page.getByText(keep.copied, { exact: true })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await notes.inputValue());
    for (const title of [keep.phone_ios, keep.phone_android, keep.phone_pinning, keep.phone_guided]) {
      await expect(page.getByRole('heading', { level: 2, name: title })).toBeVisible();
    }
    await expect(page.getByRole('heading', { level: 2 }).nth(1)).toHaveText(keep.phone_android);
  });

  test('without a clipboard the words are selected, to be copied by hand', async ({ page, server }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await installs(page);
    await makesCard(page, ALI);
    await server.kill();
    await opens(page, '/card/phone');
    await page.getByRole('button', { name: keep.copy }).first().click();
    await expect(page.getByText(keep.copy_failed)).toBeVisible();
    const selected = await page.getByLabel(keep.phone_notes).evaluate((area: HTMLTextAreaElement) => area.selectionEnd - area.selectionStart);
    expect(selected).toBeGreaterThan(20);
  });
});

test.describe('by scanning', () => {
  test('there is no code until it is switched on, and then a camera reads whom to ring, also at night', async ({ page, server }) => {
    await installs(page);
    await makesCard(page, ALI);
    await server.kill();
    await opens(page, '/card/scan');
    await expect(page.locator('.scan')).toHaveCount(0);
    await page.getByRole('button', { name: keep.scan_on }).click();
    await expect(page.locator('.scan svg')).toBeVisible();
    const expected = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Ali;;;\r\nFN:Ali\r\nTEL:07700900123\r\nNOTE:Please ring Sam\r\nEND:VCARD\r\n';
    expect(await scanned(page.locator('.scan'))).toBe(expected);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await scanned(page.locator('.scan'))).toBe(expected);
    await opens(page, '/card');
    await page.getByRole('link', { name: card.scan, exact: true }).click();
    await expect(page.locator('.scan svg')).toBeVisible();
    await opens(page, '/card/paper');
    await expect(page.locator('.paper__code svg')).toBeVisible();
    await opens(page, '/card/scan');
    await page.getByRole('button', { name: keep.scan_off }).click();
    await expect(page.locator('.scan')).toHaveCount(0);
    await opens(page, '/card');
    await expect(page.locator('.card__give')).toBeVisible();
    await expect(page.locator('.card__scan')).toHaveCount(0);
    await opens(page, '/card/paper');
    await expect(page.locator('.paper__side--back')).toBeVisible();
    await expect(page.locator('.paper__code')).toHaveCount(0);
  });

  for (const name of ['علي بن أحمد', '👍🏽 Zoë; "Z", C\\D', '李小龍']) {
    test(`a camera reads ${name}`, async ({ page, server }) => {
      await installs(page);
      await makesCard(page, { ...ALI, name });
      await server.kill();
      await opens(page, '/card/scan');
      await page.getByRole('button', { name: keep.scan_on }).click();
      await expect(page.locator('.scan svg')).toBeVisible();
      const escaped = name.replace(/[\\;,]/g, (c) => `\\${c}`);
      expect((await scanned(page.locator('.scan')))?.replaceAll('\r\n ', '')).toContain(`FN:${escaped}\r\n`);
    });
  }
});

const PHOTO_ID = 'mfrggzdfmztwq2lknnwg23tpoa';

/** A photo on the card and a usual place, put where the app keeps them. */
async function addsPhotoAndPlace(page: Page): Promise<void> {
  await page.evaluate(async (id) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('safe-place'));
    const stores = database.transaction(['card', 'photos', 'meta'], 'readwrite');
    const cards = stores.objectStore('card');
    await done(cards.put({ ...(await done(cards.get('card'))), photo: id }, 'card'));
    const home = { kind: 'home', name: 'Home', address: '1 High Street', directions: 'Left at the post box', point: { lat: 52.5, lon: -2 } };
    await done(stores.objectStore('meta').put([home], 'usual-places'));
    await done(stores.objectStore('photos').put(Uint8Array.from([0xff, 0xd8, 0xff, 0, 128, 255]), id));
    database.close();
  }, PHOTO_ID);
}

async function makesBackup(page: Page): Promise<Buffer> {
  await opens(page, '/card/backup');
  await page.locator('#make-passphrase').fill(SECRET);
  await page.getByRole('button', { name: keep.backup_make }).click();
  await expect(page.getByText(keep.backup_made)).toBeVisible({ timeout: 60_000 });
  return saved(page, page.getByRole('button', { name: keep.backup_save }));
}

async function putsBack(page: Page, file: Buffer, passphrase = SECRET): Promise<void> {
  await page.locator('#backup-file').setInputFiles({ name: 'card.age', mimeType: 'application/octet-stream', buffer: file });
  await page.locator('#restore-passphrase').fill(passphrase);
  await page.getByRole('button', { name: keep.backup_put_back }).click();
}

/** Asks the worker of the card's lock, as its screens do; the worker ends afterwards, and locks. */
async function asksLock(page: Page, asked: [what: string, a?: unknown][]): Promise<unknown[]> {
  return page.evaluate(async (asked) => {
    const url = document.querySelector<HTMLMetaElement>('meta[name="courier"]')!.content;
    const worker = new Worker(url, { name: 'card' });
    const answers: unknown[] = [];
    for (const [n, [what, a]] of asked.entries()) {
      const given = what === 'keep' ? new TextEncoder().encode(a as string) : a;
      worker.postMessage({ n, ask: 'lock', what, name: 'card', a: given });
      const { data } = await new Promise<MessageEvent>((answered) => { worker.onmessage = answered; });
      if (data.error) throw new Error(data.error);
      answers.push(data.value instanceof Uint8Array ? new TextDecoder().decode(data.value) : data.value);
    }
    worker.terminate();
    return answers;
  }, asked);
}

/** What a backup is for: card, photos, usual places and choices. */
async function carried(page: Page) {
  const stores = await kept(page);
  const photos = Object.entries(stores.photos).map(([id, bytes]) => [id, Object.values(bytes as Uint8Array)]);
  const choices = await page.evaluate(() => ['theme', 'text', 'language'].map((name) => localStorage.getItem(name)));
  return { card: stores.card, front: (stores.front.front as { html: string }).html, photos, choices, places: stores.meta['usual-places'] };
}

test.describe('by a backup', () => {
  test('a card comes back whole after everything was wiped', async ({ page, network }) => {
    await installs(page);
    await makesCard(page, ALI);
    await addsPhotoAndPlace(page);
    await page.evaluate(() => localStorage.setItem('theme', 'dark'));
    const file = await makesBackup(page);
    expect(file.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect(file.includes('Ali') || file.includes('07700'), 'nothing is readable').toBe(false);
    const before = await carried(page);
    expect(before.places).toMatchObject([{ name: 'Home', point: { lat: 52.5 } }]);
    expect(before.photos).toEqual([[PHOTO_ID, [0xff, 0xd8, 0xff, 0, 128, 255]]]);
    await page.goto('about:blank');
    const browser = await page.context().newCDPSession(page);
    await browser.send('Storage.clearDataForOrigin', { origin: network.url, storageTypes: 'all' });
    await installs(page);
    expect((await kept(page)).card).toEqual({});
    await opens(page, '/card/backup');
    await putsBack(page, file);
    await expect(page.getByRole('heading', { level: 1, name: 'Ali' })).toBeVisible({ timeout: 60_000 });
    expect(await carried(page)).toEqual(before);
  });

  test('the private part comes along while it is open, and is missed aloud while it is locked', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    await asksLock(page, [['keep', '{"address":"private words"}']]);
    const file = await makesBackup(page);
    await expect(page.getByText(keep.backup_locked)).toHaveCount(0);
    await asksLock(page, [['read'], ['keep', '{"address":"other words"}']]);
    await opens(page, '/card/backup');
    await putsBack(page, file);
    await page.getByRole('dialog').getByRole('button', { name: keep.backup_replace_yes }).click({ timeout: 60_000 });
    await expect(page.getByRole('heading', { level: 1, name: 'Ali' })).toBeVisible();
    expect(await asksLock(page, [['read']])).toEqual(['{"address":"private words"}']);
    await asksLock(page, [['read'], ['set_pin', '480217']]);
    await makesBackup(page);
    await expect(page.getByText(keep.backup_locked)).toBeVisible();
    await putsBack(page, file);
    await page.getByRole('dialog').getByRole('button', { name: keep.backup_replace_yes }).click({ timeout: 60_000 });
    await expect(page.getByText(keep.backup_private_kept)).toBeVisible();
  });

  test('a browser that cleared the card is noticed, and leads to the backup', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    await page.evaluate(() => new Promise((done) => { indexedDB.deleteDatabase('safe-place').onsuccess = done; }));
    await opens(page, '/');
    await expect(page.getByText(notice.cleared_title)).toBeVisible();
    await page.getByRole('link', { name: keep.cleared_restore }).click();
    await expect(page.getByRole('heading', { level: 1, name: keep.backup_title })).toBeVisible();
  });

  test('putting a backup back asks before it replaces a card', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    const file = await makesBackup(page);
    await makesCard(page, { ...ALI, name: 'Jo' });
    await opens(page, '/card/backup');
    await putsBack(page, file);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(keep.backup_replace_note)).toBeVisible({ timeout: 60_000 });
    await dialog.getByRole('button', { name: keep.backup_replace_no }).click();
    expect(((await kept(page)).card.card as { name: string }).name).toBe('Jo');
    await putsBack(page, file);
    await dialog.getByRole('button', { name: keep.backup_replace_yes }).click({ timeout: 60_000 });
    await expect(page.getByRole('heading', { level: 1, name: 'Ali' })).toBeVisible();
  });

  test('every file that is no good is told in a sentence of its own, and nothing is lost', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    const file = await makesBackup(page);
    const before = await carried(page);
    await opens(page, '/card/backup');
    await page.getByRole('button', { name: keep.backup_put_back }).click();
    await expect(page.getByText(keep.backup_no_file)).toBeVisible();
    const inside = (version: number) => JSON.stringify({ version, made: 0, parts: {} });
    const bad: [string, Buffer, string, string?][] = [
      ['cut short', file.subarray(0, file.length - 20), keep.backup_damaged],
      ['a byte changed', Buffer.concat([file.subarray(0, -1), Buffer.from([file.at(-1)! ^ 1])]), keep.backup_damaged],
      ['other words', file, keep.backup_wrong, 'some other words here'],
      ['a picture', Buffer.from('\x89PNG\r\n'), keep.backup_not_one],
      ['from the future', ageFile(inside(2), SECRET), keep.backup_new_version],
      ['a monstrous work factor', ageFile(inside(1), SECRET, 40), keep.backup_too_much_work],
      ['no card in it', ageFile(inside(1), SECRET), keep.backup_none],
    ];
    for (const [what, bytes, sentence, passphrase] of bad) {
      await putsBack(page, bytes, passphrase);
      await expect(page.getByText(sentence), what).toBeVisible({ timeout: 60_000 });
    }
    expect(await carried(page)).toEqual(before);
  });

  test('short and samey words are said to be weak before a file is locked with them', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    await opens(page, '/card/backup');
    await page.locator('#make-passphrase').fill('red bus');
    await expect(page.getByText(filled(keep.strength_short, { number: '5' }))).toBeVisible();
    await page.getByRole('button', { name: keep.backup_make }).click();
    await expect(page.getByText(keep.backup_short)).toBeVisible();
    await page.locator('#make-passphrase').fill('aaaaaaaaaaaaaaaaaaaa');
    await expect(page.getByText(keep.strength_same)).toBeVisible();
    await page.locator('#make-passphrase').fill(SECRET);
    await expect(page.getByText(keep.strength_strong)).toBeVisible();
  });
});

test('an iPhone tab says first that the home screen keeps the card, and shows its own steps first', async ({ browser, baseURL, server }) => {
  void server;
  const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
  const context = await browser.newContext({ userAgent, baseURL });
  const page = await context.newPage();
  await installs(page);
  await makesCard(page, ALI);
  await opens(page, '/card/backup');
  await expect(page.getByText(keep.add_ios)).toBeVisible();
  await opens(page, '/card/phone');
  await expect(page.getByRole('heading', { level: 2 }).nth(1)).toHaveText(keep.phone_ios);
  await expect(page.getByRole('heading', { level: 2, name: keep.phone_android })).toBeVisible();
  await context.close();
});

test('all of it is one tap from settings', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/settings');
  await page.getByRole('link', { name: keep.all_title }).click();
  for (const path of ['/card/paper', '/card/picture', '/card/phone', '/card/scan', '/card/backup']) {
    await expect(page.locator(`main a[href="${path}"]`)).toBeVisible();
  }
  await page.locator('main a[href="/card/paper"]').click();
  await page.getByRole('link', { name: keep.make_first_link }).click();
  await expect(page.getByRole('heading', { level: 1, name: card.edit_title })).toBeVisible();
});
