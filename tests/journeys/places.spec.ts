// Finding a safe place with no network.
import type { Page } from '@playwright/test';
import { installs, opens } from '../harness/person.ts';
import { middleOf, nearestNames, samplePlaces } from '../harness/scheme.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const places = words('places');
const sample = words('common').sample;
const CAPE_HALL = { latitude: 52.4926, longitude: -1.9702 };

const names = (page: Page) => page.locator('.place__name a').allTextContents();

async function offlineAt(page: Page, path: string, kill: () => Promise<void>): Promise<void> {
  await installs(page);
  await kill();
  await opens(page, path);
}

test('all places are listed with no network, by name', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  const all = samplePlaces().map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));
  await expect.poll(() => names(page)).toEqual(all);
});

test('from where the phone is, the nearest comes first', async ({ page, context, server }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation(CAPE_HALL);
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('button', { name: places.position_use }).click();
  await expect(page.getByText(places.from_here)).toBeVisible();
  await expect(page.getByText(places.at_this_place)).toBeVisible();
  expect(await names(page)).toEqual(nearestNames(CAPE_HALL.latitude, CAPE_HALL.longitude));
});

/** Where Code-Point Open has B66 1BB. */
const B66_1BB = [52.50366, -1.96786] as const;

async function looksFor(page: Page, postcode: string): Promise<void> {
  await page.getByRole('searchbox', { name: places.search }).fill(postcode);
}

test('from a whole postcode, the nearest comes first', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'b661bb');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'B66 1BB' }), { exact: true })).toBeVisible();
  // From the middle of the district the order is another, so that this can only be the postcode's.
  expect(nearestNames(...B66_1BB)).not.toEqual(nearestNames(...middleOf('B66')));
  expect(await names(page)).toEqual(nearestNames(...B66_1BB));
});

test('O for 0 and I for 1 in a postcode are put right', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'b66 Ibb');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'B66 1BB' }), { exact: true })).toBeVisible();
  await looksFor(page, 'B7O');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'B70' }), { exact: true })).toBeVisible();
  expect(await names(page)).toEqual(nearestNames(...middleOf('B70')));
});

test('from a district, the nearest comes first', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'ws10');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'WS10' }), { exact: true })).toBeVisible();
  expect(await names(page)).toEqual(nearestNames(...middleOf('WS10')));
});

test('a postcode that is in no list is looked for more roughly, and the page says so', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'B66 1ZZ');
  const unlisted = filled(places.from_unlisted, { asked: 'B66 1ZZ', used: 'B66 1' });
  await expect(page.getByRole('status').filter({ hasText: unlisted })).toBeVisible();
  await looksFor(page, 'B66 0AA');
  const noSector = filled(places.from_unlisted, { asked: 'B66 0AA', used: 'B66' });
  await expect(page.getByRole('status').filter({ hasText: noSector })).toBeVisible();
  expect(await names(page)).toEqual(nearestNames(...middleOf('B66')));
});

test('a postcode too far away for the list is looked for by its district, and the page says so', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'PL1 1AA');
  const unheld = filled(places.from_unheld, { asked: 'PL1 1AA', used: 'PL1' });
  await expect(page.getByRole('status').filter({ hasText: unheld })).toBeVisible();
  expect(await names(page)).toEqual(nearestNames(...middleOf('PL1')));
});

test('a postcode of Northern Ireland is said to be outside', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'bt7 1nn');
  await expect(page.getByText(filled(places.postcode_northern_irish, { asked: 'BT7 1NN' }))).toBeVisible();
});

test('a postcode nobody knows is said to be unknown', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'ZZ99');
  await expect(page.getByText(filled(places.postcode_unknown, { asked: 'ZZ99' }))).toBeVisible();
});

test('where the phone may not tell its position, the page says so and what else helps', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('button', { name: places.position_use }).click();
  await expect(page.getByText(places.position_denied)).toBeVisible();
  await expect(page.getByRole('searchbox', { name: places.search })).toBeEditable();
});

test('an invented place says that it is one, in the list and on its page', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  for (const place of samplePlaces()) {
    const item = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: place.name, exact: true }) });
    await expect(item.getByText(sample, { exact: true }), place.name).toHaveCount(place.sample ? 1 : 0);
  }
  await opens(page, '/places/lantern-library');
  await expect(page.getByText(places.sample_note)).toBeVisible();
});

test('Hawthorns House has no invented hours or telephone', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('link', { name: 'Hawthorns House' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Hawthorns House/ })).toBeVisible();
  await expect(page.getByText('Halfords Lane, West Bromwich')).toBeVisible();
  await expect(page.getByText(places.not_confirmed, { exact: true })).toHaveCount(2);
  await expect(page.locator('main a[href^="tel:"]')).toHaveCount(0);
});

