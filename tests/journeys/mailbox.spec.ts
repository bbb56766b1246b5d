// The answer: it comes by the number alone, on any phone, and shows nothing of the report.
import type { Page } from '@playwright/test';
import { scanned } from '../harness/camera.ts';
import { reportIds } from '../harness/kept.ts';
import { answersAll, goesOn, installs, opens, reaches, seesItSent, sends, writesReport } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { png } from '../harness/pictures.ts';
import { hasVoices, said } from '../harness/voice.ts';
import { filled, words } from '../harness/words.ts';

const common = words('common');
const files = words('files');
const form = words('form');
const mailbox = words('mailbox');
const report = words('report');
const reports = words('reports');
const TWO_CENTRES = `
[[centres]]
id = "north"
name = "North centre"

[[centres]]
id = "south"
name = "South centre"
`;
const ACCOUNT = 'They shouted and spat.';
const ANSWER = 'Thank you for telling us. We have asked the bus company for the pictures.\nSam';

async function looks(page: Page, digits: string): Promise<void> {
  await opens(page, '/mailbox');
  await page.getByLabel(mailbox.code).fill(digits);
  await page.getByRole('button', { name: mailbox.look, exact: true }).click();
}

async function sent(page: Page): Promise<{ digits: string; id: string }> {
  await installs(page);
  await writesReport(page, { phone: 'mine', account: ACCOUNT });
  const digits = await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  return { digits, id };
}

test('an answer is read and written back to, from another phone than the report came from', async ({ browser, page, server, baseURL }) => {
  const { digits, id } = await sent(page);
  server.command('reports', 'mark', id, 'read');
  server.answers(id, ANSWER);

  const other = await browser.newContext({ baseURL });
  const phone = await other.newPage();
  await installs(phone);
  await looks(phone, digits.replace(/(.{5})/g, '$1-'));
  await expect(phone.getByText(mailbox.stage_read)).toBeVisible({ timeout: 30_000 });
  await expect(phone.locator('.letter__text')).toHaveText(ANSWER);
  expect(await phone.locator('html').innerHTML()).not.toContain('spat');

  const box = phone.getByLabel(mailbox.write);
  await phone.getByRole('button', { name: mailbox.write_send, exact: true }).click();
  await expect(phone.getByText(mailbox.write_empty)).toBeVisible();
  await box.fill('It was the 74, at ten past three.');
  await phone.getByRole('button', { name: mailbox.write_send, exact: true }).click();
  await expect(phone.getByText(mailbox.write_sent, { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(phone.locator('.letter')).toHaveCount(2);
  await expect(box).toHaveValue('');
  expect(server.messages(id).join()).toContain('It was the 74, at ten past three.');
  await other.close();
});

test('a message that could not go stays in its box, and goes once', async ({ page, server }) => {
  const { digits, id } = await sent(page);
  await looks(page, digits);
  await expect(page.getByText(mailbox.no_letters)).toBeVisible({ timeout: 30_000 });
  await server.kill();
  const box = page.getByLabel(mailbox.write);
  await box.fill('One thing more.');
  const send = page.getByRole('button', { name: mailbox.write_send, exact: true });
  await send.click();
  await expect(page.getByText(mailbox.write_failed)).toBeVisible({ timeout: 30_000 });
  await expect(box).toHaveValue('One thing more.');
  await server.start();
  await send.click();
  await expect(page.getByText(mailbox.write_sent, { exact: true })).toBeVisible({ timeout: 30_000 });
  expect(server.messages(id)).toHaveLength(1);
});

test('a message that was changed after its answer was lost is another message, and both arrive', async ({ network, page, server }) => {
  const { digits, id } = await sent(page);
  await looks(page, digits);
  await expect(page.getByText(mailbox.no_letters)).toBeVisible({ timeout: 30_000 });
  const mend = network.loseAnswers(/messages/);
  const box = page.getByLabel(mailbox.write);
  const send = page.getByRole('button', { name: mailbox.write_send, exact: true });
  await box.fill('I can talk on Monday.');
  await send.click();
  await expect(page.getByText(mailbox.write_failed)).toBeVisible({ timeout: 30_000 });
  mend();
  await box.fill('I can talk on Monday. Do not ring my home.');
  await send.click();
  await expect(page.getByText(mailbox.write_sent, { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(box).toHaveValue('');
  const messages = server.messages(id).map((message) => message.trim()).sort();
  expect(messages).toEqual(['I can talk on Monday.', 'I can talk on Monday. Do not ring my home.']);
});

test('a report is taken back with its number, here and there; one that was passed on is not', async ({ page, server }) => {
  const { id } = await sent(page);
  await opens(page, '/reports');
  await page.getByRole('link', { name: reports.mailbox }).first().click();
  await expect(page.getByText(mailbox.stage_received)).toBeVisible({ timeout: 30_000 });
  server.command('reports', 'mark', id, 'read');
  // An answer that comes while the question is open does not close it.
  await page.getByRole('button', { name: mailbox.look_again }).click();
  await page.getByRole('button', { name: mailbox.withdraw, exact: true }).click();
  await expect(page.locator('[aria-current="step"]')).toContainText(mailbox.stage_read, { timeout: 30_000 });
  await page.getByRole('dialog').getByRole('button', { name: mailbox.withdraw, exact: true }).click();
  await expect(page.getByText(mailbox.withdrawn)).toBeVisible({ timeout: 30_000 });
  expect(server.stored()).toBe(0);
  await opens(page, '/reports');
  await expect(page.getByRole('heading', { name: reports.empty_title })).toBeVisible();

  await writesReport(page, { phone: 'mine', account: ACCOUNT });
  const digits = await sends(page);
  await seesItSent(page);
  const [other] = await reportIds(page);
  server.command('reports', 'mark', other, 'passed-on');
  await looks(page, digits);
  await expect(page.getByText(mailbox.stage_passed_on)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(mailbox.passed_on_note)).toBeVisible();
  await expect(page.getByRole('button', { name: mailbox.withdraw, exact: true })).toHaveCount(0);
});

test('a phone that keeps the number says that there is an answer, until it was read', async ({ page, server }) => {
  const { id } = await sent(page);
  const look = page.locator('.report').getByRole('link', { name: reports.mailbox });
  const answered = page.locator('.report').getByRole('link', { name: reports.answered });
  await opens(page, '/reports');
  await expect(look).toBeVisible();
  server.answers(id, ANSWER);
  await opens(page, '/reports');
  await expect(answered).toBeVisible({ timeout: 30_000 });
  await answered.click();
  await expect(page.locator('.letter__text')).toHaveText(ANSWER, { timeout: 30_000 });
  await opens(page, '/reports');
  const asked = page.waitForResponse(/\/api\/mailboxes\//);
  await asked;
  await expect(look).toBeVisible();
  await page.waitForTimeout(300);
  await expect(answered).toHaveCount(0);
  server.answers(id, 'One thing more.');
  await opens(page, '/reports');
  await expect(answered).toBeVisible({ timeout: 30_000 });
});

test('the number is read aloud digit by digit, and a camera reads it as digits and nothing else', async ({ page, server }) => {
  await hasVoices(page, [{ lang: 'en-GB', localService: true }]);
  await installs(page);
  await server.kill();
  await writesReport(page, { phone: 'watched', account: ACCOUNT });
  const digits = await sends(page);
  await page.getByRole('button', { name: reports.receipt_say }).click();
  const spoken = (await said(page)).filter((line) => line !== 'cancel').join();
  expect(spoken.replace(/\D/g, '')).toBe(digits);
  expect(spoken).toMatch(/: (\d \d \d \d\. ){5}\d \d \d \d$/);
  await page.getByText(reports.receipt_scan).click();
  expect((await scanned(page.locator('.scan')))?.replaceAll(' ', '')).toBe(digits);
});

test('what is told later belongs to the earlier report for the centre, and to nobody for the server', async ({ page, server }) => {
  const { digits, id } = await sent(page);
  await looks(page, digits);
  await page.getByRole('link', { name: mailbox.more, exact: true }).click({ timeout: 30_000 });
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  // Whoever told once is not asked everything again.
  await reaches(page, form['account.label']);
  await goesOn(page);
  await expect(page.locator('.error-summary')).toBeVisible();
  await page.getByRole('textbox', { name: form['account.label'] }).fill('It happened again.');
  await goesOn(page);
  await reaches(page, report.check_title);
  await expect(page.getByText(report.follows)).toBeVisible();
  await sends(page);
  await seesItSent(page);
  const later = (await reportIds(page)).find((other) => other !== id)!;
  const first = server.mailboxOf(digits);
  expect(server.opened(later).follows).toBe(first);
  expect(server.command('reports', 'show', id)).toContain(first);
  expect(server.command('reports', 'show', later)).not.toContain(first);
  expect(server.command('reports', 'show', first)).toContain(id);
  expect(Object.keys(server.opened(later).answers)).toEqual(['account']);

  // Whoever turns away before beginning, and tells of something else later, adds to nothing.
  await looks(page, digits);
  await page.getByRole('link', { name: mailbox.more, exact: true }).click({ timeout: 30_000 });
  await page.getByRole('link', { name: common.home }).click();
  await page.locator('main a[href="/report"]').click();
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await reaches(page, form['role.label']);

  // What was begun stands in nobody's way who adds; and the two stay apart where their writer wants it so.
  await looks(page, digits);
  await page.getByRole('link', { name: mailbox.more, exact: true }).click({ timeout: 30_000 });
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await page.getByRole('textbox', { name: form['account.label'] }).fill('Something else.');
  await goesOn(page);
  await page.getByRole('button', { name: report.follows_not }).click();
  await expect(page.getByText(report.follows)).toBeHidden();
  // On its own, it needs what every report needs.
  await page.getByRole('button', { name: report.send }).click();
  await expect(page.locator('.error-summary').getByRole('link')).toHaveCount(2);
  const changes = (question: string) => page.getByRole('button', { name: filled(report.change_what, { question }) });
  await changes(form['role.label']).click();
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await changes(form['share.label']).click();
  await page.getByRole('radio', { name: form['share.centre-only'] }).check();
  await goesOn(page);
  await sends(page);
  await seesItSent(page);
  const third = (await reportIds(page)).find((other) => other !== id && other !== later)!;
  expect(server.opened(third).follows).toBeUndefined();
});

test('evidence is added from any phone, with the number and nothing else, for the centre that has the report', async ({ browser, page, server, baseURL }) => {
  await server.servesCentres(TWO_CENTRES);
  await installs(page);
  await opens(page, '/report');
  await page.getByRole('radio', { name: 'South centre' }).check();
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await answersAll(page, { phone: 'mine', account: ACCOUNT });
  const digits = await sends(page);
  await seesItSent(page);
  const [first] = await reportIds(page);

  const other = await (await browser.newContext({ baseURL })).newPage();
  await installs(other);
  await looks(other, digits);
  await other.getByRole('link', { name: mailbox.more_files }).click({ timeout: 30_000 });
  await expect(other.getByRole('radio', { name: 'South centre' })).toBeChecked();
  await other.getByRole('radio', { name: report.others_no }).check();
  await goesOn(other);
  await reaches(other, files.title);
  await other.locator('#files-choose').setInputFiles({ name: 'plate.txt', mimeType: 'text/plain', buffer: Buffer.from('AB12 CDE') });
  await expect(other.getByText('plate.txt', { exact: true })).toBeVisible();
  await other.getByRole('button', { name: files.done }).click();
  await reaches(other, report.check_title);
  // More can be told, question after question.
  await other.getByRole('button', { name: new RegExp(`^${form['section.who']}`) }).click();
  await reaches(other, form['how-many.label']);
  await goesOn(other);
  await reaches(other, form['known.label']);
  await other.getByRole('button', { name: common.back, exact: true }).click();
  await other.getByRole('button', { name: common.back, exact: true }).click();
  await reaches(other, report.check_title);
  await sends(other);
  await seesItSent(other);
  const [later] = await reportIds(other);
  expect(later).not.toBe(first);
  await expect.poll(() => server.command('reports', 'show', later!)).toContain('south');
  await other.context().close();
});

test('the first page says that there is an answer, and nothing where reporting is hidden from it', async ({ page, server }) => {
  const { id } = await sent(page);
  server.answers(id, ANSWER);
  await opens(page, '/');
  const notice = page.getByText(reports.answered, { exact: true });
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => localStorage.setItem('reports', 'hidden'));
  await opens(page, '/');
  await page.waitForTimeout(3_000);
  await expect(notice).toBeHidden();
  await page.evaluate(() => localStorage.removeItem('reports'));
  await opens(page, '/');
  await expect(notice).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: reports.mailbox }).click();
  await page.getByRole('link', { name: reports.answered }).click({ timeout: 30_000 });
  await expect(page.locator('.letter__text')).toHaveText(ANSWER, { timeout: 30_000 });
  await page.goBack();
  await page.getByRole('link', { name: common.home, exact: true }).click();
  await expect(notice).toBeHidden();
});

test('a photo of the code opens the mailbox, in browsers that read codes', async ({ page, server }) => {
  const { digits } = await sent(page);
  await page.addInitScript((rawValue) => {
    const found = sessionStorage.getItem('nothing') ? [] : [{ rawValue }];
    Object.assign(globalThis, { BarcodeDetector: class { detect = async () => found; } });
  }, digits);
  await opens(page, '/mailbox');
  await page.locator('#mailbox-scan').setInputFiles(png(8, 8));
  await expect(page.getByText(mailbox.stage_received)).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => sessionStorage.setItem('nothing', '1'));
  await opens(page, '/mailbox');
  await page.locator('#mailbox-scan').setInputFiles(png(8, 8));
  await expect(page.getByText(mailbox.scan_nothing).first()).toBeVisible();
  expect(server.stored()).toBe(1);
});
