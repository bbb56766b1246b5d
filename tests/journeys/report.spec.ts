// Telling of something that happened: written anywhere, lost nowhere, read by nobody on the way.
import type { Page } from '@playwright/test';
import { kept, reportIds } from '../harness/kept.ts';
import {
  answersAll, answersFromWhere, beginsReport, goesOn, installs, opens, reaches, seesItSent, seesItWaiting, sends, writesReport,
} from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const common = words('common');
const mailbox = words('mailbox');
const report = words('report');
const reports = words('reports');

const ACCOUNT = 'They shouted “go home” & spat.\nZwei Männer, ਦੋ ਆਦਮੀ, رجلان. <b>Not bold</b>';
const TYPED = { phone: 'mine', account: ACCOUNT, whereWords: 'Line 74, near the bridge', day: '2026-11-03' } as const;

const account = (page: Page) => page.getByRole('textbox', { name: report.account_label });

test('a report written offline survives its tab, goes by itself, and only the centre reads it', async ({ context, page, server, watch }) => {
  watch.expect(/the page crashed/);
  await installs(page);
  await context.setOffline(true);
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: report.role_saw }).check();
  await goesOn(page);
  await reaches(page, report.account_label);
  await account(page).fill(ACCOUNT);
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  await expect.poll(async () => JSON.stringify((await kept(page)).draft)).toContain('spat');

  await killTab(page);
  const again = await context.newPage();
  await opens(again, '/report');
  await again.getByRole('button', { name: report.resume }).click();
  await expect(account(again)).toHaveValue(ACCOUNT);
  await goesOn(again);
  await reaches(again, report.when_label);
  await again.getByLabel(report.when_day, { exact: true }).fill(TYPED.day);
  await goesOn(again);
  await answersFromWhere(again, TYPED);
  const digits = await sends(again);
  await seesItWaiting(again);
  const [id] = await reportIds(again);
  expect(server.stored()).toBe(0);

  await context.setOffline(false);
  await seesItSent(again);
  const expected = {
    role: { choice: 'saw' },
    account: { text: ACCOUNT },
    when: { day: TYPED.day },
    where: { choice: 'transport', text: TYPED.whereWords },
    share: { choice: 'centre-only' },
  };
  expect(server.opened(id).answers).toEqual(expected);
  expect(server.openedByAge(id).answers).toEqual(expected);

  await opens(again, '/mailbox');
  await again.getByLabel(mailbox.code).fill(digits);
  await again.getByRole('button', { name: mailbox.look }).click();
  await expect(again.getByText(mailbox.answer_received)).toBeVisible();
});

/** As when the phone needs the memory. */
async function killTab(page: Page): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  browser.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

test('on a phone that others look at, nothing is kept before sending and nothing remains after it', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await beginsReport(page, 'watched');
  await answersAll(page, { ...TYPED, phone: 'watched' });
  const before = await kept(page);
  expect(before.draft).toEqual({});
  expect(JSON.stringify(before)).not.toContain('spat');

  const digits = await sends(page);
  await seesItWaiting(page);
  const waiting = await kept(page);
  expect(Object.keys(waiting.outbox)).toHaveLength(1);
  expect(JSON.stringify(waiting).replace(/\D/g, '')).not.toContain(digits);

  await server.start();
  await page.getByRole('button', { name: reports.try_now }).click();
  await seesItSent(page);
  const after = await kept(page);
  expect([after.draft, after.outbox, after.envelopes]).toEqual([{}, {}, {}]);
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain('spat');
  expect(server.stored()).toBe(1);
  await opens(page, '/reports');
  await expect(page.getByRole('heading', { name: reports.empty_title })).toBeVisible();
});

test('a mistyped number is noticed before anybody is asked', async ({ page, network, server }) => {
  await installs(page);
  await opens(page, '/mailbox');
  const look = async (digits: string) => {
    await page.getByLabel(mailbox.code).fill(digits);
    await page.getByRole('button', { name: mailbox.look }).click();
  };
  await look('1234 5678');
  await expect(page.getByText(mailbox.too_short).first()).toBeVisible();
  await look('1234 5678 9012 3456 7890 1234');
  await expect(page.getByText(mailbox.mistyped).first()).toBeVisible();
  expect(network.count(/mailboxes/)).toBe(0);
  await server.kill();
});

test('what has not been sent can be taken back', async ({ page, context, server }) => {
  await installs(page);
  await context.setOffline(true);
  await writesReport(page, TYPED);
  await sends(page);
  await opens(page, '/reports');
  await expect(page.getByText(reports.state_only_here)).toBeVisible();
  await page.getByRole('button', { name: reports.delete }).click();
  await page.getByRole('dialog').getByRole('button', { name: reports.delete }).click();
  await expect(page.getByRole('heading', { name: reports.empty_title })).toBeVisible();
  const { outbox, envelopes } = await kept(page);
  expect([outbox, envelopes]).toEqual([{}, {}]);
  await context.setOffline(false);
  await installs(page);
  expect(server.stored()).toBe(0);
});

test('a question that must be answered says so, and leads there', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/report');
  await goesOn(page);
  const summary = page.locator('.error-summary');
  await expect(summary).toBeFocused();
  await expect(summary).toContainText(report.others_missing);
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await reaches(page, report.role_label);
  await goesOn(page);
  await expect(summary).toBeFocused();
  await summary.getByRole('link', { name: report.problem_missing }).click();
  await expect(page.getByRole('radio', { name: report.role_me })).toBeFocused();
  await expect(page).toHaveURL(/\/report(#.*)?$/);
});

test('Back means the question before, and loses no answer', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: report.role_someone_else }).check();
  await goesOn(page);
  await account(page).fill('First this, then that.');
  await goesOn(page);
  await reaches(page, report.when_label);
  await page.goBack();
  await expect(account(page)).toHaveValue('First this, then that.');
  await goesOn(page);
  await reaches(page, report.when_label);
  await page.getByRole('button', { name: common.back }).click();
  await page.getByRole('button', { name: common.back }).click();
  await reaches(page, report.role_label);
  await expect(page.getByRole('radio', { name: report.role_someone_else })).toBeChecked();
  await expect(page).toHaveURL('/report');
});

test('an answer changed on the check page comes back to it', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await writesReport(page, TYPED);
  await page.getByRole('button', { name: `Change: ${report.account_label}` }).click();
  await account(page).fill('Something else');
  await goesOn(page);
  await reaches(page, report.check_title);
  await expect(page.getByText('Something else')).toBeVisible();
});

test('Exit leaves nothing on the screen, in Back or in the other tab', async ({ context, page, server }) => {
  await installs(page);
  const other = await context.newPage();
  await opens(other, '/hope');
  await server.kill();
  await beginsReport(page, 'mine');
  await page.getByRole('button', { name: common.exit }).click();
  const closed = words('exit').title;
  for (const tab of [page, other]) {
    await expect(tab).toHaveURL('/away');
    await expect(tab.getByRole('heading', { level: 1, name: closed })).toBeVisible();
  }
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1, name: closed })).toBeVisible();
  await expect(page.getByText(report.role_label)).toHaveCount(0);
  await page.goto('/away');
  await page.getByRole('link', { name: words('exit').open }).click();
  await expect(page).toHaveURL('/');
});
