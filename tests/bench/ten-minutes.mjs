// What it costs a phone to show the card for ten minutes: processor time, tasks and layouts by the
// browser's own counters, against a static page shown beside it for as long. MINUTES=10.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');
const MINUTES = Number(process.env.MINUTES ?? 10);
/** After opening: loading is another benchmark. */
const SETTLING = 15_000;

const folder = mkdtempSync(join(tmpdir(), 'safe-place-bench-'));
let server;
let open;
try {
  const home = await serve();
  open = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: { width: 360, height: 640 },
    baseURL: home,
  });
  await open.addInitScript(countsTimers);
  const card = await showsCard();
  const still = await open.newPage();
  await still.setContent(`<!doctype html><title>Still</title><main>${await card.locator('main').innerHTML()}</main>`);
  // Each is shown alone, in turns: a hidden page is put to sleep by the browser.
  const turns = [];
  await pause(SETTLING);
  for (const [name, page] of [['card', card], ['static page', still]]) {
    await page.bringToFront();
    await pause(SETTLING / 3);
    turns.push([name, await spent(page)]);
  }
  report(turns);
} finally {
  await open?.close();
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function serve() {
  const log = join(folder, 'log');
  const out = openSync(log, 'w');
  const env = { ...process.env, SAFE_PLACE_SITE: SITE, SAFE_PLACE_DATA: join(folder, 'data'), SAFE_PLACE_LISTEN: '127.0.0.1:0' };
  server = spawn(SERVER, ['serve'], { env, stdio: ['ignore', out, out] });
  for (let tries = 0; tries < 600; tries++) {
    const port = /ready: \S+:(\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (port) return `http://127.0.0.1:${port}`;
    await pause(50);
  }
  throw new Error(`the server is not ready: ${readFileSync(log, 'utf8')}`);
}

/** Counts what wakes the page: timers and frames it asked for. */
function countsTimers() {
  globalThis.woken = 0;
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame', 'requestIdleCallback']) {
    const ask = globalThis[name];
    globalThis[name] = (act, ...rest) => ask((...given) => {
      globalThis.woken += 1;
      return act(...given);
    }, ...rest);
  }
}

async function showsCard() {
  const page = open.pages()[0] ?? (await open.newPage());
  await page.goto('/');
  await page.waitForSelector('html[data-ready]');
  await page.evaluate(async () => {
    const asked = indexedDB.open('safe-place');
    const database = await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
    const tx = database.transaction('card', 'readwrite');
    const card = {
      name: 'Ali',
      may: ['ready:hard-to-speak', 'ready:scared-by-noise'],
      please: ['ready:quiet-seat', 'ready:short-sentences', 'ready:give-time'],
      contacts: [{ name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' }],
    };
    tx.objectStore('card').put(card, 'card');
    await new Promise((resolve) => (tx.oncomplete = resolve));
    database.close();
  });
  await page.goto('/card');
  await page.waitForSelector('html[data-ready] .card__name');
  return page;
}

/** What the page spends in this many minutes. */
async function spent(page) {
  const session = await open.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    return { ...of, woken: await page.evaluate(() => globalThis.woken) };
  };
  const before = await read();
  await pause(MINUTES * 60_000);
  const after = await read();
  const since = (name) => after[name] - before[name];
  return {
    'processor time, ms': since('TaskDuration') * 1000,
    'of it script, ms': since('ScriptDuration') * 1000,
    'layouts': since('LayoutCount'),
    'styles worked out': since('RecalcStyleCount'),
    'timers and frames': since('woken'),
    'memory of scripts, KB': after.JSHeapUsedSize / 1024,
    'nodes': after.Nodes,
  };
}

function report(turns) {
  console.log(`\nShown for ${MINUTES} minutes each, 360 × 640, by the browser's own counters`);
  const [[, first]] = turns;
  for (const what of Object.keys(first)) {
    const line = turns.map(([name, spent]) => `${name} ${spent[what].toFixed(what.includes('ms') ? 1 : 0).padStart(8)}`);
    console.log(`${what.padEnd(24)} ${line.join('   ')}`);
  }
}
