// How long the card's front takes to be painted when the app is opened offline, in a new browser,
// on a slow phone; against a static page of the same weight from the same cache. Prints ratios.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');
const RUNS = Number(process.env.RUNS ?? 30);
/** A cheap phone beside this machine. */
const SLOWER = 4;
const NAME = 'Ali';

const folder = mkdtempSync(join(tmpdir(), 'safe-place-bench-'));
let server;
let open;
let home;
try {
  await prepare();
  const pairs = [];
  for (let run = 1; run <= RUNS; run++) {
    // Interleaved, and in turns, so that a busy moment meets both.
    const order = run % 2 ? ['/card', '/static-card'] : ['/static-card', '/card'];
    const times = {};
    for (const path of order) times[path] = await painted(path);
    pairs.push(times);
    console.log(`${String(run).padStart(3)}  card ${round(times['/card'])} ms   static ${round(times['/static-card'])} ms`);
  }
  report(pairs);
} finally {
  await open?.close();
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Visits once with a server, makes a card and the page it is held against, and ends the server. */
async function prepare() {
  const site = join(folder, 'site');
  cpSync(SITE, site, { recursive: true });
  // Its content follows once there is a card; the service worker has to know its address now.
  writeFileSync(join(site, 'static-card.html'), '<!doctype html>');
  const precache = JSON.parse(readFileSync(join(site, 'precache.json'), 'utf8'));
  writeFileSync(join(site, 'precache.json'), JSON.stringify([...precache, '/static-card']));
  await serve(site);
  const page = await browser();
  await page.goto('/');
  await page.waitForSelector('html[data-ready]');
  await until(page, () => navigator.serviceWorker.controller?.state === 'activated');
  await makeCard(page);
  await page.evaluate(keepStaticCard);
  await open.close();
  server.kill('SIGKILL');
  await pause(200);
}

async function serve(site) {
  const log = join(folder, 'log');
  const out = openSync(log, 'w');
  const env = { ...process.env, SAFE_PLACE_SITE: site, SAFE_PLACE_DATA: join(folder, 'data'), SAFE_PLACE_LISTEN: '127.0.0.1:0' };
  server = spawn(SERVER, ['serve'], { env, stdio: ['ignore', out, out] });
  for (let tries = 0; tries < 600; tries++) {
    const port = /ready: \S+:(\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (port) return void (home = `http://127.0.0.1:${port}`);
    await pause(50);
  }
  throw new Error(`the server is not ready: ${readFileSync(log, 'utf8')}`);
}

async function browser() {
  open = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: { width: 390, height: 844 },
    baseURL: home,
  });
  return open.pages()[0] ?? open.newPage();
}

async function until(page, holds) {
  for (let tries = 0; tries < 300; tries++) {
    if (await page.evaluate(holds)) return;
    await pause(50);
  }
  throw new Error(`never came true: ${holds}`);
}

async function makeCard(page) {
  await page.goto('/card/edit');
  await page.waitForSelector('html[data-ready]');
  await page.fill('#name', NAME);
  await page.fill('#contact-0', 'Sam');
  await page.fill('#contact-0-telephone', '07700 900 123');
  await keptByNow(page);
  for (const [field, line] of [['may', 'find it hard to speak'], ['please', 'give me time']]) {
    await page.goto(`/card/edit/${field}`);
    await page.fill(`#${field}-0`, line);
    await keptByNow(page);
  }
  await page.goto('/card');
  await page.waitForSelector('.card__name');
}

/** The last keystroke is kept a moment after the first. */
async function keptByNow(page) {
  await page.waitForSelector('.field__kept');
  await pause(500);
}

/** In the page: the shell's own HTML without its scripts, the card in it, padded to the same weight. */
async function keepStaticCard() {
  const [name] = (await caches.keys()).filter((one) => one.startsWith('shell-'));
  const cache = await caches.open(name);
  const shell = await (await cache.match('/')).text();
  const front = await new Promise((resolve, reject) => {
    const asked = indexedDB.open('safe-place');
    asked.onerror = reject;
    asked.onsuccess = () => {
      const got = asked.result.transaction('front').objectStore('front').get('front');
      got.onsuccess = () => resolve(got.result.html);
    };
  });
  const [before] = shell.split('<div id="shell">');
  const plain = `${before.replace(/<script[^>]*><\/script>/g, '')}<div id="shell">${front}</div>`;
  const end = '</body></html>';
  const padding = Math.max(0, shell.length - plain.length - end.length - 7);
  const html = `${plain}<!--${' '.repeat(padding)}-->${end}`;
  await cache.put('/static-card', new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } }));
}

/** From the start of navigation to the frame after the name stands there, in milliseconds. */
async function painted(path) {
  const page = await browser();
  try {
    const session = await open.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.addInitScript(() => {
      const look = () => {
        if (!document.querySelector('.card__name')) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => (globalThis.paintedAt = performance.now())));
      };
      requestAnimationFrame(look);
    });
    await page.goto(path, { waitUntil: 'commit' });
    await until(page, () => globalThis.paintedAt !== undefined);
    return await page.evaluate(() => globalThis.paintedAt);
  } finally {
    await open.close();
  }
}

function report(pairs) {
  const sorted = (values) => values.sort((a, b) => a - b);
  const at = (values, share) => values[Math.min(values.length - 1, Math.floor(values.length * share))];
  const line = (label, values, digits) => {
    const all = sorted(values);
    const text = (share) => at(all, share).toFixed(digits);
    console.log(`${label.padEnd(30)} median ${text(0.5)}   middle half ${text(0.25)} to ${text(0.75)}   all ${text(0)} to ${text(1)}`);
  };
  console.log(`\nOffline cold start, server dead, new browser each, CPU ${SLOWER} times slower, ${pairs.length} pairs`);
  line("card's front painted, ms", pairs.map((pair) => pair['/card']), 0);
  line('static page painted, ms', pairs.map((pair) => pair['/static-card']), 0);
  line('ratio', pairs.map((pair) => pair['/card'] / pair['/static-card']), 2);
}

function round(ms) {
  return String(Math.round(ms)).padStart(5);
}
