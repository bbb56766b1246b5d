// A browser that keeps nothing: forbidden by its settings, broken, silent; and a private window, which
// keeps everything until it is closed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { standardForm } from '../harness/form.ts';
import { kept, reportIds } from '../harness/kept.ts';
import { installs, opens, ready, seesItSent, sends, writesReport } from '../harness/person.ts';
import { CRISIS_LINKS, ROUTES } from '../harness/routes.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const common = words('common');
const keep = words('keep');
const report = words('report');

/** Pages that need what the phone keeps, and say that they can't have it. */
const NEEDS = ['/card', '/card/edit', '/card/usual-places', '/card/private', '/report', '/reports', '/mailbox', '/places'];

/** Help, and somebody to ring, in an app or before it. */
async function hasHelp(page: Page): Promise<void> {
  await opens(page, '/help');
  for (const link of ['tel:999', 'tel:101']) await expect(page.locator(`a[href="${link}"]`).first()).toBeVisible();
  await opens(page, '/help/cope');
  for (const link of ['tel:116123', 'sms:85258', 'tel:111']) await expect(page.locator(`a[href^="${link}"]`).first()).toBeVisible();
}

/** What needs to be kept says so, and what to do instead; the questions on paper are there. */
async function saysWhatToDo(page: Page): Promise<void> {
  for (const path of NEEDS) {
    await page.goto(path);
    await ready(page);
    await expect(page.getByText(common.failed), path).toBeVisible();
    await expect(page.locator('a[href="/help"]').last(), path).toBeVisible();
  }
  await page.goto('/report');
  await page.getByRole('button', { name: common.try_again }).click();
  await expect(page.getByText(common.failed)).toBeVisible();
  await opens(page, '/report/paper');
  await expect(page.locator('.blank__question')).toHaveCount(standardForm().length);
}

test('where a browser’s settings let nothing be kept, every page opens and says what to do instead', async ({ phone }) => {
  test.slow();
  mkdirSync(join(phone.profile, 'Default'));
  const refuses = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(phone.profile, 'Default/Preferences'), JSON.stringify(refuses));
  const page = await phone.on();
  // A browser prints that there is no page where there is none.
  for (const { path, heading } of ROUTES.filter(({ path }) => path !== '/nowhere/at-all')) {
    await page.goto(path);
    const title = page.getByRole('heading', { level: 1, name: heading });
    await expect(title.or(page.getByText(common.failed)).first(), path).toBeVisible();
    // The board is held out to somebody: the card it leads back to has the way to help.
    const way = path === '/card/board' ? 'a[href="/card"]' : 'a[href="/help"], a[href="tel:999"]';
    await expect(page.locator(way).first(), path).toBeAttached();
  }
  expect(await page.evaluate(() => { try { return localStorage.length; } catch { return 'refused'; } })).toBe('refused');
  await hasHelp(page);
  await saysWhatToDo(page);
});

/** Ways in which storage fails; the script stands before what the page and its workers do. */
const BROKEN = {
  'is not there': 'Object.defineProperty(globalThis, "indexedDB", { value: undefined });',
  throws: 'IDBFactory.prototype.open = () => { throw new DOMException("The operation is insecure.", "SecurityError"); };',
  'never answers': `{
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...with_) {
      const asked = open.apply(this, with_);
      for (const kind of ['success', 'error', 'upgradeneeded', 'blocked']) asked.addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
      return asked;
    };
  }`,
};
const NO_SETTINGS = `for (const kind of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(globalThis, kind, { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });
}`;

test.describe('storage', () => {
  test.use({ serviceWorkers: 'block' });
  for (const [how, script] of Object.entries(BROKEN)) {
    test(`that ${how} takes no help from anybody`, async ({ context, page }) => {
      test.slow();
      await page.addInitScript(script + NO_SETTINGS);
      await context.route('**/x/courier-host.*.js', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: script + (await answer.text()) });
      });
      if (how !== 'never answers') {
        await hasHelp(page);
        return saysWhatToDo(page);
      }
      // While the app waits, what the server sent with the page is there.
      for (const path of ['/', '/help', '/card', '/report', '/hope']) {
        await page.goto(path);
        for (const link of CRISIS_LINKS) await expect(page.locator(`a[href^="${link}"]`).first(), path).toBeVisible();
      }
      for (const path of ['/report', '/card']) {
        await page.goto(path);
        await expect(page.locator('html'), path).not.toHaveAttribute('data-ready', 'true');
        // The page gives up after ten seconds, and so does its worker.
        await expect(page.getByText(common.failed), path).toBeVisible({ timeout: 45_000 });
        await expect(page.locator('a[href="/help"]').last(), path).toBeVisible();
      }
      await page.getByRole('link', { name: common.help_now }).first().click();
      await expect(page.getByRole('heading', { level: 1, name: words('help').title })).toBeVisible();
    });
  }
});

test('in a private window a report is told, sent and read; what is kept there is not promised, and gone with it', async ({ baseURL, browser, page, server }) => {
  await installs(page);
  await writesReport(page, { phone: 'mine', account: 'They shouted.' });
  await expect(page.getByText(report.check_lead)).toBeVisible();
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  expect(server.opened(id).answers.account.text).toBe('They shouted.');
  await opens(page, '/card/backup');
  await expect(page.getByText(keep.backup_kept_no)).toBeVisible();
  await page.context().close();

  const another = await browser.newContext({ baseURL });
  const next = await another.newPage();
  await installs(next);
  const { outbox, draft, locks } = await kept(next);
  expect([outbox, draft, locks]).toEqual([{}, {}, {}]);
  await another.close();
});
