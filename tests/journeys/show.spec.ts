// The card in a stranger's eyes: who it is, what to do, whom to ring; spoken, pointed at, and on a
// phone that is nearly empty.
import type { Page } from '@playwright/test';
import { ALI, keepsCard } from '../harness/card.ts';
import { installs, opens, ready } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { hasVoices, said } from '../harness/voice.ts';
import { filled, words } from '../harness/words.ts';

const card = words('card');
const board = words('board');
const phrases = words('phrases');

const SIZES = [
  { width: 320, height: 640 },
  { width: 360, height: 640 },
  { width: 390, height: 844 },
  { width: 640, height: 360 },
];

const over = (page: Page) => page.evaluate(() => ({
  down: document.documentElement.scrollHeight - innerHeight,
  across: document.documentElement.scrollWidth - innerWidth,
}));

/** What stands on the screen: how large its letters are, and where. */
async function stands(page: Page, selector: string, text: string) {
  return page.locator(selector, { hasText: text }).first().evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return { letters: parseFloat(getComputedStyle(element).fontSize), top, bottom, left, right };
  });
}

test('within five seconds: who it is, what to do and whom to ring stand on the screen, large, in this order', async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  const name = await stands(page, '.card__name', 'Ali');
  const seat = await stands(page, '.card__please li', phrases.quiet_seat);
  const ring = await stands(page, '.ring', 'Sam');
  const number = await stands(page, '.ring__number', '07700 900 123');
  expect(name.letters).toBeGreaterThanOrEqual(44);
  expect(seat.letters).toBeGreaterThanOrEqual(18);
  expect(number.letters).toBeGreaterThanOrEqual(17);
  expect(ring.bottom - ring.top).toBeGreaterThanOrEqual(60);
  expect(ring.right - ring.left).toBeGreaterThan(320);
  expect(name.top).toBeLessThan(200);
  expect(seat.top).toBeGreaterThan(name.bottom);
  expect(ring.top).toBeGreaterThan(seat.bottom);
  for (const line of [phrases.hard_to_speak, phrases.scared_by_noise, phrases.quiet_seat, phrases.short_sentences, phrases.give_time]) {
    await expect(page.getByText(line)).toBeInViewport({ ratio: 1 });
  }
  await expect(page.getByRole('link', { name: /Sam/ })).toHaveAttribute('href', 'tel:07700900123');
  const give = await stands(page, '.card__give', card.give);
  expect(give.top).toBeGreaterThanOrEqual(ring.bottom);
  expect(give.bottom).toBeLessThanOrEqual(640);
  expect(await over(page)).toEqual({ down: 0, across: 0 });
});

for (const size of SIZES) {
  test(`nothing of the card has to be scrolled to at ${size.width} × ${size.height}`, async ({ page, server }) => {
    await page.setViewportSize(size);
    await installs(page);
    await server.kill();
    const cards = {
      usual: ALI,
      alone: { ...ALI, photo: undefined, contacts: ALI.contacts!.slice(0, 1) },
      fuller: {
        ...ALI,
        may: [...ALI.may!, 'ready:get-lost', 'ready:look-calm-and-not-be'],
        please: [...ALI.please!, 'ready:stay-with-me'],
        contacts: [...ALI.contacts!, { name: 'Day centre', telephone: '0121 496 0456' }],
      },
      'with needs': { ...ALI, symbols: ['hearing', 'sign-language', 'lost', 'water'], moved: [['photo', 'front'], ['symbols', 'front'], ['dont', 'front']] as [string, string][] },
    };
    for (const [name, typed] of Object.entries(cards)) {
      await keepsCard(page, typed);
      const { down, across } = await over(page);
      expect({ name, down, across }).toEqual({ name, down: 0, across: 0 });
      await expect(page.locator('.ring').first()).toBeInViewport({ ratio: 1 });
      const covered = await page.evaluate(() => {
        const foot = document.querySelector('.card__foot')!.getBoundingClientRect();
        const parts = [...document.querySelectorAll('.card__body li, .card__body h1, .card__body p')];
        return parts.filter((part) => part.getBoundingClientRect().bottom > foot.top + 1).map((part) => part.textContent);
      });
      expect({ name, covered }).toEqual({ name, covered: [] });
    }
  });
}

test('with letters twice as large the name, what to do and the ring come first', async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  await page.evaluate(() => void (document.documentElement.style.fontSize = '200%'));
  const tops = await page.evaluate(() =>
    ['.card__hello', '.card__please', '.card__ring', '.card__may'].map((part) => document.querySelector(part)!.getBoundingClientRect().top));
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  expect((await over(page)).across).toBe(0);
});

test('photo and pictograms are painted before the app is there, and nothing moves when it comes', async ({ page, server, context }) => {
  await installs(page);
  await keepsCard(page, ALI);
  await server.kill();
  const look = () => page.evaluate(() => ({
    app: document.documentElement.dataset.ready,
    photo: document.querySelector<HTMLImageElement>('img.card__photo')?.src.slice(0, 22),
    drawn: [...document.querySelectorAll('.tile svg')].map((one) => one.querySelectorAll('path, circle').length > 0),
    places: [...document.querySelectorAll('.card *, .card-head *')].map((one) => JSON.stringify(one.getBoundingClientRect())),
  }));
  // The app's program is kept from starting.
  await context.addInitScript(() => {
    if (sessionStorage.getItem('without-app')) Object.defineProperty(globalThis, 'requestIdleCallback', { value: () => 0 });
    if (sessionStorage.getItem('without-app')) globalThis.setTimeout = (() => 0) as never;
  });
  await opens(page, '/card');
  const with_app = await look();
  await page.evaluate(() => sessionStorage.setItem('without-app', '1'));
  await page.goto('/card');
  await expect(page.locator('.card__name')).toBeVisible();
  const before = await look();
  expect(before.app).toBeUndefined();
  expect(before.photo).toBe('data:image/jpeg;base64');
  expect(before.drawn).toEqual([true, true, true, true, true]);
  expect(before.places).toEqual(with_app.places);
});

test('what the holder keeps for the helper is not in the page of the front', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  expect(await page.content()).not.toContain('my blue hat');
});

const speak = (page: Page) => page.getByRole('button', { name: card.speak_spoken });

for (const [name, voices] of Object.entries({
  'no voice at all': [],
  'only voices of a network': [{ lang: 'en-GB', localService: false }],
  'only a voice of another language': [{ lang: 'pl-PL', localService: true }],
  'no speech in the browser': null,
})) {
  test(`with ${name} there is no Speak button, before or after the app`, async ({ page, server }) => {
    await hasVoices(page, voices);
    await installs(page);
    await server.kill();
    await keepsCard(page, ALI);
    await expect(page.getByRole('link', { name: card.board })).toBeVisible();
    await expect(speak(page)).toHaveCount(0);
    await opens(page, '/card/board');
    await page.getByRole('button', { name: board.yes, exact: true }).click();
    expect((await said(page)).filter((line) => line !== 'cancel')).toEqual([]);
  });
}

test('a voice on the phone reads the card aloud, and stops when asked', async ({ page, server }) => {
  await hasVoices(page, [{ lang: 'en-GB', localService: false }, { lang: 'en-GB-local', localService: true }]);
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  await speak(page).click();
  const lines = (await said(page)).filter((line) => line !== 'cancel');
  expect(lines[0]).toBe('en-GB-local: Hello, I am Ali.');
  expect(lines).toContain(`en-GB-local: ${filled(card.spoken_please, { what: phrases.quiet_seat })}`);
  expect(lines.at(-1)).toMatch(/ring Sam, my sister\. The number is 0 7 7 0 0/);
  await page.getByRole('button', { name: card.stop }).click();
  expect((await said(page)).at(-1)).toBe('cancel');
  await expect(speak(page)).toBeVisible();
  // From now on the button is there before the app.
  expect(await page.evaluate(() => localStorage.voice)).toBe('en');
});

test('own words are said in the holder’s language, ready phrases in the reader’s', async ({ page, server }) => {
  await hasVoices(page, [{ lang: 'pl-PL', localService: true }, { lang: 'en-GB', localService: true }]);
  await installs(page);
  await server.kill();
  await page.evaluate(() => localStorage.setItem('card-language', 'pl'));
  await keepsCard(page, { ...ALI, may: ['ready:get-lost', 'gubię się'] });
  await speak(page).click();
  const lines = await said(page);
  expect(lines).toContain('pl-PL: gubię się');
  expect(lines).toContain(`en-GB: ${filled(card.spoken_may, { what: phrases.get_lost })}`);
});

test('a tile of the board fills the screen and is said aloud, with no network', async ({ page, server }) => {
  await hasVoices(page, [{ lang: 'en-GB', localService: true }]);
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  await page.getByRole('link', { name: card.board }).click();
  await expect(page.getByRole('heading', { level: 1, name: board.title })).toBeFocused();
  const yes = page.getByRole('button', { name: board.yes, exact: true });
  expect((await yes.boundingBox())!.height).toBeGreaterThan(120);
  await yes.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: board.yes, exact: true })).toBeFocused();
  expect(await said(page)).toContain(`en-GB: ${board.yes}`);
  const drawn = page.locator('.board-alone__drawing');
  expect((await drawn.boundingBox())!.width).toBeGreaterThan(200);
  await page.getByRole('button', { name: board.back }).click();
  for (const id of ['no', 'point_to_it', 'pain', 'toilet', 'drink', 'phone', 'police', 'home', 'write']) {
    await expect(page.getByRole('button', { name: board[id], exact: true })).toBeVisible();
  }
});

/** A screen lock that tells what was asked of it. */
async function watchesTheScreen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const screen = { held: 0, asked: 0 };
    Object.assign(globalThis, { screenLock: screen });
    const request = async () => {
      screen.held += 1;
      screen.asked += 1;
      return { release: async () => void (screen.held -= 1) };
    };
    Object.defineProperty(Navigator.prototype, 'wakeLock', { get: () => ({ request }), configurable: true });
  });
}

const screenLock = (page: Page) => page.evaluate(() => (globalThis as unknown as { screenLock: { held: number; asked: number } }).screenLock);

test('the screen stays on while the card is shown, and may sleep again after', async ({ page, server }) => {
  await watchesTheScreen(page);
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  await expect.poll(() => screenLock(page)).toEqual({ held: 1, asked: 1 });
  // Browsers take it away when the page is hidden; seen again, it is asked for again.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect.poll(() => screenLock(page)).toEqual({ held: 1, asked: 2 });
  await page.getByRole('link', { name: card.close }).click();
  await expect.poll(async () => (await screenLock(page)).held).toBe(0);
});

/** A battery as the browser tells of it. */
async function hasBattery(page: Page, level: number, charging: boolean): Promise<void> {
  await page.addInitScript(([level, charging]) => {
    const battery = Object.assign(new EventTarget(), { level, charging });
    Object.assign(globalThis, { battery });
    Object.defineProperty(Navigator.prototype, 'getBattery', { value: async () => battery, configurable: true });
  }, [level, charging] as const);
}

const low = (page: Page) => page.locator('html[data-power="low"][data-theme="dark"]');

test('a nearly empty phone lets the screen sleep, goes dark and puts the number first', async ({ page, server }) => {
  await watchesTheScreen(page);
  await hasBattery(page, 0.14, false);
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  await expect(low(page)).toHaveCount(1);
  await expect.poll(async () => (await screenLock(page)).held).toBe(0);
  const ring = await stands(page, '.ring', 'Sam');
  const name = await stands(page, '.card__name', 'Ali');
  expect(ring.bottom).toBeLessThanOrEqual(name.top);
  // It is charged again: everything is as before.
  await page.evaluate(() => {
    const { battery } = globalThis as unknown as { battery: EventTarget & { charging: boolean } };
    battery.charging = true;
    battery.dispatchEvent(new Event('chargingchange'));
  });
  await expect(low(page)).toHaveCount(0);
  await expect.poll(async () => (await screenLock(page)).held).toBe(1);
});

test('“Save battery” does the same where the browser does not tell, also before the app is there', async ({ page, server }) => {
  await watchesTheScreen(page);
  await page.addInitScript(() => void Reflect.deleteProperty(Navigator.prototype, 'getBattery'));
  await installs(page);
  await server.kill();
  await keepsCard(page, ALI);
  await expect(low(page)).toHaveCount(0);
  const save = page.getByRole('button', { name: card.save_battery });
  await save.click();
  await expect(save).toHaveAttribute('aria-pressed', 'true');
  await expect(low(page)).toHaveCount(1);
  await expect.poll(async () => (await screenLock(page)).held).toBe(0);
  await page.goto('/card', { waitUntil: 'commit' });
  await expect(low(page)).toHaveCount(1);
  await ready(page);
  await expect(low(page)).toHaveCount(1);
  await page.getByRole('link', { name: card.close }).click();
  await expect(low(page)).toHaveCount(0);
  await page.goBack();
  await save.click();
  await expect(low(page)).toHaveCount(0);
});
