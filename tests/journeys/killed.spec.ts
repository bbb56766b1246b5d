// A browser that dies at any moment: nothing that was said to be saved is lost, and nothing goes twice.
// KILLS=200 SEED=1 for the whole campaign; a sample of it is a journey like the others.
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { reportIds } from '../harness/kept.ts';
import { opens, reaches } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const common = words('common');
const form = words('form');
const report = words('report');
const KILLS = Number(process.env.KILLS ?? 4);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Milliseconds: a machine with nothing else to do has come to the receipt by then, a busy one seldom. */
const LONGEST = 4_500;

/** How far the screen said that the report is safe. */
interface Said {
  /** What was typed when the next question came. */
  account: string;
  /** The receipt was shown. */
  receipt: boolean;
}

test('a browser killed at any moment loses nothing that was said to be saved', async ({ phone, server }) => {
  test.setTimeout(60_000 + KILLS * 60_000);
  const random = drawn(SEED);
  const died = { 'nothing said': 0, 'a part kept': 0, 'the receipt shown': 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    const account = `${kill}. They shouted at me on the bus, and nobody said a word.`;
    const said: Said = { account: '', receipt: false };
    const page = await phone.on();
    await opens(page, '/report');
    const after = random() * LONGEST;
    // What the person still tries on a phone that is dead fails, and is not what this is about.
    const telling = tells(page, account, said).catch(() => {});
    await pause(after);
    await phone.kill();
    await telling;
    died[said.receipt ? 'the receipt shown' : said.account ? 'a part kept' : 'nothing said']++;

    const again = await phone.on();
    const context = `kill ${kill} of seed ${SEED}, after ${Math.round(after)} ms, ${JSON.stringify(said)}`;
    await opens(again, '/report');
    const sealed = (await reportIds(again)).length;
    if (said.receipt) expect(sealed, context).toBe(1);
    if (sealed === 0) {
      const resume = again.getByRole('button', { name: report.resume });
      if (said.account) await expect(resume, context).toBeVisible();
      if (await resume.isVisible()) await resume.click();
      await tells(again, account, { account: '', receipt: false }, (found) => {
        expect(found.startsWith(said.account) && account.startsWith(found), `${context}: ${found}`).toBe(true);
      });
    }
    const [id, ...others] = await reportIds(again);
    expect(others, context).toEqual([]);
    await opens(again, '/reports');
    await expect.poll(() => server.stored(), { message: context, timeout: 30_000 }).toBe(kill);
    expect(server.opened(id).answers.account, context).toEqual({ text: account });
    await phone.renew();
  }
  console.log(`${KILLS} kills, seed ${SEED}:`, died);
});

/** From whatever question is shown to the receipt, as a person does; says what the screen said. */
async function tells(page: Page, account: string, said: Said, seen: (account: string) => void = () => {}): Promise<void> {
  const goOn = page.getByRole('button', { name: common.continue, exact: true });
  const box = page.getByRole('textbox', { name: form['account.label'] });
  const steps: Record<string, () => Promise<void>> = {
    [report.before_title]: async () => {
      await page.getByRole('radio', { name: report.others_no }).check();
      await goOn.click();
    },
    [form['role.label']]: async () => {
      await page.getByRole('radio', { name: form['role.saw'] }).check();
      await goOn.click();
    },
    [form['account.label']]: async () => {
      const found = await box.inputValue();
      seen(found);
      await box.press('End');
      await box.pressSequentially(account.slice(found.length), { delay: 25 });
      await goOn.click();
      await reaches(page, form['when.label']);
      said.account = account;
    },
    [form['when.label']]: async () => page.getByRole('button', { name: report.dont_know }).click(),
    [form['where.label']]: async () => {
      await page.getByRole('radio', { name: form['where.transport'] }).check();
      await goOn.click();
    },
    [form['share.label']]: async () => {
      await page.getByRole('radio', { name: form['share.centre-only'] }).check();
      await goOn.click();
    },
    [report.check_title]: async () => {
      await page.getByRole('button', { name: report.send }).click();
      await expect(page.locator('.receipt__number')).toBeVisible({ timeout: 30_000 });
      said.receipt = true;
    },
  };
  while (!said.receipt) {
    const heading = (await page.getByRole('heading', { level: 1 }).textContent())?.trim() ?? '';
    const step = steps[heading];
    if (!step) throw new Error(`nobody knows "${heading}"`);
    await step();
    await expect(page.getByRole('heading', { level: 1, name: heading, exact: true })).toHaveCount(0);
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
