// A browser that dies at any moment: nothing that was said to be saved is lost, and nothing goes twice.
// KILLS=200 SEED=1 for the whole campaign; a sample of it is a journey like the others.
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { reportIds } from '../harness/kept.ts';
import { opens, reaches } from '../harness/person.ts';
import type { Picture } from '../harness/pictures.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const common = words('common');
const files = words('files');
const form = words('form');
const report = words('report');
const reports = words('reports');
const KILLS = Number(process.env.KILLS ?? 4);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Milliseconds: a machine with nothing else to do has come to the receipt by then, a busy one seldom. */
const LONGEST = 4_500;
/** The same where a film is sealed before and sent after it. */
const LONGEST_WITH_FILM = 8_000;
/** Milliseconds that each chunk of the film is slower on its way, so that sending takes some time. */
const CHUNK = 300;

/** What is told. */
interface Told {
  account: string;
  film?: Picture;
}

/** How far the screen said that the report is safe. */
interface Said {
  /** The film was in the list of what goes with the report. */
  film: boolean;
  /** What was typed when the next question came. */
  account: string;
  /** The receipt was shown. */
  receipt: boolean;
}

const nothing = (): Said => ({ film: false, account: '', receipt: false });

test('a browser killed at any moment loses nothing that was said to be saved', async ({ network, phone, server }) => {
  test.setTimeout(60_000 + KILLS * 60_000);
  const random = drawn(SEED);
  network.slows(/^PATCH /, CHUNK);
  const died = { 'nothing said': 0, 'a part kept': 0, 'a film kept': 0, 'the receipt shown': 0, 'some of the film sent': 0 };
  for (let kill = 1; kill <= KILLS; kill++) {
    const account = `${kill}. They shouted at me on the bus, and nobody said a word.`;
    const film = kill % 2 ? undefined : filmed(kill);
    const said = nothing();
    network.chunks.length = 0;
    const page = await phone.on();
    await opens(page, '/report');
    const after = random() * (film ? LONGEST_WITH_FILM : LONGEST);
    // What the person still tries on a phone that is dead fails, and is not what this is about.
    const telling = tells(page, { account, film }, said).catch(() => {});
    await pause(after);
    await phone.kill();
    await telling;
    const sent = network.chunks.length;
    if (!said.receipt) died[said.account ? 'a part kept' : said.film ? 'a film kept' : 'nothing said']++;

    const again = await phone.on();
    const context = `kill ${kill} of seed ${SEED}, after ${Math.round(after)} ms, ${JSON.stringify(said)}`;
    await opens(again, '/report');
    const sealed = (await reportIds(again)).length;
    if (said.receipt) expect(sealed, context).toBe(1);
    if (sealed === 0) {
      const resume = again.getByRole('button', { name: report.resume });
      if (said.film || said.account) await expect(resume, context).toBeVisible();
      if (await resume.isVisible()) await resume.click();
      await tells(again, { account, film }, nothing(), (found) => {
        expect(found.account.startsWith(said.account) && account.startsWith(found.account), `${context}: ${found.account}`).toBe(true);
        expect(found.film || !said.film, context).toBe(true);
      });
    }
    const [id, ...others] = await reportIds(again);
    expect(others, context).toEqual([]);
    await opens(again, '/reports');
    await expect.poll(() => server.stored(), { message: context, timeout: 30_000 }).toBe(kill);
    await expect(again.getByText(reports.state_received), context).toBeVisible({ timeout: 60_000 });
    const { answers, enclosed } = server.opened(id);
    expect(answers.account, context).toEqual({ text: account });
    if (film) expect(server.files(id).map((file) => film.buffer.equals(file)), context).toEqual([true]);
    else expect(enclosed, context).toBeUndefined();
    if (said.receipt) died[sent > 0 && sent < network.chunks.length ? 'some of the film sent' : 'the receipt shown']++;
    await phone.renew();
  }
  console.log(`${KILLS} kills, seed ${SEED}:`, died);
});

/** Three chunks, and different each time. */
function filmed(kill: number): Picture {
  const buffer = Buffer.alloc(2_600_000, `${kill}, `);
  buffer.write('%PDF-1.7\n');
  return { name: 'film.pdf', mimeType: '', buffer };
}

/** From whatever question is shown to the receipt, as a person does; says what the screen said. */
async function tells(page: Page, { account, film }: Told, said: Said, seen: (found: Said) => void = () => {}): Promise<void> {
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
    [files.title]: async () => {
      await page.locator('#files-choose').setInputFiles(film ?? []);
      await expect(page.locator('li.report')).toHaveCount(1);
      await expect(page.getByRole('progressbar')).toHaveCount(0);
      said.film = true;
      await page.getByRole('button', { name: files.done }).click();
    },
    [form['account.label']]: async () => {
      const found = await box.inputValue();
      const added = await page.getByText(filled(files.some, { count: '1' })).isVisible();
      seen({ ...said, account: found, film: said.film || added });
      if (film && !added) return page.getByRole('button', { name: files.speak }).click();
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
