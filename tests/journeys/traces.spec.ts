// What was told stays nowhere in the open: after Exit, behind the lock, on a shared phone, once deleted.
import type { Page } from '@playwright/test';
import { findings } from '../harness/axe.ts';
import { kept, reportIds } from '../harness/kept.ts';
import { hides, setsPin, tries } from '../harness/locks.ts';
import { goesOn, installs, opens, reaches, seesItSent, sends } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { LETTER, TOLD, filesTelling, left, printed, tellsAsWorker, toldIn } from '../harness/told.ts';
import { hasMicrophone } from '../harness/voice.ts';
import { filled, words } from '../harness/words.ts';

const common = words('common');
const files = words('files');
const form = words('form');
const locks = words('locks');
const mailbox = words('mailbox');
const report = words('report');
const settings = words('settings');

const PIN = '294617';

/** Begins a report on a phone of one's own, and waits for its first question. */
async function begins(page: Page): Promise<void> {
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await reaches(page, form['role.label']);
}

async function exits(page: Page): Promise<void> {
  await page.getByRole('button', { name: common.exit }).click();
  await page.waitForURL('**/away');
}

async function shares(page: Page): Promise<void> {
  await opens(page, '/settings');
  await page.getByRole('radio', { name: settings.shared_yes }).check();
}

async function beginsShared(page: Page): Promise<void> {
  await opens(page, '/report');
  await expect(page.getByText(report.shared)).toBeVisible();
  await goesOn(page);
  await reaches(page, form['role.label']);
}

test('behind a PIN, nothing that was told is in the open: after Exit, once the lock closed, and once deleted', async ({ phone, server }) => {
  test.slow();
  let page = await phone.on();
  const lines = printed(page.context());
  await installs(page);
  await setsPin(page, 'reports', PIN);
  await opens(page, '/report');
  await tries(page, PIN);
  await reaches(page, report.before_title);
  await begins(page);
  await tellsAsWorker(page);
  expect((await left(page)).sort(), 'the search finds what is open').toEqual([TOLD.account, TOLD.worker, TOLD.where].sort());
  const digits = await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  const sentParts = Object.keys((await kept(page)).parts);

  // Something is written to the centre, and more is told, half-way, with a file.
  await page.goto('/mailbox');
  await tries(page, PIN);
  await page.getByLabel(mailbox.code).fill(digits);
  await page.getByRole('button', { name: mailbox.look, exact: true }).click();
  await page.getByLabel(mailbox.write).fill(TOLD.message);
  expect(await left(page)).toEqual([TOLD.message]);
  await page.getByRole('button', { name: mailbox.write_send, exact: true }).click();
  await expect(page.getByText(mailbox.write_sent, { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: mailbox.more, exact: true }).click();
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await page.getByRole('textbox', { name: form['account.label'] }).fill(TOLD.more);
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  await page.getByRole('button', { name: files.speak }).click();
  await page.locator('#files-choose').setInputFiles([LETTER]);
  await expect(page.locator('li.report')).toContainText(TOLD.file, { timeout: 15_000 });
  await exits(page);
  expect(await left(page), 'after Exit').toEqual([]);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: words('exit').title })).toBeVisible();
  expect(await left(page), 'after Exit, and Back').toEqual([]);

  // Opened again, and out of sight for longer than a minute.
  await page.goto('/away');
  await page.getByRole('link', { name: words('exit').open }).click();
  await page.clock.install();
  await opens(page, '/report');
  expect(await left(page), 'while the PIN is asked for').toEqual([]);
  await tries(page, PIN);
  await page.getByRole('button', { name: report.resume }).click({ timeout: 30_000 });
  await expect(page.getByRole('textbox', { name: form['account.label'] })).toHaveValue(TOLD.more);
  await hides(page, true);
  await page.clock.fastForward(70_000);
  await hides(page, false);
  await expect(page.getByRole('heading', { level: 1, name: locks.unlock_reports })).toBeVisible({ timeout: 30_000 });
  expect(await left(page), 'once the lock closed').toEqual([]);

  await tries(page, PIN);
  await opens(page, '/report');
  await tries(page, PIN);
  await page.getByRole('button', { name: report.delete_draft }).click({ timeout: 30_000 });
  await page.getByRole('dialog').getByRole('button', { name: report.delete_draft }).click();
  const others = async () => Object.keys((await kept(page)).parts).filter((key) => !sentParts.includes(key));
  await expect.poll(others, { message: 'no file of it' }).toEqual([]);
  expect(await left(page), 'once deleted').toEqual([]);

  expect(toldIn(lines.join('\n')), 'printed').toEqual([]);
  expect(server.opened(id).answers.account.text).toBe(TOLD.account);
  await server.stop();
  expect(filesTelling(server.folder), 'on the server').toEqual([]);
  await phone.off();
  expect(filesTelling(phone.profile), 'in the browser’s files').toEqual([]);
  page = await phone.on();
  await opens(page, '/report');
  expect(await left(page), 'in a new browser').toEqual([]);
});

test('on a shared phone nothing stays: sent, left by Back and Exit, or killed half-way', async ({ phone, server }) => {
  test.slow();
  let page = await phone.on();
  const lines = printed(page.context());
  await installs(page);
  await shares(page);

  const nothingStays = async (when: string) => {
    const { draft, outbox, envelopes, parts, locks } = await kept(page);
    expect([draft, outbox, envelopes, parts, locks], when).toEqual([{}, {}, {}, {}, {}]);
    expect(await left(page), when).toEqual([]);
  };

  await beginsShared(page);
  await tellsAsWorker(page);
  expect(await left(page), 'the search finds what is open').toContain(TOLD.worker);
  await sends(page);
  await seesItSent(page);
  // The parts go after the text.
  await expect.poll(async () => Object.keys((await kept(page)).parts).length, { timeout: 30_000 }).toBe(0);
  await nothingStays('sent');
  await page.goBack();
  await nothingStays('sent, and Back');

  await beginsShared(page);
  await tellsAsWorker(page);
  for (let back = 0; back < 12 && new URL(page.url()).pathname === '/report'; back++) await page.goBack();
  await opens(page, '/settings');
  await opens(page, '/reports');
  await expect.poll(async () => Object.keys((await kept(page)).parts).length, { message: 'swept' }).toBe(0);
  await nothingStays('left by Back');

  await beginsShared(page);
  await tellsAsWorker(page);
  await exits(page);
  expect(await left(page), 'after Exit').toEqual([]);
  await page.goBack();
  expect(await left(page), 'after Exit, and Back').toEqual([]);
  await page.goto('/away');
  await page.getByRole('link', { name: words('exit').open }).click();
  await opens(page, '/reports');
  await expect.poll(async () => Object.keys((await kept(page)).parts).length, { message: 'swept' }).toBe(0);
  await nothingStays('opened again after Exit');

  await beginsShared(page);
  await tellsAsWorker(page);
  expect(Object.keys((await kept(page)).parts).length).toBeGreaterThan(0);
  expect(toldIn(lines.join('\n')), 'printed').toEqual([]);
  await phone.kill();
  expect(filesTelling(phone.profile), 'in the files of a browser that was killed').toEqual([]);
  page = await phone.on();
  await opens(page, '/report');
  await expect(page.getByText(report.shared)).toBeVisible();
  await expect(page.getByRole('button', { name: report.resume })).toHaveCount(0);
  await expect.poll(async () => Object.keys((await kept(page)).parts).length, { message: 'swept' }).toBe(0);
  await nothingStays('killed');
  expect(server.stored()).toBe(1);
  await server.stop();
  expect(filesTelling(server.folder), 'on the server').toEqual([]);
});

test('a shared phone that nobody touches asks whether somebody is there, and is left as by Exit', async ({ page }) => {
  await page.clock.install();
  await installs(page);
  await shares(page);
  await beginsShared(page);
  await page.getByRole('link', { name: common.help_now }).click();
  await expect(page).toHaveURL(/\/help$/);
  const asked = page.getByRole('dialog', { name: report.idle_ask });
  await page.clock.fastForward('09:10');
  await expect(asked).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await asked.getByRole('button', { name: report.delete_keep }).click();
  await page.clock.fastForward('08:00');
  await expect(asked).toBeHidden();
  await beginsShared(page);
  await page.clock.fastForward('10:10');
  await expect(page).toHaveURL(/\/away$/);
  await page.getByRole('link', { name: words('exit').open }).click();
  await opens(page, '/report');
  await expect(page.getByText(report.shared)).toBeVisible();
  await expect(page.getByRole('button', { name: report.resume })).toHaveCount(0);
});

test('who speaks to a shared phone for long is there, and is asked after that', async ({ page }) => {
  test.slow();
  await hasMicrophone(page);
  await page.clock.install();
  await installs(page);
  await shares(page);
  await beginsShared(page);
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await page.getByRole('button', { name: files.speak }).click();
  await page.getByRole('button', { name: files.record, exact: true }).click();
  await expect(page.getByText(filled(files.recording, { time: '0:01' }))).toBeVisible();
  await page.clock.runFor('11:00');
  await expect(page.getByText(/ 11:0\d/)).toBeVisible();
  const asked = page.getByRole('dialog', { name: report.idle_ask });
  await expect(asked).toBeHidden();
  await page.getByRole('button', { name: files.stop }).click();
  await expect(page.locator('audio')).toBeVisible();
  await page.clock.fastForward('09:10');
  await expect(asked).toBeVisible();
});

test('under a neutral name, titles, Back and what is installed say nothing, also after the browser was killed', async ({ phone }) => {
  const neutral = words('install').neutral;
  const telling = /safe place|hate|report/i;
  let page = await phone.on();
  await installs(page);
  await opens(page, '/settings');
  await page.getByRole('radio', { name: neutral }).check();
  await opens(page, '/');
  await expect(page).toHaveTitle(neutral);
  // What was gone through before has the titles it had.
  await page.close();
  page = await page.context().newPage();
  const named = async () => {
    const browser = await page.context().newCDPSession(page);
    const manifest = JSON.parse((await browser.send('Page.getAppManifest')).data ?? '{}');
    const { entries } = await browser.send('Page.getNavigationHistory');
    await browser.detach();
    const icons = await page.locator('link[rel~=icon], link[rel=apple-touch-icon]').evaluateAll((all) => all.map((link) => (link as HTMLLinkElement).getAttribute('href')));
    return { name: manifest.name, short: manifest.short_name, manifest: JSON.stringify(manifest), icons, titles: entries.map(({ title }) => title) };
  };
  const saysNothing = async (when: string) => {
    const { name, short, manifest, icons, titles } = await named();
    expect([name, short], when).toEqual([neutral, neutral]);
    expect(manifest, when).not.toMatch(telling);
    expect(new Set(icons), when).toEqual(new Set(['/icons/neutral-192.png']));
    expect(titles.filter((title) => telling.test(title)), when).toEqual([]);
  };
  await opens(page, '/');
  await opens(page, '/report');
  await begins(page);
  await page.getByRole('radio', { name: form['role.me'] }).check();
  await goesOn(page);
  await reaches(page, form['account.label']);
  await saysNothing('in a report');
  await page.goBack();
  await page.goBack();
  await saysNothing('after Back');
  await opens(page, '/reports');
  await saysNothing('on another page');
  // Browsers write settings down some seconds after they were made.
  await page.waitForTimeout(10_000);
  await phone.kill();
  page = await phone.on();
  await page.goto('/reports');
  await expect(page).toHaveTitle(neutral);
  await opens(page, '/reports');
  await saysNothing('after a kill');
});
