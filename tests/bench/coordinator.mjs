// A coordinator's year with forty places: letters to all, answers in a real browser, three that no longer
// take part found and looked at. Prints what the coordinator's commands took and how much they print; the
// managers' time is not the coordinator's. What no program can measure is asked for per letter and per word.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');
const PLACES = 40;
const LEAVING = [7, 18, 33];
/** Assumed: seconds for a letter that a link opens (look whom it goes to, send, come back). */
const PER_LETTER = 15;
/** Assumed: seconds to type a command, or to find it again. */
const PER_COMMAND = 20;
/** Assumed: words read in a minute. */
const READING = 180;

const folder = mkdtempSync(join(tmpdir(), 'safe-place-coordinator-'));
const env = { ...process.env, SAFE_PLACE_SITE: SITE, SAFE_PLACE_DATA: join(folder, 'data') };
const steps = [];
const server = await serve();
let browser;
try {
  const table = join(folder, 'libraries.csv');
  const addresses = join(folder, 'addresses.csv');
  const numbers = Array.from({ length: PLACES }, (_, at) => at);
  const rows = numbers.map((at) => `lib-${at},Sample Library ${at},"${at + 1} Example Road, West Bromwich",${(52.51 + at / 2000).toFixed(4)},-1.99,Mo-Fr 09:00-17:00; PH off`);
  writeFileSync(table, ['id,name,address,lat,lon,hours', ...rows, ''].join('\n'));
  command('try the list', 'import', '--source', 'council', table);
  command('take the list', 'import', '--source', 'council', '--by', 'Sam', '--apply', table);
  const invited = quietly('list', '--status', 'invited').split('\n').map((line) => line.split(' ')[0]).filter((id) => /library/.test(id));
  writeFileSync(addresses, invited.map((id) => `${id},${id}@example.org\n`).join(''));
  const letters = join(folder, 'letters.html');
  command('write the letters', 'link', '--status', 'invited', '--page', letters, '--to', addresses);

  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const links = await opened(letters);
  if (links.length !== PLACES) throw new Error(`${links.length} letters for ${PLACES} places`);
  // The managers: each opens their link; the last two wait until they are asked who has not answered.
  for (const [at, link] of links.slice(0, -2).entries()) await answer(link, LEAVING.includes(at));
  if (!command('see who has not answered', 'waiting').includes('2 managers have not answered')) throw new Error('two have not answered');
  for (const link of links.slice(-2)) await answer(link, false);
  command('see who has not answered', 'waiting');

  const review = command('look at what is due', 'review');
  const left = review.split('\n').filter((line) => line.includes('takes part no longer')).map((line) => line.split(' ')[0]);
  if (left.length !== LEAVING.length) throw new Error(`found ${left.length} closures: ${review}`);
  for (const id of left) {
    command('see one that left', 'show', id);
    command('note that it was looked at', 'looked', id, '--who', 'Sam');
  }
  if (!command('look again', 'review').includes('Nothing is due.') ) console.log('(other things are due in the sample)');
  const active = quietly('list', '--status', 'active');
  const libraries = active.split('\n').filter((line) => line.includes('Sample Library')).length;
  if (libraries !== PLACES - LEAVING.length) throw new Error(`${libraries} are active`);
  report(links.length);
} finally {
  await browser?.close();
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function quietly(...words) {
  return execFileSync(SERVER, ['places', ...words], { env, encoding: 'utf8' });
}

/** A command of the coordinator's: how long it took, and how much there is to read. */
function command(purpose, ...words) {
  const begin = performance.now();
  const said = quietly(...words);
  const read = said.split(/\s+/).filter(Boolean).length;
  steps.push({ purpose, ms: performance.now() - begin, words: read });
  return said;
}

/** The letters' links, as they stand on the page that the coordinator opens. */
async function opened(letters) {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(letters).href);
  const hrefs = await page.locator('a[href^="mailto:"]').evaluateAll((links) => links.map((link) => link.href));
  await page.close();
  return hrefs.map((href) => {
    const url = new URL(href);
    if (!url.pathname.endsWith('@example.org')) throw new Error(`a letter to nobody: ${href}`);
    const [link] = /http\S+\/manage\/\S+/.exec(url.searchParams.get('body') ?? '') ?? [];
    if (!link) throw new Error(`a letter without a link: ${href}`);
    return link;
  });
}

/** A manager answers on the page that the link opens. */
async function answer(link, leaves) {
  const page = await browser.newPage();
  await page.goto(link);
  if (leaves) await page.locator('input[name=leave]').check();
  else {
    for (const box of await page.locator('input[type=checkbox][name^="c"]').all()) await box.check();
    await page.locator('input[name=trained]').fill('2026-11-01');
    const keep = page.locator('input[name=hours][value=keep]');
    if (await keep.count()) await keep.check();
  }
  await page.locator('main button[type=submit], main input[type=submit]').click();
  const said = await page.locator('h1').textContent();
  if (!/thank/i.test(said ?? '')) throw new Error(`the answer was not taken: ${said} ${await page.locator('main').innerText()}`);
  await page.close();
}

async function serve() {
  const log = join(folder, 'log');
  const out = openSync(log, 'w');
  const port = 20_000 + (process.pid % 20_000);
  env.SAFE_PLACE_LISTEN = `127.0.0.1:${port}`;
  env.SAFE_PLACE_PUBLIC_URL = `http://127.0.0.1:${port}`;
  const child = spawn(SERVER, ['serve'], { env, stdio: ['ignore', out, out] });
  for (let tries = 0; tries < 600; tries++) {
    if (/ready: /.test(readFileSync(log, 'utf8'))) return child;
    if (child.exitCode !== null) break;
    await pause(50);
  }
  throw new Error(`the server is not ready: ${readFileSync(log, 'utf8')}`);
}

function report(letters) {
  for (const { purpose, ms, words } of steps) console.log(`${purpose.padEnd(28)} ${String(Math.round(ms)).padStart(5)} ms   ${String(words).padStart(5)} words to read`);
  const seconds = steps.reduce((sum, step) => sum + step.ms, 0) / 1000;
  const words = steps.reduce((sum, step) => sum + step.words, 0);
  const minutes = (value) => (value / 60).toFixed(1);
  const [typing, reading, sending] = [steps.length * PER_COMMAND, (words / READING) * 60, letters * PER_LETTER];
  console.log(`\nmeasured: ${steps.length} commands, ${seconds.toFixed(1)} s, ${words} words printed, ${letters} letters opened and answered`);
  console.log(`assumed:  ${PER_COMMAND} s a command ${minutes(typing)} min, ${READING} words a minute ${minutes(reading)} min, ${PER_LETTER} s a letter ${minutes(sending)} min`);
  console.log(`in all:   ${minutes(seconds + typing + reading + sending)} minutes`);
}
