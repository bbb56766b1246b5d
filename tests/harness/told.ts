// Words that nobody says by chance, told as a report, and where they are found again.
import { type BrowserContext, type Page, expect } from '@playwright/test';
import { everythingLeft, filesWith } from './left.ts';
import { answersFromWhere, goesOn, reaches, saysWhoTakesIt } from './person.ts';
import type { Picture } from './pictures.ts';
import { words } from './words.ts';

const files = words('files');
const form = words('form');
const report = words('report');

export const TOLD = {
  account: 'Quillfeather Ostrander',
  where: 'Zephyrbank tollgate',
  file: 'marrowfleece-ledger',
  inside: 'Velvetthorn minutes',
  worker: 'Tamsin Oakhollow',
  message: 'Brindlewick signpost',
  more: 'Cinderlatch evening',
};
export const LETTER: Picture = { name: `${TOLD.file}.txt`, mimeType: 'text/plain', buffer: Buffer.from(TOLD.inside) };

/** Which of the words are in a text. */
export const toldIn = (text: string) => Object.values(TOLD).filter((word) => text.includes(word));

/** Which of them are on a page, or kept on the phone. */
export const left = async (page: Page) => toldIn(await everythingLeft(page));

/** Which of them are in files, and in which. */
export const filesTelling = (folder: string) => Object.values(TOLD).flatMap((word) => filesWith(folder, word).map((file) => `${word}: ${file}`));

/** What pages and workers print. */
export function printed(context: BrowserContext): string[] {
  const lines: string[] = [];
  context.on('console', (message) => lines.push(message.text()));
  return lines;
}

/** Tells what a visitor said, as somebody who works there, from the first question to the check page. */
export async function tellsAsWorker(page: Page): Promise<void> {
  await page.getByRole('radio', { name: form['role.taking'] }).check();
  await goesOn(page);
  await page.getByRole('textbox', { name: form['account.label'] }).fill(TOLD.account);
  await goesOn(page);
  await page.getByRole('button', { name: report.dont_know }).click();
  await answersFromWhere(page, { phone: 'mine', account: '', whereWords: TOLD.where });
  await saysWhoTakesIt(page, TOLD.worker);
  await adds(page);
}

/** Adds a letter, from the check page and back to it. */
async function adds(page: Page): Promise<void> {
  await page.locator('button.row').first().click();
  await reaches(page, files.title);
  await page.locator('#files-choose').setInputFiles([LETTER]);
  await expect(page.locator('li.report')).toContainText(TOLD.file, { timeout: 15_000 });
  await page.getByRole('button', { name: files.done }).click();
  await reaches(page, report.check_title);
}
