// Delivery: once, whatever happens on the way and to the server.
import type { BrowserContext, Page } from '@playwright/test';
import { reportIds } from '../harness/kept.ts';
import { beginsReport, goesOn, installs, opens, seesItSent, seesItWaiting, sends, writesReport } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const [form, notice, report, reports] = [words('form'), words('notice'), words('report'), words('reports')];
const told = (account: string) => ({ phone: 'mine', account }) as const;
const REPORT = /^PUT \/api\/reports\//;

test('a report whose answer was lost is sent again and stored once', async ({ network, page, server }) => {
  await installs(page);
  const heal = network.loseAnswers(REPORT);
  await writesReport(page, told('Once only.'));
  await sends(page);
  await expect.poll(() => server.stored()).toBe(1);
  await seesItWaiting(page);
  await server.kill();
  await server.start();
  heal();
  // The courier may be quicker than the finger.
  await page.getByRole('button', { name: reports.try_now }).click({ timeout: 3_000 }).catch(() => {});
  await seesItSent(page);
  expect(network.count(REPORT)).toBeGreaterThan(1);
  expect(server.stored()).toBe(1);
  const [id] = await reportIds(page);
  expect(server.opened(id).answers.account.text).toBe('Once only.');
});

test('a report that a full server can’t take waits, and why is said', async ({ page, server }) => {
  await installs(page);
  await server.hasRoomFor(100);
  await writesReport(page, told('They shouted.'));
  await sends(page);
  await expect(page.getByText(reports.waiting_refused)).toBeVisible();
  await opens(page, '/reports');
  await expect(page.getByText(reports.waiting_refused)).toBeVisible();
  await expect(page.getByText(reports.waiting, { exact: true })).toHaveCount(0);
  expect(server.stored()).toBe(0);
  await server.kill();
  await page.getByRole('button', { name: reports.try_now }).click();
  await expect(page.getByText(reports.waiting, { exact: true })).toBeVisible();
  await server.hasRoomFor();
  await page.getByRole('button', { name: reports.try_now }).click({ timeout: 3_000 }).catch(() => {});
  await expect(page.getByText(reports.state_received)).toBeVisible({ timeout: 30_000 });
  expect(server.stored()).toBe(1);
});

test('what the server has acknowledged survives its sudden death', async ({ page, server }) => {
  await installs(page);
  const ids = new Set<string>();
  for (const account of ['The first.', 'The second.']) {
    await writesReport(page, told(account));
    await sends(page);
    await seesItSent(page);
    await server.kill();
    for (const id of await reportIds(page)) ids.add(id);
    await server.start();
  }
  expect(server.stored()).toBe(2);
  const accounts = Array.from(ids, (id) => server.opened(id).answers.account.text);
  expect(accounts.sort()).toEqual(['The first.', 'The second.']);
});

test('a server restored from yesterday is given again what it has lost, and nothing twice', async ({ page, server }) => {
  await installs(page);
  await sendsOne(page, 'Before the backup.');
  const yesterday = server.backup();
  await sendsOne(page, 'After the backup.');
  expect(server.stored()).toBe(2);
  const ids = await reportIds(page);
  await server.restore(yesterday);
  expect(server.stored()).toBe(1);
  await opens(page, '/reports');
  await expect.poll(() => server.stored()).toBe(2);
  await expect(page.getByText(reports.state_received)).toHaveCount(2);
  await opens(page, '/reports');
  const accounts = ids.map((id) => server.opened(id).answers.account.text);
  expect(accounts.sort()).toEqual(['After the backup.', 'Before the backup.']);
  expect(server.stored()).toBe(2);
});

test('a sample that began again with other keys is said so, and still gets reports', async ({ page, server }) => {
  await installs(page);
  await server.beginAgain();
  await opens(page, '/');
  await expect(page.getByText(notice.keys_changed_title)).toBeVisible();
  await sendsOne(page, 'To the new keys.');
  const [id] = await reportIds(page);
  expect(server.opened(id).answers.account.text).toBe('To the new keys.');
});

test('five tabs have one outbox between them, and each report goes once', async ({ context, network, page, server }) => {
  await installs(page);
  await server.kill();
  for (const account of ['The first.', 'The second.']) {
    await writesReport(page, told(account));
    await sends(page);
    await seesItWaiting(page);
  }
  // Away from the app: no tab tries before all do.
  await page.goto('about:blank');
  const tabs = [page];
  while (tabs.length < 5) tabs.push(await context.newPage());
  await server.start();
  const before = network.count(REPORT);
  await Promise.all(tabs.map((tab) => opens(tab, '/reports')));
  await expect.poll(() => server.stored()).toBe(2);
  for (const tab of tabs) await expect(tab.getByText(reports.state_received)).toHaveCount(2);
  expect(network.count(REPORT) - before).toBe(2);
});

test('a browser with no Background Sync sends when the app is next open', async ({ context, page, server }) => {
  await context.addInitScript(() => void Reflect.deleteProperty(window.ServiceWorkerRegistration?.prototype ?? {}, 'sync'));
  await installs(page);
  await server.kill();
  await writesReport(page, told('Tomorrow, then.'));
  await sends(page);
  await seesItWaiting(page);
  await page.close();
  await server.start();
  await opens(await context.newPage(), '/');
  await expect.poll(() => server.stored()).toBe(1);
});

test.describe('in a browser that allows no service worker', () => {
  test.use({ serviceWorkers: 'block' });

  test('a report is still sealed, kept and sent', async ({ page, server }) => {
    await opens(page, '/');
    await sendsOne(page, 'With what there is.');
    const [id] = await reportIds(page);
    expect(server.opened(id).answers.account.text).toBe('With what there is.');
  });
});

test('what the browser throws away while a report is told is still on the screen, and is kept again', async ({ context, page, server }) => {
  await installs(page);
  await server.kill();
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  const account = page.getByRole('textbox', { name: form['account.label'] });
  await account.fill('They shouted');
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
  await account.pressSequentially(' at me.');
  await expect(account).toHaveValue('They shouted at me.');
  // Of the last letter, too: the next page says it anew.
  await goesOn(page);
  await expect(account).toHaveCount(0);
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  await opens(page, '/report');
  await page.getByRole('button', { name: report.resume }).click();
  await page.getByRole('button', { name: words('common').back, exact: true }).click();
  await expect(account).toHaveValue('They shouted at me.');
});

test('what the browser throws away while a report waits is said, once, and of no report that was deleted', async ({ context, page, server }) => {
  const lost = page.getByText(reports.lost);
  const mark = () => page.evaluate(() => localStorage.getItem('report-waits'));
  await installs(page);
  await server.kill();
  await writesReport(page, told('They shouted.'));
  await sends(page);
  await seesItWaiting(page);
  await opens(page, '/reports');
  await page.getByRole('button', { name: reports.delete, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: reports.delete, exact: true }).click();
  await expect(page.getByText(reports.empty)).toBeVisible();
  await opens(page, '/reports');
  await expect(page.getByText(reports.empty)).toBeVisible();
  await expect(lost).toHaveCount(0);
  expect(await mark()).toBeNull();

  await writesReport(page, { phone: 'watched', account: 'They looked over my shoulder.' });
  await sends(page);
  await seesItWaiting(page);
  expect(await mark()).toBeNull();

  await writesReport(page, told('They shouted again.'));
  await sends(page);
  await seesItWaiting(page);
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes: 'indexeddb' });
  for (const path of ['/reports', '/report']) {
    await opens(page, path);
    await expect(lost).toBeVisible();
  }
  await page.locator('.notice', { has: lost }).getByRole('button').click();
  await expect(lost).toHaveCount(0);
  await opens(page, '/reports');
  await expect(page.getByText(reports.empty)).toBeVisible();
  await expect(lost).toHaveCount(0);
});

async function sendsOne(page: Page, account: string): Promise<void> {
  await writesReport(page, told(account));
  await sends(page);
  await seesItSent(page);
}

test('a Background Sync alone sends what waits, with every page closed', async ({ context, page, server, watch }) => {
  // The worker rejects while something waits: that is how the browser knows to try again.
  watch.expect(/something still waits/);
  await context.grantPermissions(['background-sync']);
  await installs(page);
  await server.kill();
  await writesReport(page, told('Nobody was looking.'));
  await sends(page);
  await seesItWaiting(page);
  const [id] = await reportIds(page);
  const registration = await registrationId(context, page);
  const empty = await context.newPage();
  await page.close();
  await server.start();
  expect(server.stored()).toBe(0);
  const browser = await context.newCDPSession(empty);
  await browser.send('ServiceWorker.enable');
  const origin = watch.home;
  const wake = () => browser.send('ServiceWorker.dispatchSyncEvent', { origin, registrationId: registration, tag: 'outbox', lastChance: false });
  await wake();
  await expect.poll(() => server.stored(), { timeout: 30_000 }).toBe(1);
  expect(server.opened(id).answers.account.text).toBe('Nobody was looking.');
});

async function registrationId(context: BrowserContext, page: Page): Promise<string> {
  const browser = await context.newCDPSession(page);
  const found = new Promise<string>((resolve) => {
    browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations.filter(({ isDeleted }) => !isDeleted);
      if (first) resolve(first.registrationId);
    });
  });
  await browser.send('ServiceWorker.enable');
  return found;
}
