// What people do with the app, in their own steps.
import { type Page, expect } from '@playwright/test';
import { kept } from './kept.ts';
import { filled, words } from './words.ts';

const common = words('common');
const form = words('form');
const report = words('report');
const reports = words('reports');

/** Waits until the app has taken over from the page's static shell. */
export async function ready(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-ready', 'true');
}

/** Opens a page of the app, and waits until what it says has come. */
export async function opens(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
  await expect(page.locator('h1')).not.toHaveCount(0);
}

/** Visits once while there is a connection: from then on the phone needs none. */
export async function installs(page: Page): Promise<void> {
  await opens(page, '/');
  const controlled = () => page.evaluate(() => navigator.serviceWorker.controller?.state);
  await expect.poll(controlled, { message: 'the service worker answers' }).toBe('activated');
  const pulled = async () => {
    const { places, meta } = await kept(page);
    return Object.keys(places).length > 0 && 'scheme' in meta;
  };
  await expect.poll(pulled, { message: 'scheme and places are on the phone' }).toBe(true);
}

export interface CardTyped {
  name: string;
  may?: string[];
  please?: string[];
  needs?: string;
  contact?: { name: string; telephone: string; relationship?: string };
}

/** Types a card, and waits until it is kept: the first page, then a page each for what else there is. */
export async function makesCard(page: Page, typed: CardTyped): Promise<void> {
  await opens(page, '/card/edit');
  await page.locator('#name').fill(typed.name);
  if (typed.contact) {
    await page.locator('#contact-0').fill(typed.contact.name);
    await page.locator('#contact-0-telephone').fill(typed.contact.telephone);
    await page.locator('#contact-0-relationship').fill(typed.contact.relationship ?? '');
  }
  await cardIsKept(page, ({ name }) => name === typed.name);
  for (const part of ['may', 'please'] as const) {
    const lines = typed[part] ?? [];
    if (lines.length === 0) continue;
    await opens(page, `/card/edit/${part}`);
    for (const [at, line] of lines.entries()) await page.locator(`#${part}-${at}`).fill(line);
    await cardIsKept(page, (card) => card[part].length === lines.length && card[part].at(-1) === lines.at(-1));
  }
  if (typed.needs) {
    await opens(page, '/card/edit/needs');
    await page.locator('#needs').fill(typed.needs);
    await cardIsKept(page, ({ needs }) => needs === typed.needs);
  }
  await opens(page, '/card/edit');
}

export interface CardKept {
  name: string;
  may: string[];
  please: string[];
  dont: string[];
  symbols: string[];
  needs: string;
  photo?: string;
  moved: [string, string][];
  contacts: { name: string; telephone: string; agreed: boolean; not_now: boolean }[];
  checked?: number;
  [part: string]: unknown;
}

/** The card as it lies on the phone. */
export async function cardOf(page: Page): Promise<CardKept | undefined> {
  return (await kept(page)).card.card as CardKept | undefined;
}

/** Waits until the card on the phone is as expected. */
export async function cardIsKept(page: Page, holds: (card: CardKept) => boolean): Promise<void> {
  const found = async () => {
    const card = await cardOf(page);
    return card !== undefined && holds(card);
  };
  await expect.poll(found, { message: 'the card is kept as typed' }).toBe(true);
}

export interface ReportTyped {
  phone: 'mine' | 'watched';
  account: string;
  whereWords?: string;
  day?: string;
}

/** Continues to the next page of the report. */
export async function goesOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: common.continue, exact: true }).click();
}

/** Waits for the page of a question. */
export async function reaches(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

/** Answers the safety page, and comes to the first question. */
export async function beginsReport(page: Page, phone: ReportTyped['phone']): Promise<void> {
  await opens(page, '/report');
  const others = phone === 'mine' ? report.others_no : report.others_yes;
  await page.getByRole('radio', { name: others }).check();
  await goesOn(page);
  await reaches(page, form['role.label']);
}

/** Answers every question, as far as the page where they are checked. */
export async function answersAll(page: Page, typed: ReportTyped): Promise<void> {
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await reaches(page, form['account.label']);
  await page.getByRole('textbox', { name: form['account.label'] }).fill(typed.account);
  await goesOn(page);
  await reaches(page, form['when.label']);
  if (typed.day) {
    await page.getByLabel(report.when_day, { exact: true }).fill(typed.day);
    await goesOn(page);
  } else {
    await page.getByRole('button', { name: report.dont_know }).click();
  }
  await answersFromWhere(page, typed);
}

/** The second half, from the question where it happened. */
export async function answersFromWhere(page: Page, typed: ReportTyped): Promise<void> {
  await reaches(page, form['where.label']);
  await page.getByRole('radio', { name: form['where.transport'] }).check();
  if (typed.whereWords) await page.getByLabel(form['where.words']).fill(typed.whereWords);
  await goesOn(page);
  await reaches(page, form['share.label']);
  await page.getByRole('radio', { name: form['share.centre-only'] }).check();
  await goesOn(page);
  await reaches(page, report.check_title);
}

/** Says who takes a report for somebody, face to face, from the check page and back to it. */
export async function saysWhoTakesIt(page: Page, worker: string): Promise<void> {
  await page.getByRole('button', { name: form['section.taking'] }).click();
  await page.getByRole('textbox').fill(worker);
  await goesOn(page);
  await page.getByRole('radio', { name: form['taken-how.face'] }).check();
  await goesOn(page);
  await page.getByRole('radio', { name: form['taken-agreed.yes'] }).check();
  await goesOn(page);
  await page.getByRole('button', { name: report.dont_know }).click();
  await reaches(page, report.check_title);
}

/** Writes a whole report, not sent yet. */
export async function writesReport(page: Page, typed: ReportTyped): Promise<void> {
  await beginsReport(page, typed.phone);
  await answersAll(page, typed);
}

/** Presses Send, and reads the number: 24 digits. */
export async function sends(page: Page): Promise<string> {
  await page.getByRole('button', { name: report.send }).click();
  const number = page.locator('.receipt__number');
  await expect(number).toBeVisible({ timeout: 30_000 });
  const digits = ((await number.textContent()) ?? '').replace(/\D/g, '');
  expect(digits).toHaveLength(24);
  return digits;
}

/** The receipt says that the server has the report. */
export async function seesItSent(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: reports.sent_title })).toBeVisible({ timeout: 30_000 });
}

/** The receipt says that the report has not gone yet. */
export async function seesItWaiting(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: reports.safe_title })).toBeVisible();
}

/** The title a page of this heading has. */
export function titled(heading: string): string {
  return heading === 'Safe Place' ? heading : filled('{heading} – Safe Place', { heading });
}
