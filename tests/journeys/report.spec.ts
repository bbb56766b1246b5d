// Telling of something that happened: written anywhere, lost nowhere, read by nobody on the way.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { kept, reportIds } from '../harness/kept.ts';
import { answersAll, answersFromWhere, beginsReport, goesOn, installs, opens, reaches, saysWhoTakesIt, seesItSent, seesItWaiting, sends, writesReport } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const common = words('common');
const mailbox = words('mailbox');
const form = words('form');
const report = words('report');
const reports = words('reports');

const ACCOUNT = 'They shouted “go home” & spat.\nZwei Männer, ਦੋ ਆਦਮੀ, رجلان. <b>Not bold</b>';
const TYPED = { phone: 'mine', account: ACCOUNT, whereWords: 'Line 74, near the bridge', day: '2026-11-03' } as const;

const account = (page: Page) => page.getByRole('textbox', { name: form['account.label'] });

test('a report written offline survives its tab, goes by itself, and only the centre reads it', async ({ context, page, server, watch }) => {
  watch.expect(/the page crashed/);
  await installs(page);
  await context.setOffline(true);
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await reaches(page, form['account.label']);
  await account(page).fill(ACCOUNT);
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  expect(everything(await kept(page)), 'it lies behind the lock').not.toContain('spat');

  await killTab(page);
  const again = await context.newPage();
  await opens(again, '/report');
  await again.getByRole('button', { name: report.resume }).click();
  await expect(account(again)).toHaveValue(ACCOUNT);
  await goesOn(again);
  await reaches(again, form['when.label']);
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
  await again.getByRole('button', { name: mailbox.look, exact: true }).click();
  await expect(again.getByText(mailbox.stage_received)).toBeVisible({ timeout: 30_000 });
});

/** All that lies on the phone, bytes as the letters they would be. */
function everything(stores: object): string {
  return JSON.stringify(stores, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
}

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
  // It may have gone by itself before the button is reached.
  await page.getByRole('button', { name: reports.try_now }).click({ timeout: 3_000 }).catch(() => {});
  await seesItSent(page);
  const after = await kept(page);
  expect([after.draft, after.outbox, after.envelopes]).toEqual([{}, {}, {}]);
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain('spat');
  expect(server.stored()).toBe(1);
  await opens(page, '/reports');
  await expect(page.getByRole('heading', { name: reports.empty_title })).toBeVisible();
});

test('what lives only in its tab is deleted without a trace', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await writesReport(page, { ...TYPED, phone: 'watched' });
  await page.getByRole('button', { name: report.delete_draft }).click();
  await page.getByRole('dialog').getByRole('button', { name: report.delete_draft }).click();
  await expect(page).toHaveURL('/');
  const { draft, locks } = await kept(page);
  expect([draft, locks]).toEqual([{}, {}]);
});

test('on a phone that several people report with, nobody is asked whose it is, and nothing stays', async ({ page, server }) => {
  await installs(page);
  await opens(page, '/settings');
  await page.getByRole('radio', { name: words('settings').shared_yes }).check();
  await opens(page, '/report');
  await expect(page.getByText(report.shared)).toBeVisible();
  await expect(page.getByRole('radio', { name: report.others_no })).toBeHidden();
  await goesOn(page);
  await page.getByRole('radio', { name: form['role.taking'] }).check();
  await goesOn(page);
  await account(page).fill('They shouted at her.');
  await goesOn(page);
  await page.getByRole('button', { name: report.dont_know }).click();
  await answersFromWhere(page, TYPED);
  await saysWhoTakesIt(page, 'Sam, of the library');
  await sends(page);
  await seesItSent(page);
  const { draft, outbox, envelopes, locks } = await kept(page);
  expect([draft, outbox, envelopes, locks]).toEqual([{}, {}, {}, {}]);
  expect(server.stored()).toBe(1);
});

test('several reports can be under way, and each goes when its writer says so', async ({ context, page, server }) => {
  await installs(page);
  await server.kill();
  const begins = async (text: string) => {
    await page.getByRole('radio', { name: report.others_no }).check();
    await goesOn(page);
    await page.getByRole('radio', { name: form['role.me'] }).check();
    await goesOn(page);
    await account(page).fill(text);
    await expect(page.getByText(report.kept_mine)).toBeVisible();
  };
  await opens(page, '/report');
  await begins('The first one.');
  const other = await context.newPage();
  await opens(other, '/report');
  await other.getByRole('button', { name: report.begin_another }).click();
  await page.close();
  page = other;
  await begins('The second one.');
  await opens(page, '/report');
  const both = page.getByRole('button', { name: report.resume });
  await expect(both).toHaveCount(2);
  await both.first().click();
  await expect(account(page)).toHaveValue('The second one.');
  await opens(page, '/report');
  await page.getByRole('button', { name: report.delete_draft }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: report.delete_draft }).click();
  await expect(both).toHaveCount(1);
  await both.click();
  await expect(account(page)).toHaveValue('The first one.');
});

test('two tabs write at once, and neither loses what the other wrote', async ({ context, page, server }) => {
  await installs(page);
  await server.kill();
  const other = await context.newPage();
  for (const [tab, text] of [[page, 'One.'], [other, 'Two.']] as const) {
    await opens(tab, '/report');
    const anew = tab.getByRole('button', { name: report.begin_another });
    if (tab === other) await anew.click();
    await tab.getByRole('radio', { name: report.others_no }).check();
    await goesOn(tab);
    await tab.getByRole('radio', { name: form['role.me'] }).check();
    await goesOn(tab);
    await account(tab).fill(text);
    await expect(tab.getByText(report.kept_mine)).toBeVisible();
  }
  await Promise.all([account(page).pressSequentially(' And one more'), account(other).pressSequentially(' And two more')]);
  await goesOn(page);
  await goesOn(other);
  await expect(page.getByText(common.not_kept)).toHaveCount(0);
  await opens(page, '/report');
  const texts: string[] = [];
  for (const at of [0, 1]) {
    await opens(page, '/report');
    await page.getByRole('button', { name: report.resume }).nth(at).click();
    await reaches(page, form['when.label']);
    await page.getByRole('button', { name: common.back }).click();
    await expect(account(page)).not.toHaveValue('');
    texts.push(await account(page).inputValue());
  }
  expect(texts.sort()).toEqual(['One. And one more', 'Two. And two more']);
});

test('one draft written on in two tabs keeps what was said in each', async ({ context, page }) => {
  await installs(page);
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await account(page).fill('They shouted.');
  await goesOn(page);
  await reaches(page, form['when.label']);

  const other = await context.newPage();
  await opens(other, '/report');
  await other.getByRole('button', { name: report.resume }).click();
  await reaches(other, form['when.label']);
  await other.getByRole('button', { name: report.dont_know }).click();
  await reaches(other, form['where.label']);
  await other.getByRole('radio', { name: form['where.transport'] }).check();
  await other.getByLabel(form['where.words']).fill('Line 74');
  await goesOn(other);
  await reaches(other, form['share.label']);

  await page.getByRole('button', { name: common.back }).click();
  await account(page).fill('They shouted and spat.');
  await goesOn(page);
  await page.getByRole('button', { name: report.dont_know }).click();
  await reaches(page, form['where.label']);
  await expect(page.getByLabel(form['where.words'])).toHaveValue('Line 74');
  await goesOn(page);
  await page.getByRole('radio', { name: form['share.centre-only'] }).check();
  await goesOn(page);
  await reaches(page, report.check_title);
  for (const said of ['They shouted and spat.', 'Line 74']) await expect(page.locator('.answers')).toContainText(said);
});

test('one draft sent in two tabs is one report, and both show its number', async ({ context, page, server }) => {
  await installs(page);
  await writesReport(page, TYPED);
  const other = await context.newPage();
  await opens(other, '/report');
  await other.getByRole('button', { name: report.resume }).click();
  await reaches(other, report.check_title);
  const digits = await sends(other);
  expect(await sends(page)).toBe(digits);
  await seesItSent(page);
  await seesItSent(other);
  expect(server.stored()).toBe(1);
  const [id, ...others] = await reportIds(page);
  expect(others).toEqual([]);
  await opens(page, '/mailbox');
  await page.getByLabel(mailbox.code).fill(digits);
  await page.getByRole('button', { name: mailbox.look, exact: true }).click();
  await expect(page.getByText(mailbox.stage_received)).toBeVisible({ timeout: 30_000 });
  expect(server.opened(id).answers.account.text).toBe(ACCOUNT);
});

for (const phone of ['mine', 'watched'] as const) {
  test(`a receipt does not say that a report arrived which was deleted in another tab: ${phone}`, async ({ context, page, server }) => {
    await installs(page);
    await context.setOffline(true);
    await writesReport(page, { ...TYPED, phone });
    await sends(page);
    await seesItWaiting(page);
    const other = await context.newPage();
    await opens(other, '/reports');
    await other.getByRole('button', { name: reports.delete }).click();
    await other.getByRole('dialog').getByRole('button', { name: reports.delete }).click();
    await expect(other.getByRole('heading', { name: reports.empty_title })).toBeVisible();
    await reaches(page, reports.not_known_title);
    await context.setOffline(false);
    await installs(other);
    expect(server.stored()).toBe(0);
    await reaches(page, reports.not_known_title);
  });
}

test('a report that was taken back elsewhere before its answer came is not said to be on its way', async ({ browser, baseURL, network, page, server }) => {
  await installs(page);
  const mend = network.loseAnswers(/^PUT .*reports/);
  await writesReport(page, TYPED);
  const digits = await sends(page);
  await expect.poll(() => server.stored()).toBe(1);
  await seesItWaiting(page);
  const list = await page.context().newPage();
  await opens(list, '/reports');
  await list.getByRole('button', { name: reports.delete }).click();
  await expect(list.getByRole('dialog')).toContainText(reports.delete_note_gone);
  await list.close();

  const elsewhere = await (await browser.newContext({ baseURL })).newPage();
  await installs(elsewhere);
  await opens(elsewhere, '/mailbox');
  await elsewhere.getByLabel(mailbox.code).fill(digits);
  await elsewhere.getByRole('button', { name: mailbox.look, exact: true }).click();
  await elsewhere.getByRole('button', { name: mailbox.withdraw, exact: true }).click({ timeout: 30_000 });
  await elsewhere.getByRole('dialog').getByRole('button', { name: mailbox.withdraw, exact: true }).click();
  await expect(elsewhere.getByText(mailbox.withdrawn)).toBeVisible({ timeout: 30_000 });
  await elsewhere.context().close();

  mend();
  await page.getByRole('button', { name: reports.try_now }).click();
  await reaches(page, reports.parked_title);
  await expect(page.getByRole('alert')).toContainText(reports.parked_erased);
  await expect(page.locator('.receipt__number')).toHaveCount(0);
  expect(server.stored()).toBe(0);
});

for (const width of [320, 360, 390]) {
  test(`no group of the number is broken on a phone ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 640 });
    await installs(page);
    await writesReport(page, TYPED);
    await sends(page);
    await seesItSent(page);
    const group = page.locator('.receipt__group');
    await expect(group).toHaveCount(6);
    const lines = await group.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(one).lineHeight)));
    expect(lines.map(Math.round)).toEqual([1, 1, 1, 1, 1, 1]);
  });
}

test('a saved proof of receipt says by itself that the server had the report, also once it was erased', async ({ page, server }, testInfo) => {
  await installs(page);
  await writesReport(page, TYPED);
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  await opens(page, '/reports');
  await page.getByText(reports.proof, { exact: true }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: reports.proof_save }).click();
  const saved = testInfo.outputPath('proof.json');
  await (await saving).saveAs(saved);
  server.command('reports', 'erase', id);
  expect(await server.proves(saved)).toContain(id);
  const proof = readFileSync(saved, 'utf8');
  expect(proof).not.toContain('spat');
  writeFileSync(saved, proof.replace(/"hour":(\d)/, (_, first) => `"hour":${(Number(first) + 1) % 10}`));
  await expect(server.proves(saved)).rejects.toThrow(/proves nothing/);
});

test('a number can be taken off the phone', async ({ page }) => {
  await installs(page);
  await writesReport(page, TYPED);
  const digits = await sends(page);
  await seesItSent(page);
  await opens(page, '/reports');
  await page.getByText(reports.read_it).click();
  await expect(page.locator('.receipt__number')).toBeVisible();
  expect((await page.locator('.receipt__number').innerText()).replace(/\D/g, '')).toBe(digits);
  // Whoever writes it down goes on reading it, whatever else is heard of meanwhile.
  await page.evaluate(() => new BroadcastChannel('safe-place').postMessage({ kind: 'connection', reached: false }));
  await expect(page.getByText(words('notice').offline_title)).toBeVisible();
  await expect(page.locator('.receipt__number')).toBeVisible();
  await page.getByRole('button', { name: reports.forget }).click();
  await page.getByRole('dialog').getByRole('button', { name: reports.forget }).click();
  await expect(page.locator('.receipt__number')).toHaveCount(0);
  await opens(page, '/reports');
  await expect(page.getByText(reports.state_received)).toBeVisible();
  await expect(page.getByText(reports.read_it)).toHaveCount(0);
});

test('a mistyped number is noticed before anybody is asked', async ({ page, network, server }) => {
  await installs(page);
  await opens(page, '/mailbox');
  const look = async (digits: string) => {
    await page.getByLabel(mailbox.code).fill(digits);
    await page.getByRole('button', { name: mailbox.look, exact: true }).click();
  };
  await look('1234 5678');
  await expect(page.getByText(mailbox.too_short).first()).toBeVisible();
  await look('1234 5678 9012 3456 7890 1234');
  await expect(page.getByText(mailbox.mistyped).first()).toBeVisible();
  expect(network.count(/mailboxes/)).toBe(0);
  await server.kill();
});

test('what has not been sent can be taken back', async ({ page, server }) => {
  await installs(page);
  // Not the page's network alone: a service worker may have another.
  await server.kill();
  await writesReport(page, TYPED);
  await sends(page);
  await opens(page, '/reports');
  await expect(page.getByText(reports.state_only_here)).toBeVisible();
  await page.getByRole('button', { name: reports.delete }).click();
  await page.getByRole('dialog').getByRole('button', { name: reports.delete }).click();
  await expect(page.getByRole('heading', { name: reports.empty_title })).toBeVisible();
  const { outbox, envelopes } = await kept(page);
  expect([outbox, envelopes]).toEqual([{}, {}]);
  await server.start();
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
  await reaches(page, form['role.label']);
  await goesOn(page);
  await expect(summary).toBeFocused();
  await summary.getByRole('link', { name: report.problem_missing }).click();
  await expect(page.getByRole('radio', { name: form['role.me'] })).toBeFocused();
  await expect(page).toHaveURL(/\/report(#.*)?$/);
});

test('what was chosen before the first question stays chosen when the folder is read late', async ({ page }) => {
  await page.addInitScript(() => {
    const held: (() => void)[] = [];
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...message: [{ ask?: string }]) {
      const go = () => send.apply(this, message as never);
      if (message[0].ask === 'read' && document.documentElement.dataset['late']) held.push(go);
      else go();
    };
    addEventListener('read-now', () => held.splice(0).forEach((go) => go()));
  });
  await installs(page);
  await opens(page, '/report');
  await page.evaluate(() => (document.documentElement.dataset['late'] = 'yes'));
  await page.getByRole('link', { name: common.home }).click();
  await page.locator('main a[href="/report"]').first().click();
  await expect(page.getByRole('heading', { level: 1, name: report.before_title })).toBeFocused();
  const watched = page.getByRole('radio', { name: report.others_yes });
  await watched.check();
  await page.evaluate(() => dispatchEvent(new Event('read-now')));
  await page.waitForTimeout(300);
  await expect(watched).toBeChecked();
  await expect(watched).toBeFocused();
});

test('Back means the question before, and loses no answer', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.someone-else'] }).check();
  await goesOn(page);
  await account(page).fill('First this, then that.');
  await goesOn(page);
  await reaches(page, form['when.label']);
  await page.goBack();
  await expect(account(page)).toHaveValue('First this, then that.');
  await goesOn(page);
  await reaches(page, form['when.label']);
  await page.getByRole('button', { name: common.back }).click();
  await page.getByRole('button', { name: common.back }).click();
  await reaches(page, form['role.label']);
  await expect(page.getByRole('radio', { name: form['role.someone-else'] })).toBeChecked();
  await expect(page).toHaveURL('/report');
});

test('an answer changed on the check page comes back to it', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await writesReport(page, TYPED);
  await page.getByRole('button', { name: `Change: ${form['account.label']}` }).click();
  await account(page).fill('Something else');
  await goesOn(page);
  await reaches(page, report.check_title);
  await expect(page.getByText('Something else')).toBeVisible();
});

test('whoever wants to tell more is asked what fits their answers, and all of it arrives', async ({ page, server }) => {
  await installs(page);
  await writesReport(page, TYPED);
  const section = (name: string) => page.getByRole('button', { name: form[`section.${name}`] });
  await expect(section('whole-where')).toContainText(report.more_none);

  await section('whole-where').click();
  await reaches(page, form['route.label']);
  await page.getByRole('textbox', { name: form['route.label'] }).fill('74');
  await goesOn(page);
  await reaches(page, form['stop.label']);
  await page.getByRole('button', { name: report.dont_know }).click();
  await reaches(page, form['operator.label']);
  await goesOn(page);
  await reaches(page, form['address.label']);
  await goesOn(page);
  await reaches(page, report.check_title);
  await expect(section('whole-where')).toContainText(filled(report.more_some, { done: '2', count: '4' }));

  await section('why').click();
  await page.getByRole('checkbox', { name: form['why.race'] }).check();
  await page.getByRole('checkbox', { name: form['why.disability'] }).check();
  await page.getByRole('checkbox', { name: form['why.race'] }).uncheck();
  await page.getByLabel(form['why.words']).fill('my chair');
  await goesOn(page);
  await reaches(page, form['why-disability.label']);
  await page.goBack();
  await expect(page.getByRole('checkbox', { name: form['why.disability'] })).toBeChecked();
  await page.getByRole('button', { name: common.back }).click();
  await reaches(page, report.check_title);
  await expect(page.getByText('my chair')).toBeVisible();

  // The bus is taken back: what was said of it does not go.
  await page.getByRole('button', { name: filled(report.change_what, { question: form['where.label'] }) }).click();
  await page.getByRole('radio', { name: form['where.online'] }).check();
  await goesOn(page);
  await reaches(page, report.check_title);
  await expect(page.getByText(form['route.label'])).toHaveCount(0);

  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  expect(server.opened(id).answers).toEqual({
    role: { choice: 'saw' },
    account: { text: ACCOUNT },
    when: { day: TYPED.day },
    where: { choice: 'online', text: TYPED.whereWords },
    share: { choice: 'centre-only' },
    why: { choices: ['disability'], text: 'my chair' },
  });
});

test('an answer that calls for help brings it once, and holds nobody up', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.me'] }).check();
  await goesOn(page);
  await account(page).fill('They will not stop. I don’t  want to live any more.');
  await goesOn(page);
  await reaches(page, form['when.label']);
  const somebody = page.getByRole('link', { name: '116 123' });
  await expect(somebody).toBeVisible();
  await expect(page.getByText(report.sign_distress_title)).toBeVisible();
  const today = new Date().toISOString().slice(0, 10);
  await page.getByLabel(report.when_day, { exact: true }).fill(today);
  await goesOn(page);
  await reaches(page, form['where.label']);
  await expect(somebody).toHaveCount(0);
  await page.getByRole('radio', { name: form['where.transport'] }).check();
  await goesOn(page);
  await expect(page.getByText(report.sign_cameras_title)).toBeVisible();
  await page.getByRole('radio', { name: form['share.centre-only'] }).check();
  await goesOn(page);
  await reaches(page, report.check_title);
  await page.getByRole('button', { name: form['section.effect'] }).click();
  await expect(page.getByText(report.sign_cameras_title)).toHaveCount(0);
  for (let skip = 0; skip < 5; skip++) await page.getByRole('button', { name: report.rather_not }).click();
  await reaches(page, form['afraid-home.label']);
  await page.getByRole('radio', { name: form['afraid-home.yes'] }).check();
  await goesOn(page);
  await expect(page.getByText(report.sign_home_title)).toBeVisible();
  await expect(page.locator('a[href="tel:08082000247"]')).toBeVisible();
});

test('fear of going home and a child are heard in words as well', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.me'] }).check();
  await goesOn(page);
  await account(page).fill('He waits for me. I’m scared to go home with my children.');
  await goesOn(page);
  await reaches(page, form['when.label']);
  await expect(page.getByText(report.sign_home_title)).toBeVisible();
  await expect(page.getByText(report.sign_child_title)).toBeVisible();
  await expect(page.locator('a[href="tel:08001111"]')).toBeVisible();
  await expect(page.getByText(report.sign_distress_title)).toHaveCount(0);
  await page.getByRole('button', { name: report.dont_know }).click();
  await reaches(page, form['where.label']);
  await expect(page.getByText(report.sign_home_title)).toHaveCount(0);
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
  await expect(page.getByText(form['role.label'])).toHaveCount(0);
  await page.goto('/away');
  await page.getByRole('link', { name: words('exit').open }).click();
  await expect(page).toHaveURL('/');
});
