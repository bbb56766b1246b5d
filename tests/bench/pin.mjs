// How long setting a PIN and opening with it take in the browser, and what the phone would choose;
// as it is and at a quarter of the speed. Prints milliseconds.
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');
const PORT = Number(process.env.PORT ?? 18473);
const PIN = '294617';

/** Runs in the page: a worker of the lock's own, as the app starts it. */
async function measure(pin) {
  const url = document.querySelector('meta[name=courier]').content;
  const start = () => {
    const worker = new Worker(url, { name: 'card' });
    let n = 0;
    const ask = (message) => new Promise((done, failed) => {
      const own = ++n;
      const heard = ({ data }) => {
        if (data.n !== own) return;
        worker.removeEventListener('message', heard);
        data.error ? failed(new Error(data.error)) : done(data.value);
      };
      worker.addEventListener('message', heard);
      worker.postMessage({ n: own, ...message });
    });
    const lock = (what, a, b) => ask({ ask: 'lock', what, name: 'card', a, b });
    return { lock, ask, end: () => worker.terminate() };
  };
  const took = async (work) => {
    const begun = performance.now();
    const value = await work();
    return { ms: Math.round(performance.now() - begun), value };
  };
  const text = (bytes) => new TextDecoder().decode(bytes);
  const first = start();
  await first.lock('start_again');
  const calibrated = (await first.lock('calibrate'));
  await first.lock('keep', new TextEncoder().encode('allergic'));
  const set = await took(() => first.lock('set_pin', pin));
  const file = await first.ask({ ask: 'backup', parts: '{"card":{"name":"Ali"}}', passphrase: 'correct horse battery' });
  first.end();
  const second = start();
  const stands = await second.lock('stand');
  const wrong = await second.lock('unlock', '805162').catch((error) => error.message);
  const unlock = await took(() => second.lock('unlock', pin));
  const restore = await took(() => second.ask({ ask: 'restore', file, passphrase: 'correct horse battery' }));
  const open = await second.lock('stand');
  await second.lock('start_again');
  second.end();
  return {
    calibrated, stands, wrong, open,
    set: set.ms, unlock: unlock.ms, content: text(unlock.value),
    restore: restore.ms, restored: restore.value,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'safe-place-pin-'));
const log = openSync(join(folder, 'log'), 'w');
const server = spawn(SERVER, ['serve'], {
  env: { ...process.env, SAFE_PLACE_LISTEN: `127.0.0.1:${PORT}`, SAFE_PLACE_DATA: join(folder, 'data'), SAFE_PLACE_SITE: SITE },
  stdio: ['ignore', log, log],
});
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
try {
  await pause(1500);
  for (const slower of [1, 4]) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${PORT}/`);
    await page.waitForSelector('html[data-ready]');
    const session = await page.context().newCDPSession(page);
    // Workers are slowed with their page from this version of the protocol on; where they are not, both lines agree.
    await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
    console.log(`${slower}x slower:`, JSON.stringify(await page.evaluate(measure, PIN)));
    await page.close();
  }
} finally {
  await browser.close();
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
