// What axe finds on a page, as somebody sees the page who has come to each part of it.
import axe from 'axe-core';
import type { Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds, one line each. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(rendersAll);
  await page.evaluate(axe.source);
  return page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const options = { runOnly: tags, rules: { 'color-contrast-enhanced': { enabled: true } } };
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ''}`));
  }, TAGS);
}

/** The same, with the whole page at once: what lies under the bar at the bottom could be scrolled from under it. */
export async function findingsOnAll(page: Page): Promise<string[]> {
  const { width = 390, height = 844 } = page.viewportSize() ?? {};
  const needed = await page.evaluate(() => document.documentElement.scrollHeight);
  if (needed > height) await page.setViewportSize({ width, height: needed });
  return findings(page);
}

/** How much wider the page is than the screen, in CSS pixels. */
export async function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** Parts away from the screen have the size the style guesses until somebody comes to them: nobody sees that size. */
function rendersAll(): void {
  for (const part of document.querySelectorAll<HTMLElement>('*')) {
    if (getComputedStyle(part).contentVisibility === 'auto') part.style.contentVisibility = 'visible';
  }
}
