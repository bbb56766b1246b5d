// A newer version: comes quietly, waits until nothing is half done, and loses nothing.
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { answersFromWhere, beginsReport, goesOn, installs, makesCard, opens, reaches, ready, sends } from '../harness/person.ts';
import { removeFolder } from '../harness/places.ts';
import { nextRelease } from '../harness/release.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const notice = words('notice');
const form = words('form');
const report = words('report');
const settings = words('settings');
const NEWER = 'Settings of the next version';

/** The browser looks for a newer version, as it does by itself from time to time. */
async function looksForNewer(page: Page): Promise<void> {
  await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  const waits = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state);
  await expect.poll(waits, { message: 'the newer version is on the phone and waits' }).toBe('installed');
}

test('a newer version that comes while a report is half written loses nothing of it', async ({ network, page, server }) => {
  const site = nextRelease(settings.title, NEWER);
  try {
    await installs(page);
    await beginsReport(page, 'mine');
    await page.getByRole('radio', { name: form['role.saw'] }).check();
    await goesOn(page);
    await page.getByRole('textbox', { name: form['account.label'] }).fill('Half of what happ');
    await server.stop();
    await server.start(site);
    const before = network.seen.length;
    await looksForNewer(page);

    const update = page.getByText(notice.update_title);
    await expect(update).toHaveCount(0);
    await page.getByRole('textbox', { name: form['account.label'] }).pressSequentially('ened');
    await goesOn(page);
    await reaches(page, form['when.label']);
    await expect(update).toHaveCount(0);

    const files = network.seen.slice(before).filter((line) => /^GET \/(x\/|icons\/|$)/.test(line));
    expect(files.sort()).toEqual(['GET /', 'GET /x/words-en.nextrelease0.txt']);

    await opens(page, '/settings');
    await expect(page.getByRole('heading', { level: 1, name: settings.title, exact: true })).toBeVisible();
    await server.kill();
    await page.getByRole('button', { name: notice.update_now }).click();
    await expect(page.getByRole('heading', { level: 1, name: NEWER })).toBeVisible();
    await ready(page);

    await opens(page, '/report');
    await page.getByRole('button', { name: report.resume }).click();
    await reaches(page, form['when.label']);
    await page.goBack();
    await expect(page.getByRole('textbox', { name: form['account.label'] })).toHaveValue('Half of what happened');
    await goesOn(page);
    await page.getByRole('button', { name: report.dont_know }).click();
    await answersFromWhere(page, { phone: 'mine', account: '' });
    await sends(page);
    await server.start();
    await opens(page, '/');
    await expect.poll(() => server.stored()).toBe(1);
  } finally {
    removeFolder(site);
  }
});

test('a newer version paints the card anew and keeps what was typed', async ({ page, server }) => {
  const site = nextRelease(settings.title, NEWER);
  try {
    await installs(page);
    await makesCard(page, { name: 'Ali', contact: { name: 'Sam', telephone: '07700 900 123' } });
    await server.stop();
    await server.start(site);
    await looksForNewer(page);
    await expect(page.getByText(notice.update_title)).toHaveCount(0);
    await opens(page, '/');
    await page.getByRole('button', { name: notice.update_now }).click();
    await expect(page.getByText(notice.update_title)).toHaveCount(0);
    await server.kill();
    await opens(page, '/card');
    await expect(page.getByRole('heading', { level: 1, name: 'Ali' })).toBeVisible();
    expect((await kept(page)).card.card).toMatchObject({ name: 'Ali' });
    const versions = await page.evaluate(() => caches.keys());
    expect(versions.filter((name) => name.startsWith('shell-'))).toHaveLength(1);
  } finally {
    removeFolder(site);
  }
});

test('a release that cannot be had in full never replaces one that works', async ({ page, server, watch }) => {
  watch.expect(/cannot be had|Failed to load resource|update.*ServiceWorker/i);
  const site = nextRelease(settings.title, NEWER);
  try {
    await installs(page);
    await server.stop();
    await server.start(site);
    removeFolder(site);
    const update = page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
    await server.kill();
    await update.catch(() => {});
    await opens(page, '/settings');
    await expect(page.getByRole('heading', { level: 1, name: settings.title, exact: true })).toBeVisible();
  } finally {
    removeFolder(site);
  }
});
