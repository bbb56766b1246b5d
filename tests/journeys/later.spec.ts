// Pages whose files come when they are opened: nothing of them before home, nothing left of them after.
import type { CDPSession, Page } from '@playwright/test';
import { installs, opens, ready, titled } from '../harness/person.ts';
import { ROUTES } from '../harness/routes.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const common = words('common');
const later = words('later');
const places = words('places');
const LATER = /^GET \/x\/(urgent|own)\./;

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const link = (page: Page, path: string) => page.locator(`main a[href="${path}"]`).first();

test.describe('with nothing kept yet', () => {
  // As in a browser without service workers: every file comes from the network, when it is needed.
  test.beforeEach(({ context }) => context.addInitScript('delete Navigator.prototype.serviceWorker'));

  test('home, help and the card are there without the files of any other page', async ({ page, network }) => {
    for (const path of ['/', '/help', '/help/cope', '/card']) {
      await opens(page, path);
      await page.waitForLoadState('networkidle');
    }
    expect(network.count(LATER)).toBe(0);
    const needed = network.seen.filter((line) => line.startsWith('GET /x/') && !line.includes('courier'));
    for (const line of needed) expect(line).toMatch(/^GET \/x\/(app|boot|style|words-en)\./);
    await opens(page, '/places');
    await expect(heading(page, places.title)).toBeVisible();
    expect(network.count(LATER)).toBeGreaterThan(0);
  });

  test('a page whose file does not come says so, and is there once it can be had', async ({ page, network, watch }) => {
    watch.expect(/Failed to fetch|WebAssembly/);
    await opens(page, '/');
    const found = network.loseAnswers(/urgent\./);
    await link(page, '/places').click();
    await expect(heading(page, later.failed_title)).toBeFocused();
    await expect(page).toHaveTitle(titled(later.failed_title));
    await expect(page.getByText(later.failed)).toBeVisible();
    // The rest of the app works, and so does Back.
    await page.locator('.bar__help').click();
    await expect(heading(page, words('help').title)).toBeFocused();
    await page.goBack();
    await expect(heading(page, later.failed_title)).toBeFocused();
    // Still missing: the app is loaded anew, and says the same.
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: common.try_again }).click();
    await loaded;
    await ready(page);
    await expect(heading(page, later.failed_title)).toBeVisible();
    found();
    await page.getByRole('button', { name: common.try_again }).click();
    await expect(heading(page, places.title)).toBeFocused();
    await expect(page).toHaveTitle(titled(places.title));
  });

  test('who goes on before a page has come is not called back to it', async ({ page, context }) => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      void context.route(/urgent\./, async (route) => {
        resolve();
        await new Promise<void>((go) => (answer = go));
        await route.continue();
      });
    });
    await opens(page, '/');
    await link(page, '/report').click();
    await asked;
    await expect(page.getByText(common.loading)).toBeVisible();
    await expect(page.getByRole('button', { name: common.exit })).toBeVisible();
    await page.locator('.bar__help').click();
    await expect(heading(page, words('help').title)).toBeFocused();
    const came = page.waitForResponse(/urgent\./);
    answer();
    await (await came).finished();
    await page.waitForTimeout(300);
    await expect(heading(page, words('help').title)).toBeFocused();
    await page.goBack();
    await expect(heading(page, words('report').before_title)).toBeFocused();
  });
});

async function held(browser: CDPSession): Promise<{ nodes: number; listeners: number }> {
  await browser.send('HeapProfiler.collectGarbage');
  const { metrics } = await browser.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { nodes: of('Nodes'), listeners: of('JSEventListeners') };
}

test('going back and forth fifty times leaves nothing behind', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  const browser = await page.context().newCDPSession(page);
  await browser.send('Performance.enable');
  const paths = ['/card/edit', '/places', '/report', '/reports', '/mailbox', '/hope', '/settings'];
  const titles = paths.map((path) => ROUTES.find((route) => route.path === path)!.heading);
  // Addresses are gone through by Back and Forward within one document.
  const around = async (times: number) => {
    for (let round = 0; round < times; round += 1) {
      const at = round % paths.length;
      await page.evaluate((path) => {
        const step = Object.assign(document.createElement('a'), { href: path });
        document.querySelector('main')?.append(step);
        step.click();
      }, paths[at]);
      await expect(heading(page, titles[at])).toBeFocused();
      if (round % 2 === 1) {
        await page.goBack();
        await page.goForward();
      }
    }
  };
  await around(14);
  await expect(heading(page, titles[6])).toBeFocused();
  const before = await held(browser);
  await around(56);
  await expect(heading(page, titles[6])).toBeFocused();
  // The browser collects in several rounds.
  await expect(async () => {
    const after = await held(browser);
    expect(after.listeners).toBeLessThanOrEqual(before.listeners + 5);
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 50);
  }).toPass({ timeout: 15_000 });
});
