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

test('from a postcode, the nearest comes first', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('searchbox', { name: places.search }).fill('ws10 0aa');
  await expect(page.getByText(filled(places.from_district, { district: 'WS10' }))).toBeVisible();
  expect(await names(page)).toEqual(nearestNames(...middleOf('WS10')));
});

test('a postcode nobody knows is said to be unknown', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('searchbox', { name: places.search }).fill('ZZ99');
  await expect(page.getByText(filled(places.district_unknown, { district: 'ZZ99' }))).toBeVisible();
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

