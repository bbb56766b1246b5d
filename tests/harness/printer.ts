// What comes out of the printer, read again from its PDF.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { freshFolder, removeFolder } from './places.ts';

export interface Printed {
  width: number;
  height: number;
  pages: number;
  /** In the order in which it was set. */
  text: string;
  words: Word[];
}

export interface Word {
  text: string;
  box: [number, number, number, number];
}

/** A page as it comes out of the printer: its size and its words with their boxes, in points. */
export async function printed(page: Page): Promise<Printed> {
  const folder = freshFolder('print');
  try {
    const file = join(folder, 'page.pdf');
    writeFileSync(file, await page.pdf({ format: 'A4', preferCSSPageSize: true }));
    const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
    const found = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8' });
    const pages = [...found.matchAll(/<page width="([\d.]+)" height="([\d.]+)"/g)];
    const boxes = found.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<\/word>/g);
    const read = Array.from(boxes, ([, a, b, c, d, text]) => ({ text, box: [a, b, c, d].map(Number) as Word['box'] }));
    return { width: Number(pages[0][1]), height: Number(pages[0][2]), pages: pages.length, text, words: read };
  } finally {
    removeFolder(folder);
  }
}
