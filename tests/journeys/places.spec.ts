// Finding a safe place with no network.
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
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
  await expect.poll(() => names(page)).toEqual(nearestNames(CAPE_HALL.latitude, CAPE_HALL.longitude));
});

test('who has walked on and asks again gets the order from there', async ({ page, context, server }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation(CAPE_HALL);
  await offlineAt(page, '/places', () => server.kill());
  const ask = page.getByRole('button', { name: places.position_use });
  await ask.click();
  await expect(page.getByText(places.at_this_place)).toBeVisible();
  const [latitude, longitude] = B66_1BB;
  expect(nearestNames(latitude, longitude)).not.toEqual(nearestNames(CAPE_HALL.latitude, CAPE_HALL.longitude));
  await context.setGeolocation({ latitude, longitude, accuracy: 20 });
  // Nothing moves under the thumb before that.
  await expect.poll(() => names(page)).toEqual(nearestNames(CAPE_HALL.latitude, CAPE_HALL.longitude));
  await ask.click();
  await expect.poll(() => names(page)).toEqual(nearestNames(latitude, longitude));
});

const LERWICK = { latitude: 60.1534, longitude: -1.1443 };

test('a list that changes under the eyes keeps the focus, and as much of itself as was asked for', async ({ page, context, server }) => {
  const zebras = Array.from({ length: 30 }, (_, n) => `z${n},Zebra ${n},"${n + 1} High Street, West Bromwich",52.5${n + 10},-1.99`);
  const file = test.info().outputPath('zebras.csv');
  writeFileSync(file, ['id,name,address,lat,lon', ...zebras].join('\n'));
  server.command('places', 'import', '--source', 'zoo', '--status', 'active', '--by', 'Sam', '--apply', file);
  await installs(page);
  await opens(page, '/places');
  await page.getByRole('button', { name: places.more }).click();
  const all = await page.locator('.place').count();
  expect(all).toBeGreaterThan(20);
  const zebra = page.getByRole('link', { name: 'Zebra 0', exact: true });
  await zebra.focus();
  server.command('places', 'set', 'lantern-library', '--who', 'Sam', '--name', 'Lantern Library and Café');
  const other = await context.newPage();
  await opens(other, '/');
  await expect(page.getByRole('link', { name: 'Lantern Library and Café' })).toBeVisible();
  await expect(zebra).toBeFocused();
  await expect(zebra).toBeInViewport();
  await expect(page.locator('.place')).toHaveCount(all);
  // A place that is new above what is in sight does not move it.
  const top = () => zebra.evaluate((link) => Math.round(link.getBoundingClientRect().top));
  await zebra.evaluate((link: HTMLElement) => {
    link.blur();
    link.scrollIntoView({ block: 'center' });
  });
  await page.waitForTimeout(300);
  const before = await top();
  writeFileSync(file, 'id,name,address,lat,lon\na1,Aardvark,"1 Low Street, West Bromwich",52.52,-1.99\n');
  server.command('places', 'import', '--source', 'pets', '--status', 'active', '--by', 'Sam', '--apply', file);
  await opens(other, '/');
  await expect(page.getByRole('link', { name: 'Aardvark' })).toHaveCount(1);
  await page.waitForTimeout(300);
  expect(Math.abs((await top()) - before), 'pixels it moved by').toBeLessThanOrEqual(2);
});

test('another question begins the list at its first sheet', async ({ page, server }) => {
  const zebras = Array.from({ length: 30 }, (_, n) => `z${n},Zebra ${n},"${n + 1} High Street, West Bromwich",52.5${n + 10},-1.99,yes`);
  const file = test.info().outputPath('zebras.csv');
  writeFileSync(file, ['id,name,address,lat,lon,step-free', ...zebras].join('\n'));
  server.command('places', 'import', '--source', 'zoo', '--status', 'active', '--by', 'Sam', '--apply', file);
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('button', { name: places.more }).click();
  await expect.poll(() => page.locator('.place').count()).toBeGreaterThan(20);
  await page.getByRole('button', { name: places.step_free }).click();
  await expect(page.locator('.place')).toHaveCount(20);
  await page.getByRole('button', { name: places.more }).click();
  await expect.poll(() => page.locator('.place').count()).toBeGreaterThan(20);
  await page.getByRole('searchbox').fill('zebra');
  await expect(page.locator('.place')).toHaveCount(20);
});

test('far from every place the way is told in kilometres', async ({ page, context, server }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation(LERWICK);
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('button', { name: places.position_use }).click();
  // Some 850 kilometres: nobody is told to walk them.
  await expect(page.locator('.place').first()).toContainText(/\b8\d\d\.\d km/);
  await expect(page.locator('.place').first()).toContainText(places.south);
  await expect(page.locator('.places')).not.toContainText('minutes');
  await expect.poll(() => names(page)).toEqual(nearestNames(LERWICK.latitude, LERWICK.longitude));
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
  await expect.poll(() => names(page)).toEqual(nearestNames(...B66_1BB));
});

test('O for 0 and I for 1 in a postcode are put right', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'b66 Ibb');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'B66 1BB' }), { exact: true })).toBeVisible();
  await looksFor(page, 'B7O');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'B70' }), { exact: true })).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...middleOf('B70')));
});

test('from a district, the nearest comes first', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'ws10');
  await expect(page.getByText(filled(places.from_postcode, { asked: 'WS10' }), { exact: true })).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...middleOf('WS10')));
});

test('a postcode that is in no list is looked for more roughly, and the page says so', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'B66 1ZZ');
  const unlisted = filled(places.from_unlisted, { asked: 'B66 1ZZ', used: 'B66 1' });
  await expect(page.getByRole('status').filter({ hasText: unlisted })).toBeVisible();
  await looksFor(page, 'B66 0AA');
  const noSector = filled(places.from_unlisted, { asked: 'B66 0AA', used: 'B66' });
  await expect(page.getByRole('status').filter({ hasText: noSector })).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...middleOf('B66')));
});

test('a postcode too far away for the list is looked for by its district, and the page says so', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'PL1 1AA');
  const unheld = filled(places.from_unheld, { asked: 'PL1 1AA', used: 'PL1' });
  await expect(page.getByRole('status').filter({ hasText: unheld })).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...middleOf('PL1')));
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


const offering = (offer: string) => samplePlaces().filter(({ offers }) => offers.includes(offer)).map(({ name }) => name);

test('only places that have what somebody needs are shown, and all of it', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  const chip = (name: string) => page.getByRole('button', { name, exact: true });
  await chip(places.quiet_room).click();
  await expect(chip(places.quiet_room)).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await names(page)).sort()).toEqual(offering('quiet-room').sort());
  await chip(places.hearing_loop).click();
  const both = offering('quiet-room').filter((name) => offering('hearing-loop').includes(name));
  expect(both.length).toBeGreaterThan(0);
  await expect.poll(async () => (await names(page)).sort()).toEqual(both.sort());
  await chip(places.quiet_room).click();
  await chip(places.hearing_loop).click();
  await expect.poll(() => names(page)).toHaveLength(samplePlaces().length);
});

test('at night nothing counts as open that may be shut, and the page says whom to ring', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  const always = samplePlaces().filter(({ hours }) => hours.startsWith('24/7')).map(({ name }) => name);
  const night = new Date();
  night.setUTCHours(3, 15);
  await page.clock.setFixedTime(night);
  await opens(page, '/places');
  await page.getByRole('button', { name: places.open_now, exact: true }).click();
  if (always.length > 0) return void (await expect.poll(async () => (await names(page)).sort()).toEqual(always.sort()));
  await expect(page.getByText(places.none_wanted)).toBeVisible();
  await expect(page.locator('main a[href="tel:101"]')).toBeVisible();
  await page.getByRole('button', { name: places.show_all }).click();
  await expect.poll(() => names(page)).toHaveLength(samplePlaces().length);
});

test('a name is found despite mistakes and without its accents, and the page says that it guessed', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  const search = page.getByRole('searchbox', { name: places.search });
  await search.fill('copper kettle cafe');
  await expect(page.getByText(places.name_matches)).toBeVisible();
  await expect.poll(() => names(page)).toEqual(['Copper Kettle Café']);
  await search.fill('latnern libary');
  await expect(page.getByText(places.name_nearly)).toBeVisible();
  await expect.poll(() => names(page)).toEqual(['Lantern Library']);
  await search.fill('xylophone');
  await expect(page.getByText(places.none_match)).toBeVisible();
});

/** Where GeoNames has them, as the list of towns rounds it. */
const WEST_BROMWICH = [52.519, -1.994] as const;
const NEWPORT_SHROPSHIRE = [52.767, -2.377] as const;
const NEWPORT_WALES = [51.588, -2.999] as const;

test('from a town typed with a mistake, the nearest comes first, and the page asks whether it is meant', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'west bromwitch');
  const guessed = filled(places.from_town_nearly, { town: 'West Bromwich' });
  await expect(page.getByRole('status').filter({ hasText: guessed })).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...WEST_BROMWICH));
  // By name the order is another, so that this can only be the town's.
  expect(nearestNames(...WEST_BROMWICH)).not.toEqual(samplePlaces().map(({ name }) => name).sort());
  await looksFor(page, 'West Bromwich');
  await expect(page.getByText(filled(places.from_town, { town: 'West Bromwich' }), { exact: true })).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...WEST_BROMWICH));
});

test('of towns of one name the nearest is taken, and the others can be chosen', async ({ page, context, server }) => {
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation(CAPE_HALL);
  await offlineAt(page, '/places', () => server.kill());
  await page.getByRole('button', { name: places.position_use }).click();
  await expect(page.getByText(places.from_here)).toBeVisible();
  await looksFor(page, 'newport');
  await expect(page.getByText(filled(places.from_town, { town: 'Newport (TF10)' }))).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...NEWPORT_SHROPSHIRE));
  const others = page.getByRole('group', { name: places.towns }).getByRole('button');
  await expect(others.first()).toHaveAttribute('aria-pressed', 'true');
  const wales = others.filter({ hasText: 'Newport (NP20)' });
  await wales.click();
  await expect(wales).toHaveAttribute('aria-pressed', 'true');
  await expect(wales).toBeFocused();
  await expect(page.getByText(filled(places.from_town, { town: 'Newport (NP20)' }))).toBeVisible();
  await expect.poll(() => names(page)).toEqual(nearestNames(...NEWPORT_WALES));
});

test('places that are called as a far town are shown by their name, and the town is offered', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  await looksFor(page, 'street');
  await expect(page.getByText(places.name_matches)).toBeVisible();
  const inStreets = await names(page);
  expect(inStreets).toContain('Lantern Library');
  expect(inStreets).not.toContain('Hawthorns House');
  await page.getByRole('group', { name: places.towns }).getByRole('button', { name: 'Street', exact: true }).click();
  await expect(page.getByText(filled(places.from_town, { town: 'Street' }), { exact: true })).toBeVisible();
  await expect.poll(() => names(page)).toHaveLength(samplePlaces().length);
});

test('a list of 31 days ago is believed no more, and says how old it is', async ({ page, server }) => {
  await offlineAt(page, '/places', () => server.kill());
  const soonAfter = Date.now() + 60_000;
  for (const [days, old] of [[30, false], [31, true]] as const) {
    await page.clock.setFixedTime(new Date(soonAfter + days * 86_400_000));
    await opens(page, '/places');
    await expect(page.locator('.place').first()).toBeVisible();
    await expect(page.getByText(filled(places.old_list, { days: String(days) }))).toHaveCount(old ? 1 : 0);
    const unknown = samplePlaces().filter(({ hours }) => hours === '').length;
    const doubted = await page.locator('.place__hours--unknown').count();
    if (old) expect(doubted).toBe(samplePlaces().length);
    else expect(doubted).toBeLessThanOrEqual(samplePlaces().length - 1);
    expect(doubted).toBeGreaterThanOrEqual(unknown);
  }
});

test('a place tells all that is known of it, and nothing that is not', async ({ page, server }) => {
  await offlineAt(page, '/places/lantern-library', () => server.kill());
  for (const text of ['Library', 'Two minutes from the bus station, across the square.', 'Glass doors beside the clock. The desk is straight ahead.']) {
    await expect(page.getByText(text, { exact: true })).toBeVisible();
  }
  await expect(page.getByText(`${places.step_free}, ${places.toilets}, ${places.quiet_room}, ${places.hearing_loop}`)).toBeVisible();
  await expect(page.getByText('English, Punjabi', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: places.welcome })).toBeVisible();
  await opens(page, '/places/hawthorns-house');
  await expect(page.getByText(places.offers, { exact: true })).toHaveCount(0);
  await expect(page.getByText(places.languages, { exact: true })).toHaveCount(0);
  await expect(page.getByText(places.checked, { exact: true })).toHaveCount(0);
});

test('“It was closed” is kept with no network, without a name, and can be said once a visit', async ({ page, server }) => {
  await offlineAt(page, '/places/lantern-library', () => server.kill());
  await page.getByRole('button', { name: places.note_closed }).click();
  await expect(page.getByText(places.note_kept)).toBeVisible();
  await expect(page.getByRole('button', { name: places.note_closed })).toHaveCount(0);
  const { notes } = await kept(page);
  const [waiting] = Object.values(notes) as { note: unknown }[];
  expect(waiting.note).toEqual({ kind: 'was-closed', place: 'lantern-library', day: expect.any(String) });
  // Said again on another visit, it is still one phone's word.
  await opens(page, '/places/lantern-library');
  await page.getByRole('button', { name: places.note_closed }).click();
  await expect(page.getByText(places.note_kept)).toBeVisible();
  expect(Object.keys((await kept(page)).notes)).toHaveLength(1);
});
