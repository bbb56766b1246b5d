// The map beside the list of safe places: not a byte before it is opened, then with no network; by
// keyboard; by screen reader; and what happens when its files are not what they should be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { findings, tooWide } from '../harness/axe.ts';
import { installs, opens } from '../harness/person.ts';
import { ROOT } from '../harness/places.ts';
import { samplePlaces } from '../harness/scheme.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const map = words('map');
const places = words('places');
const B66_1BB = { latitude: 52.50366, longitude: -1.96786, accuracy: 400 };
/** Everything that only the map needs. */
const OF_MAP = /\/x\/(map|britain|midlands)\./;

const marks = (page: Page) => page.locator('.map-mark');
const canvas = (page: Page) => page.getByRole('group', { name: map.name });

async function opensMap(page: Page): Promise<void> {
  await page.getByRole('button', { name: map.show }).click();
  await expect(canvas(page)).toBeVisible();
  await expect(page.getByText(map.no_streets)).toBeVisible();
}

/** Different colours in the middle of the map: a picture has several, an empty ground one. */
async function colours(page: Page): Promise<number> {
  return page.evaluate(() => {
    const found = new Set<string>();
    for (const tile of document.querySelectorAll<HTMLCanvasElement>('canvas.leaflet-tile')) {
      if (tile.width === 0) continue;
      const { data } = tile.getContext('2d')!.getImageData(0, 0, tile.width, tile.height);
      for (let at = 0; at < data.length; at += 4 * 97) found.add(`${data[at]} ${data[at + 1]} ${data[at + 2]}`);
    }
    return found.size;
  });
}

const isDrawn = (page: Page) => expect.poll(() => colours(page), { message: 'the map is drawn' }).toBeGreaterThan(3);

async function isKept(page: Page): Promise<void> {
  const files = () => page.evaluate(async () => (await (await caches.open('map')).keys()).length);
  await expect.poll(files, { message: 'code, style and packs are on the phone' }).toBe(4);
}

test('not a byte of the map comes before it is opened', async ({ page, network }) => {
  await installs(page);
  await opens(page, '/places');
  await expect(page.locator('.place').first()).toBeVisible();
  expect(network.seen.filter((line) => OF_MAP.test(line))).toEqual([]);
  await opensMap(page);
  expect(network.seen.filter((line) => OF_MAP.test(line)).length).toBeGreaterThanOrEqual(4);
});

test('map and list are there with no network from a cold start', async ({ phone, server }) => {
  const before = await phone.on();
  await installs(before);
  await opens(before, '/places');
  await opensMap(before);
  await isKept(before);
  await phone.off();
  await server.kill();
  const page = await phone.on();
  await opens(page, '/places');
  await opensMap(page);
  await isDrawn(page);
  const size = samplePlaces().length;
  await expect(page.locator('.place')).toHaveCount(size);
  expect(await marks(page).count()).toBeGreaterThan(1);
  await expect(page.getByText(filled(map.in_view, { count: String(size) }))).toBeVisible();
});

test('by keyboard alone from a search to the directions of a place', async ({ page }) => {
  await installs(page);
  await opens(page, '/places');
  await page.getByRole('searchbox', { name: places.search }).focus();
  // The one place that is not made up: nobody is shown the way to the others.
  await page.keyboard.type('Hawthorns House');
  await expect(page.getByText(places.name_matches)).toBeVisible();
  const focused = () => page.evaluate(() => document.activeElement?.className ?? '');
  const tabsTo = async (part: string) => {
    for (let taps = 0; taps < 12 && !(await focused()).includes(part); taps++) await page.keyboard.press('Tab');
    expect(await focused()).toContain(part);
  };
  for (let taps = 0; taps < 6 && (await page.evaluate(() => document.activeElement?.id)) !== 'map-door'; taps++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText(map.no_streets)).toBeVisible();
  await tabsTo('map__canvas');
  // The first mark after the map is the first place of the list.
  await page.keyboard.press('Tab');
  const first = (await page.locator('.place__name a').first().textContent()) ?? '';
  await expect(marks(page).first()).toBeFocused();
  await expect(marks(page).first()).toHaveAccessibleName(new RegExp(first));
  await page.keyboard.press('Enter');
  await expect(page.locator('.map__link').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(marks(page).first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('#map-door')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: first })).toBeVisible();
  const way = page.getByRole('link', { name: places.open_maps });
  for (let taps = 0; taps < 6 && !(await way.evaluate((link) => link === document.activeElement)); taps++) await page.keyboard.press('Tab');
  await expect(way).toBeFocused();
});

test('the map can be removed from the phone, and comes back when it is opened again', async ({ page }) => {
  await installs(page);
  await opens(page, '/places');
  await opensMap(page);
  await isKept(page);
  await page.getByRole('button', { name: map.remove }).click();
  await expect(canvas(page)).toHaveCount(0);
  await expect(page.locator('#map-door')).toBeFocused();
  expect(await page.evaluate(() => caches.has('map'))).toBe(false);
  await expect(page.locator('.place')).toHaveCount(samplePlaces().length);
  await opensMap(page);
  await isKept(page);
  await isDrawn(page);
});

test('a mark of several places says by its shape and in words whether any of them is open', async ({ page, server }) => {
  // Far out all are one mark: a real one that is open among invented ones.
  server.command('places', 'set', 'hawthorns-house', '--who', 'Sam', '--hours', '24/7', '--checked', new Date().toISOString().slice(0, 10));
  await installs(page);
  await opens(page, '/places');
  await opensMap(page);
  const farther = page.getByRole('button', { name: map.farther });
  const size = String(samplePlaces().length);
  const all = page.getByRole('button', { name: new RegExp(`^${filled(map.group, { count: size, open: '1' })}`) });
  const goesFarther = async (mark: Locator) => expect(async () => {
    await farther.click({ timeout: 1_000 }).catch(() => {});
    await expect(mark).toBeVisible({ timeout: 500 });
  }).toPass();
  await goesFarther(all);
  await expect(all).toHaveClass(/map-mark--open/);
  server.command('places', 'set', 'hawthorns-house', '--who', 'Sam', '--hours', '');
  await opens(page, '/');
  await opens(page, '/places');
  await opensMap(page);
  const none = page.getByRole('button', { name: new RegExp(`^${filled(map.group, { count: size, open: '0' })}`) });
  await goesFarther(none);
  await expect(none).toHaveClass(/map-mark--unknown/);
});

test('where the phone has no room the map is shown all the same, and nothing says that it is kept', async ({ page }) => {
  await installs(page);
  await page.addInitScript(() => {
    Cache.prototype.put = Cache.prototype.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  });
  await opens(page, '/places');
  await opensMap(page);
  await isDrawn(page);
  await expect(page.getByText(/works with no internet/)).toBeHidden();
  await expect(page.getByText(map.not_kept)).toBeVisible();
  await expect(page.getByRole('button', { name: map.remove })).toBeHidden();
  await expect(page.locator('.place')).toHaveCount(samplePlaces().length);
});

test('only a map that was moved by the person offers to search there', async ({ page }) => {
  await installs(page);
  await opens(page, '/places');
  await opensMap(page);
  const search = page.getByRole('button', { name: map.search_area });
  await expect(search).toBeHidden();
  await canvas(page).focus();
  for (let times = 0; times < 4; times++) {
    await page.keyboard.press('ArrowUp');
    await page.waitForTimeout(400);
  }
  await search.click();
  await expect(page.getByText(map.searched_area)).toBeVisible();
  await expect(search).toBeHidden();
  const lats = new Map(samplePlaces().map(({ name, lat }) => [name, lat]));
  const [first] = await page.locator('.place__name a').allTextContents();
  expect(lats.get(first)).toBe(Math.max(...lats.values()));
});

test('where the phone is, the map shows it with how exact that is', async ({ page, context }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation(B66_1BB);
  await installs(page);
  await opens(page, '/places');
  await opensMap(page);
  await expect(page.locator('.map__about')).toHaveCount(0);
  await page.getByRole('button', { name: places.position_use }).click();
  await expect(page.locator('.map__here')).toBeVisible();
  const circle = await page.locator('.map__about').boundingBox();
  expect(circle?.width).toBeGreaterThan(20);
  await expect(page.getByRole('button', { name: map.to_me })).toBeVisible();
});

for (const [what, spoilt] of Object.entries({
  'that is cut short': (pack: Buffer) => pack.subarray(0, Math.floor(pack.length * 0.7)),
  'that is none at all': () => Buffer.from('<!doctype html><title>Sign in to this café</title>'.repeat(20)),
})) {
  test(`a map file ${what} is refused, nothing of it is kept, and the list goes on`, async ({ page, context }) => {
    await installs(page);
    const body = spoilt(readFileSync(join(ROOT, 'public/map/midlands.pmtiles')));
    await context.route(/\/x\/midlands\./, (route) => route.fulfill({ status: 200, body }));
    await opens(page, '/places');
    await page.getByRole('button', { name: map.show }).click();
    await expect(page.getByRole('alert').filter({ hasText: map.bad_pack })).toBeVisible();
    // The other pack is drawn, and alone is kept.
    await isDrawn(page);
    const kept = () => page.evaluate(async () => (await (await caches.open('map')).keys()).map(({ url }) => url));
    await expect.poll(async () => (await kept()).filter((url) => url.includes('britain')).length).toBe(1);
    expect((await kept()).filter((url) => url.includes('midlands'))).toEqual([]);
    await expect(page.locator('.place')).toHaveCount(samplePlaces().length);
  });
}

test('where the map’s code cannot be had the page says so and the list goes on', async ({ page, context, watch }) => {
  await installs(page);
  watch.expect(/ERR_|Failed to load/);
  await context.route(/\/x\/map\./, (route) => route.abort());
  await opens(page, '/places');
  await page.getByRole('button', { name: map.show }).click();
  await expect(page.getByText(map.failed)).toBeVisible();
  await expect(page.locator('.place')).toHaveCount(samplePlaces().length);
});

/** A pack of three parts: a few streets of Leeds, and what its header does not speak of. */
const STREETS = Buffer.concat([readFileSync(join(ROOT, 'tests/fixtures/streets-leeds.pmtiles')), Buffer.alloc(3_000_000)]);

test('a deployment’s own map with streets is fetched, paused, gone on with, used with no network, and deleted', async ({ page, context, server }) => {
  await server.stop();
  server.keeps('streets.pmtiles', STREETS);
  await server.start();
  await installs(page);
  await opens(page, '/places');
  await opensMap(page);
  const size = (STREETS.length / 1e6).toFixed(1);
  await expect(page.getByText(filled(map.streets_offer, { size }))).toBeVisible();
  // The second part never comes, until the person has paused.
  let asked = 0;
  await context.route('**/api/map/streets', async (route) => {
    if (++asked === 2) return;
    await route.continue();
  });
  await page.getByRole('button', { name: map.streets_get }).click();
  await expect.poll(() => asked).toBe(2);
  await page.getByRole('button', { name: map.streets_pause }).click();
  await expect(page.getByText(filled(map.streets_part, { done: '1.0', size }))).toBeVisible();
  await context.unroute('**/api/map/streets');
  await expect(page.getByText(map.no_streets)).toBeVisible();
  // Another visit goes on where this one stopped.
  await opens(page, '/places');
  await opensMap(page);
  const ranges: (string | undefined)[] = [];
  page.on('request', (request) => request.url().endsWith('/streets') && ranges.push(request.headers().range));
  await page.getByRole('button', { name: map.streets_resume }).click();
  await expect(page.getByText(filled(map.streets_kept, { size }))).toBeVisible();
  expect(ranges[0]).toMatch(/^bytes=1048576-/);
  await expect(page.getByText(map.no_streets)).toBeHidden();
  await isKept(page);
  await server.kill();
  await opens(page, '/places');
  await page.locator('#map-door').click();
  await expect(page.getByText('OpenStreetMap contributors')).toBeVisible();
  await expect(page.getByText(map.no_streets)).toBeHidden();
  await page.getByRole('button', { name: map.streets_delete }).click();
  await expect(page.getByText(map.no_streets)).toBeVisible();
  const left = () => page.evaluate(() => new Promise((resolve) => {
    const open = indexedDB.open('safe-place-map');
    open.onsuccess = () => {
      const parts = open.result.transaction('parts').objectStore('parts').count();
      parts.onsuccess = () => (open.result.close(), resolve(parts.result));
    };
  }));
  expect(await left()).toBe(0);
});

test('a map with streets that is cut short is deleted again, and the page says so', async ({ page, context }) => {
  await installs(page);
  const cut = STREETS.subarray(0, 6_000);
  await context.route('**/api/map', (route) => route.fulfill({ json: { streets: { bytes: cut.length, tag: 'cut' } } }));
  await context.route('**/api/map/streets', (route) => route.fulfill({ status: 206, body: cut }));
  await opens(page, '/places');
  await opensMap(page);
  await page.getByRole('button', { name: map.streets_get }).click();
  await expect(page.getByRole('alert').filter({ hasText: map.streets_bad })).toBeVisible();
  await expect(page.getByRole('button', { name: map.streets_delete })).toBeHidden();
  await isDrawn(page);
});

const LOOKS: Record<string, (page: Page) => Promise<void>> = {
  light: async () => {},
  dark: (page) => page.emulateMedia({ colorScheme: 'dark' }),
  contrast: (page) => page.emulateMedia({ contrast: 'more' }),
  'dark contrast': (page) => page.emulateMedia({ colorScheme: 'dark', contrast: 'more' }),
  'right to left': (page) => page.evaluate(() => localStorage.setItem('language', 'ar-XB')),
  'small, words twice as large': async (page) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.addInitScript(() => addEventListener('DOMContentLoaded', () => void (document.documentElement.style.fontSize = '200%')));
  },
};

for (const [name, look] of Object.entries(LOOKS)) {
  test(`axe finds nothing with the map open: ${name}`, async ({ page }) => {
    await installs(page);
    await look(page);
    await opens(page, '/places');
    await page.locator('#map-door').click();
    await isDrawn(page);
    await marks(page).first().click();
    await expect(page.locator('.map__link').first()).toBeVisible();
    expect(await findings(page)).toEqual([]);
    for (const box of await Promise.all((await page.locator('place-map button:visible').all()).map((one) => one.boundingBox()))) {
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
  });
}
