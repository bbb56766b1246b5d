// Installing, and opening every page when nothing else is left.
import type { Page } from '@playwright/test';
import { installs, opens, ready, titled } from '../harness/person.ts';
import { CRISIS_LINKS, ROUTES } from '../harness/routes.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const centre = words('centre');
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

test('a phone can install the app without a single objection', async ({ phone }) => {
  const page = await phone.on();
  await installs(page);
  const browser = await page.context().newCDPSession(page);
  const objections = async () => (await browser.send('Page.getInstallabilityErrors')).installabilityErrors;
  await expect.poll(objections).toEqual([]);
});

test('under a neutral name the home screen, the titles and the icon say nothing of what it is', async ({ phone }) => {
  const page = await phone.on();
  await installs(page);
  await opens(page, '/settings');
  const neutral = words('install').neutral;
  await page.getByRole('radio', { name: neutral }).check();
  const browser = await page.context().newCDPSession(page);
  const manifest = async () => JSON.parse((await browser.send('Page.getAppManifest')).data ?? '{}');
  await expect.poll(async () => (await manifest()).name).toBe(neutral);
  for (const path of ['/report', '/settings']) {
    await opens(page, path);
    expect((await manifest()).name).toBe(neutral);
    expect(JSON.stringify(await manifest())).not.toMatch(/safe|hate|report/i);
    await expect(page).not.toHaveTitle(/Safe Place/);
    expect((await browser.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
  }
});

test('after one visit every page opens with the server dead', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  for (const route of ROUTES) {
    await opens(page, route.path);
    await expect(heading(page, route.heading), route.path).toBeVisible();
    await expect(page).toHaveTitle(titled(route.heading));
    await expect(page.locator('main')).toHaveCount(1);
  }
});

test('the centre says that it needs a connection, and with one where the desk is', async ({ page, server }) => {
  await installs(page);
  await page.goto('/centre');
  await expect(page.getByText(centre.online)).toBeVisible();
  await server.kill();
  await page.goto('/centre');
  await expect(heading(page, centre.title)).toBeVisible();
  await expect(page.getByText(centre.lead)).toBeVisible();
});

test('every step within the app moves the focus to the new heading and titles the page', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  for (const path of ['/help', '/card', '/places', '/report', '/hope', '/settings']) {
    await opens(page, '/');
    await page.locator(`main a[href="${path}"]`).first().click();
    const { heading: name } = ROUTES.find((route) => route.path === path)!;
    await expect(heading(page, name), path).toBeFocused();
    await expect(page).toHaveTitle(titled(name));
    await expect(page).toHaveURL(path);
  }
});

test('Back and Forward show the pages one has been on, where one left them', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await page.locator('main a[href="/places"]').click();
  const place = page.getByRole('link', { name: 'Turnstile Bookshop' });
  // Tapped by script: the harness's own tap would scroll first.
  await place.evaluate((link: HTMLElement) => {
    scrollTo(0, 700);
    link.click();
  });
  await expect(page).toHaveURL('/places/wednesbury-books');
  await page.goBack();
  await expect(heading(page, words('places').title)).toBeFocused();
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(700);
  await page.goBack();
  await expect(page).toHaveTitle('Safe Place');
  await page.goForward();
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1, name: /Turnstile Bookshop/ })).toBeFocused();
});

test('numbers in a crisis are links before the app has come', async ({ request }) => {
  for (const path of ['/', '/hope']) {
    const html = await (await request.get(path)).text();
    for (const link of CRISIS_LINKS) expect(html, path).toContain(`href="${link}`);
  }
});

test('numbers in a crisis can be rung where the app never comes', async ({ browser, baseURL }) => {
  const plain = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await plain.newPage();
  for (const path of ['/', '/hope']) {
    await page.goto(path);
    for (const link of CRISIS_LINKS) await expect(page.locator(`a[href^="${link}"]`), path).toBeVisible();
    await expect(page.locator('a[href="/list"]')).toBeVisible();
  }
  await plain.close();
});

test('the plain list needs no script, and no network the second time', async ({ page, request, server }) => {
  const html = await (await request.get('/list')).text();
  expect(html).not.toContain('<script');
  expect(html.length).toBeLessThan(20_000);
  for (const link of CRISIS_LINKS) expect(html).toContain(`href="${link}`);
  await installs(page);
  await server.kill();
  await page.goto('/list');
  await expect(page.getByText('Hawthorns House')).toBeVisible();
});

test('a page that the network never answers still opens at once', async ({ page, context }) => {
  await installs(page);
  await context.setOffline(true);
  await opens(page, '/hope');
  for (const link of ['tel:116123', 'tel:999']) await expect(page.locator(`a[href="${link}"]`).first()).toBeVisible();
  await page.reload();
  await ready(page);
});
