// What a reporter holds in their hand: the number, and the questions to fill in by pen.
import type { Page } from '@playwright/test';
import { tooWide } from '../harness/axe.ts';
import { standardForm } from '../harness/form.ts';
import { installs, opens, reaches, seesItSent, seesItWaiting, sends, writesReport } from '../harness/person.ts';
import { type Printed, printed } from '../harness/printer.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const common = words('common');
const form = words('form');
const report = words('report');
const reports = words('reports');

/** What belongs to a screen: nobody can press it on paper. */
const CHROME = [common.exit, common.help_now, common.skip, common.back, common.home, reports.print, reports.receipt_say, reports.receipt_scan, reports.try_now];
const A4 = { width: 794, height: 1123 };

/** Nothing of the screen is on it, nothing is cut off by an edge of the paper, or by what it stands in. */
async function isWhole(page: Page, paper: Printed): Promise<void> {
  for (const said of CHROME) expect(paper.text).not.toMatch(new RegExp(`(^| )${said}( |$)`));
  const out = paper.words.filter(({ box: [x0, y0, x1, y1] }) => x0 < 0 || y0 < 0 || x1 > paper.width || y1 > paper.height);
  expect(out).toEqual([]);
  const screen = page.viewportSize()!;
  await page.setViewportSize(A4);
  await page.emulateMedia({ media: 'print' });
  expect(await tooWide(page)).toBeLessThanOrEqual(0);
  const cut = await page.locator('main, main *').evaluateAll((all) =>
    all.filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline').map((one) => `${one.className} ${one.scrollWidth} > ${one.clientWidth}`));
  expect(cut).toEqual([]);
  await page.emulateMedia({ media: null });
  await page.setViewportSize(screen);
}

for (const [when, offline] of [['sent', false], ['still waiting', true]] as const) {
  test(`the receipt of a report ${when} is one sheet with the whole number`, async ({ context, page }) => {
    await installs(page);
    await context.setOffline(offline);
    await writesReport(page, { phone: 'mine', account: 'They shouted.' });
    const digits = await sends(page);
    await (offline ? seesItWaiting : seesItSent)(page);
    const paper = await printed(page);
    expect(paper.pages).toBe(1);
    expect(paper.text).toContain(digits.replace(/(\d{4})(?=\d)/g, '$1 '));
    expect(paper.text).toContain(offline ? reports.receipt_note_waiting : reports.receipt_note);
    expect(paper.text).not.toContain('shouted');
    await isWhole(page, paper);
  });
}

test('the questions can be had on paper, all of them and whole, with no network', async ({ context, page }) => {
  await installs(page);
  await context.setOffline(true);
  await opens(page, '/report');
  await page.getByRole('link', { name: report.paper, exact: true }).click();
  await reaches(page, report.paper_title);
  const paper = await printed(page);
  const questions = standardForm();
  await expect(page.locator('.blank__question')).toHaveCount(questions.length);
  const asked = questions.flatMap(({ id, choices }) => [form[`${id}.label`], form[`${id}.hint`] ?? '', ...choices.map((choice) => form[`${id}.${choice}`])]);
  expect(asked.filter((said) => said === undefined || !paper.text.includes(said))).toEqual([]);
  // Where there is nothing to tick, there is a line to write on.
  const blank = await page.locator('.blank__question').evaluateAll((all) => all.filter((one) => !one.querySelector('.blank__line, .blank__choice')).map((one) => one.textContent));
  expect(blank).toEqual([]);
  await isWhole(page, paper);
});
