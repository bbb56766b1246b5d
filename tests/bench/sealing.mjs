// How smoothly the page goes on while what goes with a report is sealed: a film of 25 MB, and a photo of
// 12 megapixels that is drawn anew; phone size, CPU 4 times slower. Prints the longest frames, held
// against the same page with nothing to do. Browsers slow pages alone: the worker that seals has the
// machine's own speed, so the times are no phone's.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');
const RUNS = Number(process.env.RUNS ?? 5);
/** A cheap phone beside this machine. */
const SLOWER = 4;
const REST = 3_000;
const MB = 1024 * 1024;
/** What a chosen file may have. */
const FILM = 25 * MB;
const PHOTO = [4000, 3000];

const folder = mkdtempSync(join(tmpdir(), 'safe-place-bench-'));
let server;
let open;
try {
  const home = await serve();
  open = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const chosen = { 'a film': film(), 'a photo': await photo() };
  const runs = [];
  for (let run = 1; run <= RUNS; run++) {
    for (const [name, file] of Object.entries(chosen)) {
      const one = { name, ...(await sealed(home, file)) };
      runs.push(one);
      console.log(`${String(run).padStart(3)}  ${line(one)}`);
    }
  }
  report(runs);
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

/** A file that begins as a film does; nothing else of it is looked at. */
function film() {
  const head = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1');
  return written('film.mp4', Buffer.concat([head, randomBytes(FILM - head.length)]));
}

/** A picture with as much in it as a phone's photo has: shapes, and the noise of a sensor. */
async function photo() {
  const page = await open.newPage();
  const base64 = await page.evaluate(async ([width, height]) => {
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext('2d');
    for (let spot = 0; spot < 20_000; spot++) {
      pen.fillStyle = `hsl(${Math.random() * 360} 60% ${Math.random() * 100}% / 0.5)`;
      pen.fillRect(Math.random() * width, Math.random() * height, Math.random() * 200, Math.random() * 200);
    }
    const dots = pen.getImageData(0, 0, width, height);
    for (let at = 0; at < dots.data.length; at++) if (at % 4 < 3) dots.data[at] += (Math.random() - 0.5) * 24;
    pen.putImageData(dots, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = '';
    for (let at = 0; at < bytes.length; at += 30_000) text += String.fromCharCode(...bytes.subarray(at, at + 30_000));
    return btoa(text);
  }, PHOTO);
  await page.close();
  return written('photo.jpg', Buffer.from(base64, 'base64'));
}

function written(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return { path, bytes: bytes.length };
}

/** On a new phone, from choosing a file until it is listed: how the page went on. */
async function sealed(home, { path, bytes }) {
  const context = await open.newContext({ viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, hasTouch: true });
  try {
    const page = await context.newPage();
    await comesToFiles(page, home);
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.evaluate(watches);
    await pause(1_000);
    await page.evaluate(() => globalThis.begin());
    await pause(REST);
    const rest = await page.evaluate(() => globalThis.seen());
    await page.locator('#files-choose').setInputFiles(path);
    await page.waitForSelector('li.report', { timeout: 300_000 });
    await pause(500);
    return { bytes, rest, busy: await page.evaluate(() => globalThis.seen()) };
  } finally {
    await context.close();
  }
}

/** A report on a phone of one's own, as far as the page of what goes with it. */
async function comesToFiles(page, home) {
  await page.goto(`${home}/report`);
  await page.locator('#others-no').check();
  await page.locator('.button--main').click();
  await page.locator('#role-me').check();
  await page.locator('.button--main').click();
  await page.waitForSelector('#account-text');
  await page.locator('main .button:not(.button--main)').click();
  await page.waitForSelector('#files-choose', { state: 'attached' });
  // What the first visit sets up is no part of this.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
}

/** In the page: frames, tasks over 50 ms, and what is said of progress, from choosing to being listed. */
function watches() {
  let from;
  let to;
  let frames = [];
  let tasks = [];
  let said = [];
  globalThis.begin = () => {
    [from, to, frames, tasks, said] = [performance.now(), undefined, [], [], []];
  };
  // The change of the file field is when the person has chosen.
  document.addEventListener('change', () => globalThis.begin(), true);
  const tick = (now) => {
    if (from !== undefined && to === undefined) {
      frames.push(now);
      const progress = document.querySelector('.report__progress')?.value;
      if (progress !== undefined && progress !== said.at(-1)) said.push(progress);
      if (document.querySelector('li.report')) to = now;
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask' });
  globalThis.seen = () => {
    const end = to ?? performance.now();
    const gaps = frames.slice(1).map((at, before) => at - frames[before]);
    return {
      took: end - from,
      longest: Math.max(...gaps),
      // A frame that came a sixtieth late is none over.
      over: gaps.filter((gap) => gap > 50).length,
      tasks: tasks.filter((task) => task.startTime >= from && task.startTime <= end).map((task) => Math.round(task.duration)),
      said: said.length,
    };
  };
}

function line({ name, bytes, rest, busy }) {
  const speed = (bytes / MB / (busy.took / 1000)).toFixed(1);
  const tasks = busy.tasks.length > 0 ? busy.tasks.join(', ') : 'none';
  return `${name.padEnd(8)} ${ms(busy.took)} ms, ${speed} MB/s; longest frame ${ms(busy.longest)} ms (at rest ${ms(rest.longest)}), ` +
    `${busy.over} over 50; long tasks ${tasks}; progress shown ${busy.said} times`;
}

function report(runs) {
  console.log(`\nFrom choosing a file to its being listed, 360 × 640, CPU ${SLOWER} times slower, a new phone each (50 ms wanted; advisory)`);
  for (const name of new Set(runs.map((run) => run.name))) {
    const own = runs.filter((run) => run.name === name);
    console.log(`${name}, ${(own[0].bytes / MB).toFixed(1)} MB, ${own.length} times`);
    row('longest frame, ms', own.map(({ busy }) => busy.longest), 0);
    row('the same at rest, ms', own.map(({ rest }) => rest.longest), 0);
    row('ratio', own.map(({ busy, rest }) => busy.longest / rest.longest), 2);
    row('longest task, ms', own.map(({ busy }) => Math.max(0, ...busy.tasks)), 0);
    row('time, ms', own.map(({ busy }) => busy.took), 0);
    row('MB/s', own.map(({ bytes, busy }) => bytes / MB / (busy.took / 1000)), 1);
    row('progress shown, times', own.map(({ busy }) => busy.said), 0);
  }
}

function row(label, values, digits) {
  const all = values.sort((a, b) => a - b);
  const at = (share) => all[Math.min(all.length - 1, Math.floor(all.length * share))].toFixed(digits);
  console.log(`  ${label.padEnd(24)} median ${at(0.5).padStart(6)}   all ${at(0)} to ${at(1)}`);
}

function ms(value) {
  return String(Math.round(value)).padStart(5);
}
