// Setting a PIN, typing it, and going out of sight, as the phone's holder does.
import { type Page, expect } from '@playwright/test';
import { opens } from './person.ts';
import { words } from './words.ts';

const locks = words('locks');

export const panel = (page: Page, lock: 'card' | 'reports') => page.locator(`section#${lock}`);

/** Sets the first PIN of a lock, as its holder. */
export async function setsPin(page: Page, lock: 'card' | 'reports', pin: string): Promise<void> {
  await opens(page, '/settings/locks');
  const on = panel(page, lock);
  await on.getByRole('button', { name: locks.set, exact: true }).click();
  if (lock === 'reports') await on.getByRole('button', { name: locks.reports_who_me }).click();
  await on.getByLabel(locks.choose, { exact: true }).fill(pin);
  await on.getByLabel(locks.again, { exact: true }).fill(pin);
  await on.getByRole('button', { name: locks.set_do }).click();
  await expect(on.getByText(locks.set_said)).toBeVisible({ timeout: 30_000 });
}

/** Types a PIN where one is asked for. */
export async function tries(page: Page, pin: string): Promise<void> {
  await page.getByLabel(locks.ask, { exact: true }).fill(pin);
  await page.getByRole('button', { name: locks.open, exact: true }).click();
}

/** The app goes out of sight, or comes back. */
export async function hides(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}
