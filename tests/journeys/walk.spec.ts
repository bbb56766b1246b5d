// A carer's or partner's walk: after something was told on a phone, every screen in a fresh tab, and all
// that lies on it, is as it was before.
import { type BrowserContext, type Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { shown, stored } from '../harness/left.ts';
import { setsPin, tries } from '../harness/locks.ts';
import { beginsReport, goesOn, installs, opens, reaches, ready, seesItSent, seesItWaiting, sends } from '../harness/person.ts';
import { ROUTES } from '../harness/routes.ts';
import type { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import { filesTelling, printed, tellsAsWorker, toldIn } from '../harness/told.ts';
import { words } from '../harness/words.ts';

const common = words('common');
const form = words('form');
const locks = words('locks');
const report = words('report');
const reports = words('reports');
const settings = words('settings');

const PIN = '294617';

/** What each screen says, and what is ticked and typed on it, once it has come to rest. */
type Screens = Record<string, string>;

async function reads(page: Page): Promise<string> {
  const look = () =>
    page.evaluate(() => {
      const fields = [...document.querySelectorAll('input, textarea')] as HTMLInputElement[];
      const given = fields.map(({ id, checked, value }) => `${id} ${checked} ${value}`);
      return [document.title, document.body.innerText, ...given].join('\n');
    });
  let last = '';
  await expect(async () => {
    const before = last;
    last = await look();
    expect(last).toBe(before);
    expect(last).not.toContain(common.loading);
    // The title follows the heading a little later.
    expect(last.split('\n')[0]).toContain(await page.locator('h1').first().innerText());
  }).toPass({ intervals: [80] });
  return last;
}

/** Browsers offer at moments of their own to install the app: here none does. */
const offersNothing = (context: BrowserContext) =>
  context.addInitScript(() => {
    addEventListener('beforeinstallprompt', (event) => event.stopImmediatePropagation(), true);
    // It is asked for a card as well, and whether it promises goes by how much a site is used.
    if ('storage' in navigator) navigator.storage.persist = async () => false;
  });

/** Walks through every screen in a fresh tab. */
async function walks(context: BrowserContext, looks: (page: Page, path: string) => Promise<void> = async () => {}): Promise<Screens> {
  const page = await context.newPage();
  const screens: Screens = {};
  for (const { path } of ROUTES) {
    await opens(page, path);
    screens[path] = await reads(page);
    await looks(page, path);
  }
  await page.close();
  return screens;
}

/** The same after something was told, each screen loaded a second time: neither words nor number are found. */
async function searches(context: BrowserContext, digits: string): Promise<Screens> {
  const found: string[] = [];
  const looks = (where: string, text: string) => {
    const told = toldIn(text);
    if (text.replace(/\D/g, '').includes(digits)) told.push('the number');
    found.push(...told.map((word) => `${where}: ${word}`));
  };
  const screens = await walks(context, async (page, path) => {
    looks(path, await shown(page));
    await page.reload();
    await ready(page);
    looks(`${path}, loaded again`, await shown(page));
    if (path === '/reports') looks('kept', await stored(page));
  });
  expect(found).toEqual([]);
  return screens;
}

/** The names of all that lies on the phone, and its settings. */
async function lies(context: BrowserContext): Promise<unknown> {
  const page = await context.newPage();
  await opens(page, '/');
  const records = Object.entries(await kept(page)).map(([store, all]) => [store, Object.keys(all)]);
  const others = await page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
  }));
  await page.close();
  return { records: Object.fromEntries(records), ...others };
}

/** All of it has gone: the words, and then the file. */
async function hasGone(page: Page, server: Server): Promise<void> {
  await expect.poll(() => server.stored(), { timeout: 30_000 }).toBe(1);
  await expect.poll(async () => Object.keys((await kept(page)).parts).length, { timeout: 30_000 }).toBe(0);
}

test('on a watched phone nobody finds what waits to be sent, and once it has gone, that there was anything', async ({ phone, server }) => {
  test.setTimeout(360_000);
  let page = await phone.on();
  const context = page.context();
  await offersNothing(context);
  const lines = printed(context);
  await installs(page);
  const before = [await walks(context), await lies(context)];

  await server.kill();
  await beginsReport(page, 'watched');
  await tellsAsWorker(page);
  const digits = await sends(page);
  await seesItWaiting(page);
  await page.close();
  const waiting = await searches(context, digits);
  expect(waiting['/reports'], 'that something waits is said').toContain(reports.state_only_here);

  await server.start();
  page = await context.newPage();
  await opens(page, '/');
  await hasGone(page, server);
  await page.close();
  expect([await searches(context, digits), await lies(context)]).toEqual(before);
  expect(toldIn(lines.join('\n')), 'printed').toEqual([]);
  await server.stop();
  expect(filesTelling(server.folder), 'on the server').toEqual([]);
  await phone.off();
  expect(filesTelling(phone.profile), 'in the browser’s files').toEqual([]);
});

const WAYS: Record<string, { before: (page: Page) => Promise<void>; tells: (page: Page) => Promise<string>; after?: (page: Page) => Promise<void> }> = {
  'with the way to reporting hidden': {
    before: async (page) => {
      await opens(page, '/settings');
      await page.getByRole('radio', { name: settings.reports_hidden }).check();
    },
    tells: async (page) => {
      await beginsReport(page, 'watched');
      await tellsAsWorker(page);
      return sends(page);
    },
  },
  'on a shared phone, after Exit': {
    before: async (page) => {
      await opens(page, '/settings');
      await page.getByRole('radio', { name: settings.shared_yes }).check();
    },
    tells: async (page) => {
      await opens(page, '/report');
      await goesOn(page);
      await reaches(page, form['role.label']);
      await tellsAsWorker(page);
      return sends(page);
    },
    after: async (page) => {
      await page.getByRole('button', { name: common.exit }).click();
      await page.waitForURL('**/away');
    },
  },
};

for (const [way, { before, tells, after }] of Object.entries(WAYS)) {
  test(`nobody finds that there was a report: ${way}`, async ({ phone, server }) => {
    test.setTimeout(360_000);
    const page = await phone.on();
    const context = page.context();
    await offersNothing(context);
    await installs(page);
    await before(page);
    const then = [await walks(context), await lies(context)];
    const digits = await tells(page);
    await seesItSent(page);
    await hasGone(page, server);
    await after?.(page);
    await page.close();
    expect([await searches(context, digits), await lies(context)]).toEqual(then);
    await phone.off();
    expect(filesTelling(phone.profile), 'in the browser’s files').toEqual([]);
  });
}

test('behind a PIN, every screen looks as it did before there was a report', async ({ phone, server }) => {
  test.setTimeout(360_000);
  const page = await phone.on();
  const context = page.context();
  await offersNothing(context);
  await installs(page);
  await setsPin(page, 'reports', PIN);
  const before = await walks(context);
  expect(before['/reports']).toContain(locks.unlock_reports);
  await opens(page, '/report');
  await tries(page, PIN);
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await reaches(page, form['role.label']);
  await tellsAsWorker(page);
  const digits = await sends(page);
  await seesItSent(page);
  await expect.poll(() => server.stored(), { timeout: 30_000 }).toBe(1);
  await page.close();
  expect(await searches(context, digits)).toEqual(before);
  await phone.off();
  expect(filesTelling(phone.profile), 'in the browser’s files').toEqual([]);
});
