// Help now: what comes first by day and by night, with nothing at all, and with a position that is
// good, bad, far off or refused; being lost, step by step; places a person knows.
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { installs, makesCard, opens, ready } from '../harness/person.ts';
import { nearestNames } from '../harness/scheme.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const help = words('help');
const lost = words('lost');
const usual = words('usual');
const ALI = { name: 'Ali', contact: { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' } };
/** The one place of the sample scheme that is not made up. */
const HAWTHORNS = { latitude: 52.5037, longitude: -1.9679 };
const METRE = 1 / 111_195;

/** The time zone in which it is this hour now: the phone's clock and its positions then agree. */
function zoneWhereItIs(hour: number): string {
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** The phone is so many metres south of Hawthorns House. */
async function stands(page: Page, metres: number, accuracy: number): Promise<void> {
  const { latitude, longitude } = HAWTHORNS;
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: latitude - metres * METRE, longitude, accuracy });
}

/** A checked place that is open day and night, so many metres north of Hawthorns House. */
async function addsOpenPlace(page: Page, name: string, metres: number): Promise<void> {
  const point = { lat: HAWTHORNS.latitude + metres * METRE, lon: HAWTHORNS.longitude };
  await page.evaluate(async ({ name, point }) => {
    const day = (ahead: number) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const database = await new Promise<IDBDatabase>((resolve) => {
      const open = indexedDB.open('safe-place');
      open.onsuccess = () => resolve(open.result);
    });
    const all = Array.from({ length: 7 }, () => ({ open: [[0, 1440]] }));
    const opening = { week: all, dated: [], through: day(300) };
    const place = { id: 'beacon', revision: 9_999, name, address: '1 Beacon Street', point, opening, review_by: day(100) };
    const store = database.transaction('places', 'readwrite').objectStore('places');
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const held = await done(store.get('places'));
    const whole = { ...place, sample: false, ring_first: false, offers: [], languages: [] };
    if (held.places instanceof Map) held.places.set(place.id, whole);
    else held.places[place.id] = whole;
    await done(store.put(held, 'places'));
    database.close();
  }, { name, point });
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const finds = (page: Page) => page.getByRole('button', { name: lost.position_use }).click();
const rowTitles = (page: Page) => page.locator('.help-rows .row__title').allTextContents();

/** The phone faces this way, in degrees from north. */
async function faces(page: Page, degrees: number): Promise<void> {
  await page.evaluate((alpha) => {
    dispatchEvent(new DeviceOrientationEvent('deviceorientationabsolute', { alpha, absolute: true }));
  }, 360 - degrees);
}

test.describe('by day', () => {
  test.use({ timezoneId: zoneWhereItIs(12) });

  test('ringing somebody comes first, and four rows are of one size', async ({ page }) => {
    await installs(page);
    await makesCard(page, ALI);
    await opens(page, '/help');
    const sam = filled(help.ring, { name: 'Sam' });
    expect(await rowTitles(page)).toEqual([sam, help.cope, help.place, help.lost]);
    const sizes = await page.locator('.help-rows .row').evaluateAll((rows) => rows.map((row) => {
      const { width, height } = row.getBoundingClientRect();
      return `${width}×${height}`;
    }));
    expect(new Set(sizes).size).toBe(1);
    await expect(page.getByRole('link', { name: sam })).toHaveAttribute('href', 'tel:07700900123');
    // 999 is in sight from the start.
    await expect(page.locator('a[href="tel:999"]')).toBeInViewport({ ratio: 1 });
    await expect(page.locator('a[href="tel:101"]')).toBeInViewport({ ratio: 1 });
  });

  test('the nearest place is told with its walk and the way in words, and help remembers the walk', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await stands(page, 300, 30);
    await opens(page, '/help');
    await page.getByRole('link', { name: help.place }).click();
    await expect(heading(page, lost.near_title)).toBeFocused();
    await finds(page);
    await expect(page.getByRole('heading', { level: 2, name: 'Hawthorns House' })).toBeVisible();
    // 300 m × 1.3 ÷ 75 m a minute.
    const walk = filled(help.walk_minutes, { minutes: '6' });
    await expect(page.getByText(walk)).toBeVisible();
    const way = filled(lost.towards, { direction: words('places').north, address: 'Halfords Lane, West Bromwich' });
    await expect(page.getByText(way)).toBeVisible();
    await expect(page.getByText(lost.near_closed)).toBeVisible();
    await expect(page.getByText(lost.near_far)).toHaveCount(0);
    await page.locator('.bar__help').click();
    await expect(page.locator('.row', { hasText: help.place })).toContainText(walk);
  });

  test('nobody is sent to a place that is made up', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    const [latitude, longitude] = [52.5178, -1.9952];
    expect(nearestNames(latitude, longitude)[0]).toBe('Lantern Library');
    await page.context().grantPermissions(['geolocation']);
    await page.context().setGeolocation({ latitude, longitude, accuracy: 20 });
    await opens(page, '/help/near');
    await finds(page);
    await expect(page.getByRole('heading', { level: 2, name: 'Hawthorns House' })).toBeVisible();
  });

  test('where the walk is long, the contact and 101 come first', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await makesCard(page, ALI);
    await stands(page, 900, 30);
    await opens(page, '/help/near');
    await finds(page);
    await expect(page.getByText(lost.near_far)).toBeVisible();
    expect(await rowTitles(page)).toEqual([filled(help.ring, { name: 'Sam' }), help.n101]);
    const order = await page.locator('main :is(.notice, .help-rows, .near)').evaluateAll((all) => all.map((one) => one.classList[0]));
    expect(order).toEqual(['notice', 'stack', 'near']);
  });

  test('an arrow points the way only near by, with a good position and a compass', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await stands(page, 200, 20);
    await opens(page, '/help/near');
    await finds(page);
    await expect(page.locator('.near')).toBeVisible();
    await page.context().grantPermissions(['geolocation', 'accelerometer', 'gyroscope', 'magnetometer']);
    const arrow = page.locator('.way__arrow path');
    await expect(arrow).toHaveCount(0);
    // A browser that wants to be asked for the compass is asked after a tap.
    await page.getByRole('button', { name: lost.arrow_ask }).click();
    await expect(async () => {
      await faces(page, 90);
      await expect(arrow).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 15_000 });
    // The place is in the north and the phone faces east: the arrow points to its left.
    await expect(arrow).toHaveAttribute('transform', 'rotate(270 32 32)');
    await expect(page.getByText(lost.arrow)).toBeVisible();
    await stands(page, 200, 60);
    await expect(arrow).toHaveCount(0);
    await stands(page, 310, 20);
    await expect(page.getByText(filled(lost.good_to_metres, { metres: '20' }))).toBeVisible();
    await expect(arrow).toHaveCount(0);
  });

  test('who does not give the position still has every other way', async ({ page, server }) => {
    await installs(page);
    await server.kill();
    await page.context().clearPermissions();
    await opens(page, '/help/near');
    await finds(page);
    await expect(page.getByText(lost.position_denied)).toBeVisible();
    await expect(page.getByRole('link', { name: lost.near_list })).toHaveAttribute('href', '/places');
    await expect(page.getByRole('link', { name: lost.ask_someone })).toBeVisible();
  });
});

test('at night somebody to talk to comes first', async ({ page }) => {
  for (const [time, first] of [['23:30', help.cope], ['05:59', help.cope], ['06:00', help.ring_nobody], ['21:59', help.ring_nobody]]) {
    await page.clock.setFixedTime(new Date(`2026-11-22T${time}:00Z`));
    await opens(page, '/help');
    expect((await rowTitles(page))[0], time).toBe(first);
  }
});

test('where nothing is known to be open, people come before the nearest door', async ({ page }) => {
  await installs(page);
  await stands(page, 100, 20);
  await opens(page, '/help/near');
  await expect(page.getByText(lost.near_none_open)).toHaveCount(0);
  await finds(page);
  await expect(page.getByText(lost.near_none_open)).toBeVisible();
  await expect(page.getByText(lost.near_closed)).toBeVisible();
});

test('an open door is shown before a nearer one that is not, and nobody is rung first', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await addsOpenPlace(page, 'Beacon Centre', 700);
  await stands(page, 100, 20);
  await opens(page, '/help/near');
  await finds(page);
  await expect(page.getByRole('heading', { level: 2, name: 'Beacon Centre' })).toBeVisible();
  await expect(page.getByText(words('places').state_always)).toBeVisible();
  for (const first of [lost.near_none_open, lost.near_far, lost.near_closed]) await expect(page.getByText(first)).toHaveCount(0);
  await expect(page.locator('.help-rows')).toHaveCount(0);
});

test('help needs no signal, no position and no card', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/help');
  await expect(page.getByRole('link', { name: help.ring_nobody })).toHaveAttribute('href', '/card/edit');
  await expect(page.getByText(help.call_list)).toBeVisible();
  await page.getByText(help.other_ways).click();
  for (const way of [help.cannot_speak, help.deaf_text, help.deaf_bsl, help.deaf_relay]) await expect(page.getByText(way)).toBeVisible();
  await page.getByRole('link', { name: help.cope }).click();
  await expect(heading(page, help.cope_title)).toBeFocused();
  await expect(page.locator('.cope-rows a[href="tel:116123"]')).toBeVisible();
});

test('the lines of the scheme are there, each as large as the other', async ({ page }) => {
  await installs(page);
  await opens(page, '/help/cope');
  const links = page.locator('.cope-rows a');
  await expect(page.locator('.cope-rows a[href="sms:07860025281"]')).toBeVisible();
  for (const link of ['tel:116123', 'tel:111']) await expect(page.locator(`.cope-rows a[href="${link}"]`)).toBeVisible();
  const heights = await links.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(heights).toHaveLength(4);
  expect(new Set(heights).size).toBe(1);
});

test('before the scheme has come, the lines that serve everywhere are there', async ({ page }) => {
  await page.route('**/api/**', (route) => route.abort());
  await opens(page, '/help/cope');
  for (const link of ['tel:116123', 'sms:85258?body=SHOUT', 'tel:111']) await expect(page.locator(`.cope-rows a[href="${link}"]`)).toBeVisible();
});

test('somebody who is lost goes through five steps by keyboard, with nothing but the phone', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, ALI);
  await opens(page, '/help/lost');
  const steps = [lost.stay_title, lost.contact_title, lost.ask_title, lost.where_title, lost.places_title];
  for (const [at, title] of steps.entries()) {
    await expect(heading(page, title)).toBeVisible();
    await expect(page.getByText(filled(lost.step, { n: String(at + 1) }))).toBeVisible();
    if (title === lost.contact_title) await expect(page.locator('main a[href="tel:07700900123"]')).toBeVisible();
    if (title === lost.ask_title) {
      // Nothing is known, and there still is something to show.
      await expect(page.locator('.sign')).toContainText(lost.ask_lost);
      await expect(page.locator('.sign')).toContainText('07700 900 123');
    }
    if (at < 4) {
      await page.locator('.actions .button--main').focus();
      await page.keyboard.press('Enter');
      await expect(heading(page, steps[at + 1])).toBeFocused();
    }
  }
  await page.goBack();
  await expect(heading(page, lost.where_title)).toBeFocused();
});

test('the nearest place is shown in huge type to whoever is asked', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await stands(page, 300, 30);
  await opens(page, '/help/lost/ask');
  await finds(page);
  await expect(page.locator('.sign')).toContainText(lost.ask_please);
  const name = page.locator('.sign__name');
  await expect(name).toHaveText('Hawthorns House');
  expect(await page.locator('.sign__line').allTextContents()).toEqual(['Halfords Lane', 'West Bromwich']);
  const size = await name.evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  expect(size).toBeGreaterThanOrEqual(47);
  // Asked for once, known on every page.
  await page.locator('.actions .button--main').click();
  await expect(page.locator('.told')).toBeVisible();
});

test('the postcode to tell is told with its age and how good it is', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, ALI);
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: 52.50366, longitude: -1.96786, accuracy: 24 });
  await opens(page, '/help/lost/near');
  await finds(page);
  // Two postcodes lie within the file's twenty metres.
  await expect(page.locator('.told')).toHaveText(/B66 1(AG|BB)/);
  const good = filled(lost.good_to_metres, { metres: '30' });
  await expect(page.getByText(`(${lost.age_now}, ${good})`)).toBeVisible();
  await expect(page.getByText(filled(lost.tell, { name: 'Sam' }))).toBeVisible();
  await expect(page.getByText('52.50366, -1.96786')).toBeVisible();
  await page.clock.setFixedTime(Date.now() + 190_000);
  await expect(page.getByText(`(${filled(lost.age_minutes, { minutes: '3' })}, ${good})`)).toBeVisible();
});

test('a position that is a guess names a district, or nothing', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: 52.50366, longitude: -1.96786, accuracy: 800 });
  await opens(page, '/help/lost/near');
  await finds(page);
  const said = page.locator('.told');
  await expect(said).toHaveText(filled(lost.in_district, { postcode: 'B66' }));
  await page.context().setGeolocation({ latitude: 60.15, longitude: -1.15, accuracy: 20 });
  await expect(said).toHaveText(lost.no_postcode);
});

for (const [phone, userAgent, mark] of [
  ['an Android phone', undefined, '?'],
  ['an iPhone', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15', '&'],
] as const) {
  test.describe(`on ${phone}`, () => {
    test.use({ userAgent });

    test('the message to the contact says where, in plain words', async ({ page, server }) => {
      await installs(page);
      await server.kill();
      await makesCard(page, ALI);
      await opens(page, '/help');
      await page.getByRole('link', { name: filled(help.text, { name: 'Sam' }) }).click();
      await expect(heading(page, lost.text_title)).toBeFocused();
      const open = page.getByRole('link', { name: lost.text_open });
      const start = `sms:07700900123${mark}body=`;
      const unknown = encodeURIComponent(`${lost.text_said} ${lost.text_said_unknown}`);
      await expect(open).toHaveAttribute('href', start + unknown.replace(/'/g, '%27'));
      await page.context().grantPermissions(['geolocation']);
      await page.context().setGeolocation({ latitude: 52.50366, longitude: -1.96786, accuracy: 24 });
      await finds(page);
      await expect(page.locator('.message')).toContainText('52.50366, -1.96786');
      await expect(page.locator('.message')).toContainText(/B66 1(AG|BB)/);
      const href = (await open.getAttribute('href')) ?? '';
      expect(href.startsWith(start)).toBe(true);
      const message = await page.locator('.message').textContent();
      expect(decodeURIComponent(href.slice(start.length))).toBe(message);
    });
  });
}

test('a usual place is made, and shown to somebody, with no network', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await stands(page, 500, 20);
  await opens(page, '/card/usual-places');
  await page.getByRole('button', { name: usual.kind_day_centre }).click();
  await page.getByLabel(usual.name).fill('Sunny Rooms');
  await page.getByLabel(usual.address).fill('5 Example Road\nSmethwick');
  await page.getByLabel(usual.directions).fill('From the clock, down the hill.');
  await page.getByRole('button', { name: usual.here, exact: true }).click();
  await expect(page.getByText(usual.here_kept)).toBeVisible();
  await expect(page.getByText(usual.kept, { exact: true })).toBeVisible();
  const stored = async () => JSON.stringify(await kept(page));
  await expect.poll(stored).toContain('Sunny Rooms');
  await opens(page, '/help/lost/places');
  await expect(page.getByText('From the clock, down the hill.')).toBeVisible();
  await page.getByRole('link', { name: lost.places_show }).click();
  await expect(heading(page, lost.ask_title)).toBeFocused();
  await expect(page.locator('.sign__name')).toHaveText('Sunny Rooms');
  expect(await page.locator('.sign__line').allTextContents()).toEqual(['5 Example Road', 'Smethwick']);
  // It is still there after a reload, and can be taken away.
  await opens(page, '/card/usual-places');
  await expect(page.getByLabel(usual.name)).toHaveValue('Sunny Rooms');
  await page.getByRole('button', { name: filled(usual.remove_for, { name: 'Sunny Rooms' }) }).click();
  await expect.poll(stored).not.toContain('Sunny Rooms');
});

test('a place is not pinned where the phone only guesses', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await stands(page, 500, 400);
  await opens(page, '/card/usual-places');
  await page.getByRole('button', { name: usual.here, exact: true }).click();
  await expect(page.getByText(usual.here_unsure)).toBeVisible();
  await expect(page.getByText(usual.here_kept)).toHaveCount(0);
});

test('typing before the kept places were read loses none of them', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card/usual-places');
  await page.getByLabel(usual.name).fill('Home');
  await expect(page.getByText(usual.kept, { exact: true })).toBeVisible();
  await page.getByRole('button', { name: usual.add }).click();
  await page.getByLabel(usual.name).nth(1).fill('Bus stop');
  await expect.poll(async () => JSON.stringify(await kept(page))).toContain('Bus stop');
  await page.reload();
  await ready(page);
  await page.getByLabel(usual.name).first().fill('My home');
  await expect.poll(async () => JSON.stringify(await kept(page))).toMatch(/My home.*Bus stop/);
});

/** The phone has this voice and no other; what it is told to say is noted. */
async function hasVoice(page: Page, localService: boolean): Promise<void> {
  await page.addInitScript((localService) => {
    const said: string[] = [];
    const voice = { localService, lang: 'en-GB', name: 'voice' };
    class Utterance extends EventTarget {
      constructor(text: string) {
        super();
        Object.assign(this, { text });
      }
    }
    const speechSynthesis = Object.assign(new EventTarget(), {
      getVoices: () => [voice], cancel: () => {}, speak: ({ text }: { text: string }) => said.push(text),
    });
    Object.assign(globalThis, { said });
    Object.defineProperty(globalThis, 'speechSynthesis', { value: speechSynthesis });
    Object.defineProperty(globalThis, 'SpeechSynthesisUtterance', { value: Utterance });
  }, localService);
}

test('a voice on the phone says the sign', async ({ page }) => {
  await hasVoice(page, true);
  await opens(page, '/help/lost/ask');
  await page.getByRole('button', { name: lost.say }).click();
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said.join());
  expect(said).toContain(lost.ask_lost);
});

test('a voice that sends the words away is not offered', async ({ page }) => {
  await hasVoice(page, false);
  await opens(page, '/help/lost/ask');
  await expect(page.locator('.sign')).toContainText(lost.ask_lost);
  await expect(page.getByRole('button', { name: lost.say })).toHaveCount(0);
});

test('the last row of usual places is the sixth', async ({ page }) => {
  await opens(page, '/card/usual-places');
  for (let n = 1; n < 6; n += 1) await page.getByRole('button', { name: usual.add }).click();
  await expect(page.getByText(usual.full)).toBeVisible();
  await expect(page.getByRole('button', { name: usual.add })).toHaveCount(0);
});
