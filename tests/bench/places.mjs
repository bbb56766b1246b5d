// How much longer the first list takes to be painted with 10,000 places on the phone than with 100,
// offline, in a new page each; and how long typing in the search blocks a frame. Prints ratios.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, copyFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');
const SAMPLE = join(ROOT, 'server/sample');
const RUNS = Number(process.env.RUNS ?? 20);
const FEW = 100;
const MANY = 10_000;
const LIMIT = 1.3;
/** A cheap phone beside this machine. */
const SLOWER = 4;
/** What somebody types: a town with a mistake, a name, nothing at all. */
const TYPED = ['west bromwitch', 'library 77', 'xylophone'];

const folder = mkdtempSync(join(tmpdir(), 'safe-place-bench-'));
const phones = [];
try {
  phones.push(await phone(FEW), await phone(MANY));
  const pairs = [];
  for (let run = 1; run <= RUNS; run++) {
    // Interleaved, and in turns, so that a busy moment meets both.
    const order = run % 2 ? phones : [...phones].reverse();
    const times = {};
    for (const one of order) times[one.places] = await painted(one);
    pairs.push(times);
    console.log(`${String(run).padStart(3)}  ${FEW} places ${round(times[FEW])} ms   ${MANY} places ${round(times[MANY])} ms`);
  }
  report(pairs);
  for (const one of phones) await typing(one);
} finally {
  for (const one of phones) {
    await one.browser?.close();
    one.server.kill('SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** A browser that holds so many places, and whose server is gone. */
async function phone(places) {
  const scheme = join(folder, `scheme-${places}`);
  mkdirSync(scheme);
  for (const file of readdirSync(SAMPLE)) copyFileSync(join(SAMPLE, file), join(scheme, file));
  writeFileSync(join(scheme, 'places.csv'), list(places));
  const one = { places, ...(await serve(scheme, places)) };
  one.browser = await chromium.launchPersistentContext(join(folder, `profile-${places}`), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: { width: 360, height: 640 },
    baseURL: one.home,
  });
  const page = await one.browser.newPage();
  await page.goto('/');
  await page.waitForSelector('html[data-ready]');
  await until(page, () => navigator.serviceWorker.controller?.state === 'activated');
  await page.goto('/places');
  await page.waitForSelector('.place');
  await page.close();
  one.server.kill('SIGKILL');
  return one;
}

/** Places around West Bromwich, each with hours, as a scheme's list has them. */
function list(places) {
  const [head] = readFileSync(join(SAMPLE, 'places.csv'), 'utf8').split('\n');
  const columns = head.split(',');
  const kinds = ['Library', 'Café', 'Pharmacy', 'Hall', 'Bakery'];
  const towns = ['West Bromwich', 'Smethwick', 'Oldbury', 'Wednesbury', 'Tipton'];
  const rows = Array.from({ length: places }, (_, at) => {
    const place = {
      id: `place-${at}`, name: `Sample ${kinds[at % 5]} ${at}`, address: `"${at} Example Road, ${towns[at % 5]}"`,
      lat: 52.3 + ((at * 7919) % 10_007) / 25_000, lon: -2.2 + ((at * 104_729) % 10_009) / 20_000,
      opening_hours: 'Mo-Fr 09:00-17:00; Sa 10:00-14:00; PH off', sample: 'true', nation: 'england',
      offers: 'step-free toilets', languages: 'en', telephone: '0121 496 0000',
    };
    return columns.map((column) => place[column] ?? '').join(',');
  });
  return [head, ...rows, ''].join('\n');
}

async function serve(scheme, places) {
  const log = join(folder, `log-${places}`);
  const out = openSync(log, 'w');
  const env = {
    ...process.env, SAFE_PLACE_SITE: SITE, SAFE_PLACE_SCHEME: scheme,
    SAFE_PLACE_DATA: join(folder, `data-${places}`), SAFE_PLACE_LISTEN: '127.0.0.1:0',
  };
  const server = spawn(SERVER, ['serve'], { env, stdio: ['ignore', out, out] });
  for (let tries = 0; tries < 6000; tries++) {
    const said = readFileSync(log, 'utf8');
    const port = /ready: \S+:(\d+)/.exec(said)?.[1];
    if (port) return { server, home: `http://127.0.0.1:${port}` };
    if (server.exitCode !== null) throw new Error(`the server ended: ${said}`);
    await pause(50);
  }
  throw new Error(`the server is not ready: ${readFileSync(log, 'utf8')}`);
}

async function until(page, holds) {
  for (let tries = 0; tries < 600; tries++) {
    if (await page.evaluate(holds)) return;
    await pause(50);
  }
  throw new Error(`never came true: ${holds}`);
}

/** From the start of navigation to the frame after the first place stands there, in milliseconds. */
async function painted({ browser }) {
  const page = await browser.newPage();
  try {
    const session = await browser.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.addInitScript(() => {
      const look = () => {
        if (!document.querySelector('.place')) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => (globalThis.paintedAt = performance.now())));
      };
      requestAnimationFrame(look);
    });
    await page.goto('/places', { waitUntil: 'commit' });
    await until(page, () => globalThis.paintedAt !== undefined);
    return await page.evaluate(() => globalThis.paintedAt);
  } finally {
    await page.close();
  }
}

/** The longest stretch in which nothing could be painted while somebody types. Advisory. */
async function typing({ browser, places }) {
  const page = await browser.newPage();
  await page.goto('/places');
  await page.waitForSelector('.place');
  const session = await browser.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.evaluate(() => {
    globalThis.longest = 0;
    let last = performance.now();
    const tick = (now) => {
      globalThis.longest = Math.max(globalThis.longest, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame((now) => ((last = now), requestAnimationFrame(tick)));
  });
  for (const text of TYPED) {
    await page.fill('#search', '');
    await pause(1500);
    await page.evaluate(() => (globalThis.longest = 0));
    await page.locator('#search').pressSequentially(text, { delay: 120 });
    await pause(800);
    const longest = await page.evaluate(() => globalThis.longest);
    console.log(`longest frame while typing "${text}" among ${places} places, CPU ${SLOWER} times slower: ${round(longest)} ms (50 wanted; advisory)`);
  }
  await page.close();
}

function report(pairs) {
  const sorted = (values) => values.sort((a, b) => a - b);
  const at = (values, share) => values[Math.min(values.length - 1, Math.floor(values.length * share))];
  const line = (label, values, digits) => {
    const all = sorted(values);
    const text = (share) => at(all, share).toFixed(digits);
    console.log(`${label.padEnd(30)} median ${text(0.5)}   middle half ${text(0.25)} to ${text(0.75)}   all ${text(0)} to ${text(1)}`);
  };
  console.log(`\nFirst list painted, offline, CPU ${SLOWER} times slower, ${pairs.length} pairs (limit ${LIMIT})`);
  line(`${FEW} places, ms`, pairs.map((pair) => pair[FEW]), 0);
  line(`${MANY} places, ms`, pairs.map((pair) => pair[MANY]), 0);
  line('ratio', pairs.map((pair) => pair[MANY] / pair[FEW]), 2);
}

function round(ms) {
  return String(Math.round(ms)).padStart(5);
}
