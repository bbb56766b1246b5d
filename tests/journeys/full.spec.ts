// A phone with no room left, or a slow one: it says so in plain words, and nothing that was typed is lost.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { kept, reportIds } from '../harness/kept.ts';
import { beginsReport, goesOn, installs, opens, reaches, seesItSent, sends, writesReport } from '../harness/person.ts';
import { expect, test as base } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const card = words('card_edit');
const common = words('common');
const files = words('files');
const form = words('form');
const report = words('report');

interface Disk {
  /** From now on the browser has all the room it wants. */
  emptied: () => Promise<void>;
  /** It has so many bytes from the first page on. */
  has: (bytes: number) => Promise<void>;
  /** Something else takes what is left. */
  fills: (page: Page) => Promise<void>;
  /** How often the page has begun to write, and why it could not finish. */
  writes: (page: Page) => Promise<string[]>;
}

/** Full from before the first page: a browser trusts for half a minute that there is still room. */
const test = base.extend<{ disk: Disk }>({
  disk: async ({ page, baseURL, watch }, use) => {
    // The offline files do not fit either.
    watch.expect(/quota|Quota/);
    const origin = baseURL ?? '';
    const browser = await page.context().newCDPSession(page);
    await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await page.addInitScript(noteWrites);
    await use({
      has: async (bytes) => void (await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: bytes })),
      fills: (page) => page.evaluate(fill),
      emptied: async () => void (await browser.send('Storage.overrideQuotaForOrigin', { origin })),
      writes: (page) => page.evaluate(() => (globalThis as unknown as { writes: string[] }).writes),
    });
  },
});

function noteWrites(): void {
  const writes: string[] = [];
  Object.assign(globalThis, { writes });
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const begun = begin.call(this, stores, mode, options);
    if (mode === 'readwrite') {
      begun.addEventListener('abort', () => writes.push(begun.error?.name ?? 'aborted'));
      begun.addEventListener('complete', () => writes.push(`kept ${begun.durability}`));
    }
    return begun;
  };
}

async function fill(): Promise<void> {
  const open = indexedDB.open('something-else');
  open.onupgradeneeded = () => void open.result.createObjectStore('all', { autoIncrement: true });
  const database = await new Promise<IDBDatabase>((opened) => (open.onsuccess = () => opened(open.result)));
  for (let size = 1_000_000; size >= 10; ) {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const writing = database.transaction('all', 'readwrite');
    writing.objectStore('all').put(bytes);
    const kept = await new Promise<boolean>((over) => {
      writing.oncomplete = () => over(true);
      writing.onabort = () => over(false);
    });
    if (!kept) size /= 10;
  }
  database.close();
}

test('a card typed on a full phone stays on the screen, and is kept once there is room', async ({ page, disk }) => {
  await opens(page, '/card/edit');
  const name = page.getByLabel(card.name);
  await name.fill('Ali');
  await expect(page.getByText(common.not_kept)).toBeVisible();
  await expect(name).toHaveValue('Ali');
  // Known to be full, not taken for a lost connection: that would have been tried twice.
  expect(await disk.writes(page)).toEqual(['QuotaExceededError']);

  await disk.emptied();
  await name.fill('Ali Sam');
  await expect(page.getByText(card.kept)).toBeVisible();
  await expect(page.getByText(common.not_kept)).toBeHidden();
  expect((await kept(page)).card.card).toMatchObject({ name: 'Ali Sam' });
  expect((await disk.writes(page)).at(-1)).toBe('kept strict');
});

test('a report can be written on a full phone, and is kept once there is room', async ({ page, disk }) => {
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await reaches(page, form['account.label']);
  const account = page.getByRole('textbox', { name: form['account.label'] });
  await account.fill('They shouted.');
  await expect(page.getByText(common.not_kept)).toBeVisible();
  await expect(account).toHaveValue('They shouted.');
  // Looking elsewhere and coming back finds it still in the tab.
  await inApp(page, '/reports');
  await reaches(page, words('reports').title);
  await inApp(page, '/report');
  await page.getByRole('button', { name: report.resume }).click();
  await expect(account).toHaveValue('They shouted.');

  await disk.emptied();
  await account.fill('They shouted at us.');
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  await opens(page, '/report');
  await page.getByRole('button', { name: report.resume }).click();
  await expect(account).toHaveValue('They shouted at us.');
});

test('a phone that fills up while a report is told seals it once there is room', async ({ page, disk, server }) => {
  await disk.has(6_000_000);
  await installs(page);
  await writesReport(page, { phone: 'mine', account: 'They shouted.' });
  await disk.fills(page);
  const send = page.getByRole('button', { name: report.send });
  await send.click();
  await expect(page.getByText(report.cannot_seal_storage)).toBeVisible();
  await expect(page.getByText('They shouted.')).toBeVisible();
  expect(await reportIds(page)).toEqual([]);
  expect(server.stored()).toBe(0);

  await disk.emptied();
  await sends(page);
  await seesItSent(page);
  const [id, ...others] = await reportIds(page);
  expect(others).toEqual([]);
  expect(server.opened(id).answers.account.text).toBe('They shouted.');
});

test('a film that does not fit is refused in words, and the report goes without it', async ({ page, disk, server }) => {
  await disk.has(6_000_000);
  await installs(page);
  await writesReport(page, { phone: 'mine', account: 'They shouted.' });
  await page.locator('button.row').first().click();
  await reaches(page, files.title);
  const film = (size: number) => ({ name: 'film.pdf', mimeType: '', buffer: Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size)]) });
  await page.locator('#files-choose').setInputFiles(film(9_000_000));
  await expect(page.getByRole('alert')).toHaveText(filled(files.full, { name: 'film.pdf' }), { timeout: 30_000 });
  await expect(page.locator('li.report')).toHaveCount(0);
  expect((await kept(page)).parts, 'nothing of it takes room').toEqual({});

  const small = film(300_000);
  await page.locator('#files-choose').setInputFiles(small);
  await expect(page.locator('li.report')).toHaveCount(1, { timeout: 30_000 });
  await page.getByRole('button', { name: files.done }).click();
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  expect(server.opened(id).answers.account.text).toBe('They shouted.');
  expect(server.files(id).map((file) => file.equals(small.buffer))).toEqual([true]);
});

/** What a script does before the page, and before each of its workers. */
const SLOW = `{
  let slow = false;
  new BroadcastChannel('disk').onmessage = ({ data }) => void (slow = data === 'slow');
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...what) {
    const asked = put.apply(this, what);
    const waits = () => void (slow && (this.count().onsuccess = waits));
    waits();
    return asked;
  };
  const { commit } = IDBTransaction.prototype;
  IDBTransaction.prototype.commit = function () {
    if (!slow) commit.call(this);
  };
}`;

base.describe('a phone that takes its time', () => {
  base.use({ serviceWorkers: 'block' });

  base('does not say that it has kept what it is still writing', async ({ context, page }) => {
    await page.addInitScript(SLOW);
    await context.route('**/x/courier-host.*.js', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: SLOW + (await answer.text()) });
    });
    const disk = (how: 'slow' | 'quick') => page.evaluate((how) => new BroadcastChannel('disk').postMessage(how), how);
    await beginsReport(page, 'mine');
    await page.getByRole('radio', { name: form['role.saw'] }).check();
    await goesOn(page);
    const account = page.getByRole('textbox', { name: form['account.label'] });
    const said = page.getByText(report.kept_mine);
    await account.fill('They shouted');
    await expect(said).toBeVisible();
    await disk('slow');
    await account.pressSequentially('!');
    await expect(said).toBeHidden();
    await disk('quick');
    await expect(said).toBeVisible();
    await opens(page, '/report');
    await page.getByRole('button', { name: report.resume }).click();
    await expect(account).toHaveValue('They shouted!');
  });
});

/** Along a link of the app: what is only in the tab stays. */
async function inApp(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    const step = Object.assign(document.createElement('a'), { href: path });
    document.body.append(step);
    step.click();
    step.remove();
  }, path);
}
