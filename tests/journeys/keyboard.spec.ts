// By keyboard alone: every question in every branch, what goes with a report, and sending it.
import type { Page } from '@playwright/test';
import { type Answer, type Answers, branches, standardForm, tellings } from '../harness/form.ts';
import { Keys } from '../harness/keys.ts';
import { reportIds } from '../harness/kept.ts';
import { installs, opens, seesItSent } from '../harness/person.ts';
import type { Picture } from '../harness/pictures.ts';
import { expect, test } from '../harness/test.ts';
import { hasMicrophone } from '../harness/voice.ts';
import { filled, words } from '../harness/words.ts';

const common = words('common');
const files = words('files');
const form = words('form');
const report = words('report');

const FORM = standardForm();
const { told: TELLINGS, taken } = tellings(FORM);
const LETTER: Picture = { name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('It happened on the towpath.') };
const OTHER: Picture = { ...LETTER, name: 'other.txt' };

/** Where a person is: the title has the focus once the page is there. */
async function isAt(page: Page, title: string): Promise<void> {
  await expect(page.locator('h1')).toHaveText(title);
  await expect(page.locator('h1')).toBeFocused();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function answers(page: Page, keys: Keys, id: string, answer: Answer): Promise<void> {
  await isAt(page, form[`${id}.label`]);
  if (answer.choice) await keys.choose(id, `${id}-${answer.choice}`);
  for (const choice of answer.choices ?? []) {
    await keys.reach(`[id="${id}-${choice}"]`);
    await keys.press('Space');
  }
  if (answer.day && answer.time) {
    await keys.reach('#when-day');
    await keys.type(answer.day.split('-').reverse().join(''));
    await keys.reach('#when-time');
    await keys.type(`${answer.time.replace(':', '')}A`);
  }
  if (answer.text) {
    await keys.reach(`#${id}-text`);
    await keys.type(answer.text);
  }
  await keys.follow(button(page, common.continue));
}

async function answersEach(page: Page, keys: Keys, given: Answers): Promise<void> {
  for (const [id, answer] of given) await answers(page, keys, id, answer);
  await isAt(page, report.check_title);
}

/** A file chosen by keys; the phone's own window for it is beyond the app. */
async function addsFile(page: Page, keys: Keys, file: Picture): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), keys.follow(button(page, files.add_from))]);
  await chooser.setFiles(file);
  await expect(page.locator('li.report').filter({ hasText: file.name })).toBeVisible();
}

/** A recording, a file, and another that is taken out again. */
async function shows(page: Page, keys: Keys): Promise<void> {
  await keys.follow('button.row');
  await isAt(page, files.title);
  await addsFile(page, keys, OTHER);
  await addsFile(page, keys, LETTER);
  await keys.follow(button(page, filled(files.delete_what, { name: OTHER.name })));
  await expect(page.locator('li.report')).toHaveCount(1);
  await expect(page.locator('h1')).toBeFocused();
  await keys.follow(button(page, files.record));
  await expect(button(page, files.pause)).toBeFocused();
  await page.waitForTimeout(1_000);
  await keys.follow(button(page, files.stop));
  await keys.follow(button(page, files.add));
  await expect(page.locator('li.report')).toHaveCount(2);
  await keys.follow(button(page, files.done));
  await isAt(page, report.check_title);
}

test('the tellings below take every branch there is', () => {
  expect(FORM.length).toBeGreaterThan(70);
  expect(FORM.flatMap(branches).filter((branch) => !taken.has(branch))).toEqual([]);
  expect(TELLINGS[0].map(({ section }) => section)).toContain('contact');
});

for (const [number, telling] of TELLINGS.entries()) {
  const [core, ...further] = telling;
  const isLast = number === TELLINGS.length - 1;
  const said = (id: string) => core.answers.get(id)?.choice;
  test(`by keys alone, all arrives that is told: ${said('role')}, ${said('where')}`, async ({ page, server }) => {
    test.slow();
    await hasMicrophone(page);
    await installs(page);
    await opens(page, '/');
    const keys = new Keys(page);
    await keys.follow('main a[href="/report"]');
    await isAt(page, report.before_title);
    await keys.choose('others', 'others-no');
    await keys.follow(button(page, common.continue));
    await answersEach(page, keys, core.answers);
    for (const { section, answers: given } of further) {
      const row = page.locator('button.row', { hasText: form[`section.${section}`] });
      // How the person can be reached has a way of its own.
      await keys.follow(number === 0 && section === 'contact' ? button(page, report.hear_say) : row);
      await answersEach(page, keys, given);
      const count = String(given.size);
      await expect(row).toContainText(filled(report.more_some, { done: count, count }));
    }
    if (isLast) await shows(page, keys);
    await keys.follow(button(page, report.send));
    await expect(page.locator('.receipt__number')).toBeVisible({ timeout: 30_000 });
    await seesItSent(page);
    const [id] = await reportIds(page);
    const all = telling.flatMap(({ answers }) => [...answers]);
    expect(server.opened(id).answers).toEqual(Object.fromEntries(all));
    if (!isLast) return;
    await expect.poll(() => server.stored(), { timeout: 30_000 }).toBe(1);
    expect(server.opened(id).enclosed?.files.map(({ name, origin }) => [name, origin])).toEqual([[LETTER.name, 'original'], ['', 'spoken']]);
    expect(server.files(id)[0]).toEqual(LETTER.buffer);
  });
}
