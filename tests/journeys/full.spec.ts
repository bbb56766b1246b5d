// A phone with no room left: it says so in plain words, and nothing that was typed is lost.
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { beginsReport, goesOn, opens, reaches } from '../harness/person.ts';
import { expect, test as base } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const card = words('card_edit');
const common = words('common');
const form = words('form');
const report = words('report');

interface Disk {
  /** From now on the browser has all the room it wants. */
  emptied: () => Promise<void>;
  /** How often the page has begun to write, and why it could not finish. */
  writes: (page: Page) => Promise<string[]>;
}

/** Full from before the first page: a browser trusts for half a minute that there is still room. */
const test = base.extend<{ disk: Disk }>({
  disk: async ({ page, baseURL, watch }, use) => {
    // The offline files do not fit either.
    watch.expect(/quota|Quota/);
    const origin = baseURL ?? '';
    const browser = await page.context().newCDPSession(page);
    await browser.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await page.addInitScript(noteWrites);
    await use({
      emptied: async () => void (await browser.send('Storage.overrideQuotaForOrigin', { origin })),
      writes: (page) => page.evaluate(() => (globalThis as unknown as { writes: string[] }).writes),
    });
  },
});

function noteWrites(): void {
  const writes: string[] = [];
  Object.assign(globalThis, { writes });
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const begun = begin.call(this, stores, mode, options);
    if (mode === 'readwrite') {
      begun.addEventListener('abort', () => writes.push(begun.error?.name ?? 'aborted'));
      begun.addEventListener('complete', () => writes.push(`kept ${begun.durability}`));
    }
    return begun;
  };
}

test('a card typed on a full phone stays on the screen, and is kept once there is room', async ({ page, disk }) => {
  await opens(page, '/card/edit');
  const name = page.getByLabel(card.name);
  await name.fill('Ali');
  await expect(page.getByText(common.not_kept)).toBeVisible();
  await expect(name).toHaveValue('Ali');
  // Known to be full, not taken for a lost connection: that would have been tried twice.
  expect(await disk.writes(page)).toEqual(['QuotaExceededError']);

  await disk.emptied();
  await name.fill('Ali Sam');
  await expect(page.getByText(card.kept)).toBeVisible();
  await expect(page.getByText(common.not_kept)).toBeHidden();
  expect((await kept(page)).card.card).toMatchObject({ name: 'Ali Sam' });
  expect((await disk.writes(page)).at(-1)).toBe('kept strict');
});

test('a report can be written on a full phone, and is kept once there is room', async ({ page, disk }) => {
  await beginsReport(page, 'mine');
  await page.getByRole('radio', { name: form['role.saw'] }).check();
  await goesOn(page);
  await reaches(page, form['account.label']);
  const account = page.getByRole('textbox', { name: form['account.label'] });
  await account.fill('They shouted.');
  await expect(page.getByText(common.not_kept)).toBeVisible();
  await expect(account).toHaveValue('They shouted.');
  // Looking elsewhere and coming back finds it still in the tab.
  await inApp(page, '/reports');
  await reaches(page, words('reports').title);
  await inApp(page, '/report');
  await page.getByRole('button', { name: report.resume }).click();
  await expect(account).toHaveValue('They shouted.');

  await disk.emptied();
  await account.fill('They shouted at us.');
  await expect(page.getByText(report.kept_mine)).toBeVisible();
  await opens(page, '/report');
  await page.getByRole('button', { name: report.resume }).click();
  await expect(account).toHaveValue('They shouted at us.');
});

/** Along a link of the app: what is only in the tab stays. */
async function inApp(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    const step = Object.assign(document.createElement('a'), { href: path });
    document.body.append(step);
    step.click();
    step.remove();
  }, path);
}
