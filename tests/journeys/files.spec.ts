// What goes with a report: sealed as it is added, sent after the text, opened by the centre alone.
import { truncateSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { kept, reportIds } from '../harness/kept.ts';
import { answersFromWhere, beginsReport, goesOn, installs, opens, reaches, seesItSent, seesItWaiting, sends } from '../harness/person.ts';
import { type Picture, photo, png, pretender } from '../harness/pictures.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import { hasMicrophone } from '../harness/voice.ts';
import { filled, words } from '../harness/words.ts';

const common = words('common');
const files = words('files');
const form = words('form');
const mailbox = words('mailbox');
const report = words('report');
const reports = words('reports');

const SECRET = 'It happened on the towpath.';
const TAKEN = 'GPS 52.5186 -1.9945 of the camera';
const LETTER: Picture = { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from(SECRET) };

/** On the page of what goes with the report, from what happened. */
async function comesToFiles(page: Page, phone: 'mine' | 'watched'): Promise<void> {
  await beginsReport(page, phone);
  await page.getByRole('radio', { name: form['role.me'] }).check();
  await goesOn(page);
  await page.getByRole('button', { name: files.speak }).click();
  await reaches(page, files.title);
}

async function adds(page: Page, ...chosen: Picture[]): Promise<void> {
  await page.locator('#files-choose').setInputFiles(chosen);
}

const added = (page: Page) => page.locator('li.report');

/** How many records of sealed files lie on the phone. */
async function records(page: Page): Promise<number> {
  return Object.keys((await kept(page)).parts).length;
}

/** From the files to the end, with nothing written of what happened. */
async function tellsTheRest(page: Page): Promise<void> {
  await page.getByRole('button', { name: files.done }).click();
  await reaches(page, form['account.label']);
  await goesOn(page);
  await reaches(page, form['when.label']);
  await page.getByRole('button', { name: report.dont_know }).click();
  await answersFromWhere(page, { phone: 'mine', account: '' });
}

test('a voice, a picture and a letter go with a report, and only the centre opens them', async ({ context, page, server }) => {
  await hasMicrophone(page);
  await installs(page);
  await context.setOffline(true);
  await comesToFiles(page, 'mine');
  await adds(page, await photo(page, TAKEN), LETTER);
  await expect(added(page)).toHaveCount(2, { timeout: 15_000 });

  await page.getByRole('button', { name: files.record, exact: true }).click();
  await page.getByRole('button', { name: files.pause }).click();
  await page.getByRole('button', { name: files.resume }).click();
  await expect(page.getByText(filled(files.recording, { time: '0:01' }))).toBeVisible();
  await page.getByRole('button', { name: files.stop }).click();
  await expect(page.locator('audio')).toBeVisible();
  await page.getByRole('button', { name: files.add, exact: true }).click();
  await expect(added(page)).toHaveCount(3, { timeout: 15_000 });
  await tellsTheRest(page);
  const lies = JSON.stringify(await kept(page), (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
  expect(lies.includes('towpath'), 'it lies there as it was').toBe(false);

  await sends(page);
  await seesItWaiting(page);
  const [id] = await reportIds(page);
  await context.setOffline(false);
  await seesItSent(page);
  const report_ = server.opened(id);
  expect(report_.answers.account).toBeUndefined();
  expect(report_.enclosed?.files.map(({ kind, origin, name }) => ({ kind, origin, name }))).toEqual([
    { kind: 'jpg', origin: 'redrawn', name: '' },
    { kind: 'txt', origin: 'original', name: 'letter.txt' },
    { kind: 'webm', origin: 'spoken', name: '' },
  ]);
  const [picture, letter, voice] = server.files(id);
  expect(letter.toString()).toBe(SECRET);
  expect(picture.subarray(0, 2).toString('hex')).toBe('ffd8');
  expect(picture.includes(TAKEN), 'where it was taken').toBe(false);
  expect(voice.subarray(0, 4).toString('hex')).toBe('1a45dfa3');
});

test('a recording that was not added is not lost by going on, whichever way', async ({ page, server }) => {
  await hasMicrophone(page);
  await installs(page);
  await comesToFiles(page, 'mine');
  const loose = page.getByText(files.loose);
  await page.getByRole('button', { name: files.record, exact: true }).click();
  await expect(page.getByText(filled(files.recording, { time: '0:01' }))).toBeVisible();
  await page.getByRole('button', { name: files.done }).click();
  await expect(loose).toBeVisible();
  await page.getByRole('button', { name: files.stop }).click();
  await expect(page.locator('audio')).toBeVisible();
  await expect(loose).toBeHidden();
  for (const leaves of [() => page.getByRole('button', { name: common.back, exact: true }).click(), () => page.goBack(), () => page.getByRole('button', { name: files.done }).click()]) {
    await leaves();
    await expect(loose).toBeVisible();
    await expect(page.getByRole('button', { name: files.add, exact: true })).toBeFocused();
  }
  await page.getByRole('button', { name: files.add, exact: true }).click();
  await expect(added(page)).toHaveCount(1, { timeout: 15_000 });
  await expect(loose).toBeHidden();
  // One that nobody wants is thrown away, and holds nobody up.
  await page.getByRole('button', { name: files.record, exact: true }).click();
  await page.getByRole('button', { name: files.stop }).click();
  await page.getByRole('button', { name: files.record_again }).click();
  await tellsTheRest(page);
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  expect(server.opened(id).enclosed?.files.map(({ origin }) => origin)).toEqual(['spoken']);
});

async function sendsAPictureAsItIs(page: Page, server: Server, phone: 'mine' | 'watched'): Promise<void> {
  await installs(page);
  await comesToFiles(page, phone);
  await page.getByRole('checkbox', { name: files.details }).uncheck();
  const taken = await photo(page, TAKEN);
  await adds(page, taken);
  await expect(page.getByText(files.original)).toBeVisible({ timeout: 15_000 });
  await page.getByRole('button', { name: files.done }).click();
  await page.getByRole('textbox', { name: form['account.label'] }).fill('They pushed me.');
  await tellsTheRestFromAccount(page);
  await page.context().setOffline(true);
  await sends(page);
  await seesItWaiting(page);
  const [id] = await reportIds(page);
  await page.context().setOffline(false);
  await seesItSent(page);
  await expect.poll(() => server.stored()).toBe(1);
  expect(server.files(id)[0].equals(taken.buffer)).toBe(true);
}

test('a picture keeps its hidden details where its owner wants it so', async ({ page, server }) => {
  await sendsAPictureAsItIs(page, server, 'mine');
});

test('a phone that others look at sends a picture from its tab alone', async ({ page, server }) => {
  await sendsAPictureAsItIs(page, server, 'watched');
});

for (const phone of ['mine', 'watched'] as const) {
  test(`where the browser gives no worker, the page seals a picture itself: ${phone}`, async ({ page, server }) => {
    await page.addInitScript('delete window.Worker');
    await sendsAPictureAsItIs(page, server, phone);
  });
}

test('a browser that draws in pages only draws a picture anew as well', async ({ page }) => {
  await page.addInitScript('delete window.Worker; delete window.OffscreenCanvas');
  await installs(page);
  await comesToFiles(page, 'mine');
  await adds(page, await photo(page, TAKEN));
  await expect(page.getByText(files.redrawn)).toBeVisible({ timeout: 15_000 });
});

test('what was chosen goes with the report, also where its teller goes on while pictures are still drawn', async ({ page, server }) => {
  await installs(page);
  await comesToFiles(page, 'mine');
  await adds(page, ...Array.from({ length: 8 }, () => png(5_000, 4_000)), LETTER);
  await page.getByRole('button', { name: files.done }).click();
  await page.getByRole('textbox', { name: form['account.label'] }).fill('They pushed me.');
  await tellsTheRestFromAccount(page);
  const waits = page.getByText(files.still_sealing);
  await expect(async () => {
    await page.getByRole('button', { name: report.send }).click({ timeout: 1_000 });
    await expect(page.locator('.receipt__number').or(waits)).toBeVisible();
    await expect(waits).toHaveCount(0, { timeout: 100 });
  }).toPass({ timeout: 60_000 });
  await seesItSent(page);
  const [id] = await reportIds(page);
  await expect.poll(() => server.opened(id).enclosed?.files.map(({ kind }) => kind)).toEqual([...Array(8).fill('jpg'), 'txt']);
});

test('a file that could not be added is named on the check page as well', async ({ page }) => {
  await installs(page);
  await comesToFiles(page, 'mine');
  await adds(page, { name: 'game.exe', mimeType: '', buffer: Buffer.from('MZ\x90\x00 a program', 'latin1') });
  const why = filled(files.other_kind, { name: 'game.exe' });
  await expect(page.getByRole('alert')).toHaveText(why);
  await page.getByRole('button', { name: files.done }).click();
  await page.getByRole('textbox', { name: form['account.label'] }).fill('They pushed me.');
  await tellsTheRestFromAccount(page);
  await expect(page.getByRole('alert')).toHaveText(why);
});

async function tellsTheRestFromAccount(page: Page): Promise<void> {
  await goesOn(page);
  await reaches(page, form['when.label']);
  await page.getByRole('button', { name: report.dont_know }).click();
  await answersFromWhere(page, { phone: 'mine', account: '' });
}

test('what should not be sent is refused in words, and nothing of it is kept', async ({ page }, testInfo) => {
  await installs(page);
  await comesToFiles(page, 'mine');
  const named = (name: string, bytes: string): Picture => ({ name, mimeType: '', buffer: Buffer.from(bytes, 'latin1') });
  const bad: [Picture, string][] = [
    [named('nothing.txt', ''), files.empty],
    [named('photo.jpg', 'MZ\x90\x00 a program'), files.other_kind],
    [named('page.svg\u202egpj', '\x00<svg/>'), files.other_kind],
    [png(40_000, 40_000, true), files.pixels],
    [named('cut.jpg', '\xff\xd8\xff\xe0'), files.damaged],
  ];
  for (const [file, why] of bad) {
    await adds(page, file);
    const name = file.name.replace('\u202e', '');
    await expect(page.getByRole('alert')).toHaveText(filled(why, { name }));
  }
  const film = testInfo.outputPath('film.mp4');
  writeFileSync(film, 'x');
  for (const megabytes of [25, 200]) {
    truncateSync(film, megabytes * 1024 * 1024 + 1);
    await page.locator('#files-choose').setInputFiles(film);
    await expect(page.getByRole('alert')).toHaveText(filled(files.too_large, { name: 'film.mp4' }));
    await page.locator('#files-choose').setInputFiles({ name: 'nothing.txt', mimeType: '', buffer: Buffer.alloc(0) });
    await expect(page.getByRole('alert')).toHaveText(filled(files.empty, { name: 'nothing.txt' }));
  }
  await expect(page.getByText(files.none, { exact: true })).toBeVisible();
  expect(await records(page)).toBe(0);
  // Letters that call themselves a photo are letters, and are added as what they are.
  await adds(page, pretender());
  await expect(added(page)).toHaveCount(1);
});

test('files come back with their draft, and go with it', async ({ context, page, watch }) => {
  watch.expect(/the page crashed/);
  await installs(page);
  await comesToFiles(page, 'mine');
  await adds(page, LETTER, { ...LETTER, name: 'second.txt' });
  await expect(added(page)).toHaveCount(2);
  await page.getByRole('button', { name: filled(files.delete_what, { name: 'second.txt' }) }).click();
  await expect(added(page)).toHaveCount(1);
  await expect.poll(() => records(page)).toBe(1);

  await page.close();
  const again = await context.newPage();
  await opens(again, '/report');
  await again.getByRole('button', { name: report.resume }).click();
  await reaches(again, form['account.label']);
  await expect(again.getByText(filled(files.some, { count: '1' }))).toBeVisible();
  expect(await records(again), 'nothing of a draft is swept').toBe(1);
  await opens(again, '/report');
  await again.getByRole('button', { name: report.delete_draft }).click();
  await again.getByRole('dialog').getByRole('button', { name: report.delete_draft }).click();
  await expect.poll(() => records(again)).toBe(0);
});

test('files of a report that lived only in its tab are swept after it, and never under another tab’s hands', async ({ context, page }) => {
  await installs(page);
  await comesToFiles(page, 'watched');
  await adds(page, LETTER);
  await expect(added(page)).toHaveCount(1);
  const other = await context.newPage();
  await opens(other, '/reports');
  await other.waitForTimeout(1_000);
  expect(await records(other), 'while its tab is open').toBe(1);
  await page.close();
  await opens(other, '/settings');
  await opens(other, '/reports');
  await expect.poll(() => records(other)).toBe(0);
});

test('a large file goes on where it broke off, also when the server dies or the app is opened anew', async ({ context, page, server }) => {
  await installs(page);
  await comesToFiles(page, 'mine');
  const large: Picture = { name: 'film.pdf', mimeType: '', buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(9_000_000, 0x5a)]) };
  await adds(page, large);
  await expect(added(page)).toHaveCount(1, { timeout: 30_000 });
  await page.getByRole('button', { name: files.done }).click();
  await page.getByRole('textbox', { name: form['account.label'] }).fill('They pushed me.');
  await tellsTheRestFromAccount(page);
  let chunks = 0;
  await context.route('**/parts/**', async (route) => {
    if (route.request().method() === 'PATCH' && ++chunks === 3) await server.kill();
    await route.continue().catch(() => {});
  });
  await sends(page);
  const [id] = await reportIds(page);
  await expect.poll(() => chunks, { timeout: 30_000 }).toBeGreaterThan(2);
  await server.start();
  await page.close();
  const again = await context.newPage();
  await opens(again, '/reports');
  await again.getByRole('button', { name: reports.try_now }).click({ timeout: 5_000 }).catch(() => {});
  await expect.poll(() => server.stored(), { timeout: 60_000 }).toBe(1);
  await expect(again.getByText(reports.state_received)).toBeVisible({ timeout: 60_000 });
  expect(server.files(id)[0].equals(large.buffer)).toBe(true);
});

test('what the browser throws away while a film goes is said, and the words stay with the centre', async ({ context, network, page, server }) => {
  await installs(page);
  await comesToFiles(page, 'mine');
  await adds(page, { name: 'film.pdf', mimeType: '', buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000_000, 0x5a)]) });
  await expect(added(page)).toHaveCount(1, { timeout: 30_000 });
  await page.getByRole('button', { name: files.done }).click();
  await page.getByRole('textbox', { name: form['account.label'] }).fill('They pushed me.');
  await tellsTheRestFromAccount(page);
  let goesOn: (() => void) | undefined;
  network.onChunk = () => void (goesOn ??= network.holds(/^PATCH /));
  const digits = await sends(page);
  await expect.poll(() => network.held, { timeout: 30_000 }).toBe(1);
  const [id] = await reportIds(page);
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
  goesOn?.();
  await opens(page, '/reports');
  await expect(page.getByText(reports.lost)).toBeVisible();
  expect(await records(page)).toBe(0);

  // The centre sees that it is not whole, and so does whoever has the number; the words are there.
  expect(server.opened(id).answers.account.text).toBe('They pushed me.');
  expect(server.command('reports', 'show', id)).toContain('incomplete: 1 parts');
  await opens(page, '/mailbox');
  await page.getByLabel(mailbox.code).fill(digits);
  await page.getByRole('button', { name: mailbox.look, exact: true }).click();
  await expect(page.getByText(mailbox.incomplete)).toBeVisible({ timeout: 30_000 });
});
