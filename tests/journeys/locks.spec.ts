// The two locks: what a PIN keeps from others, what it costs to guess, and what is left once closed.
import { createDecipheriv, hkdfSync } from 'node:crypto';
import type { Page } from '@playwright/test';
import { findingsOnAll, tooWide } from '../harness/axe.ts';
import { kept } from '../harness/kept.ts';
import { everythingLeft } from '../harness/left.ts';
import { hides, panel, setsPin, tries } from '../harness/locks.ts';
import { count, countLike, countText, holding, read, renderers } from '../harness/memory.ts';
import { goesOn, installs, makesCard, opens, seesItWaiting, sends, writesReport } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { hasMicrophone } from '../harness/voice.ts';
import { words } from '../harness/words.ts';

const files = words('files');
const locks = words('locks');
const facts = words('private');

const PIN = '294617';
const OTHER = '805162';
const CANARY = 'Quillfeather Ostrander';

async function seesFacts(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: facts.title, exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel(facts.full_name, { exact: true })).toBeVisible();
}

async function seesItLocked(page: Page, title = locks.unlock_card): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible({ timeout: 30_000 });
}

/** Types a name behind the lock, and waits until it is kept. */
async function writesName(page: Page, name: string): Promise<void> {
  await page.getByLabel(facts.full_name, { exact: true }).fill(name);
  await expect(page.getByText(facts.kept)).toBeVisible();
  await page.waitForTimeout(200);
}

test('what a forgotten PIN means is said before it is set, and a PIN that differs or is easy is not taken', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/settings/locks');
  const card = panel(page, 'card');
  await card.getByRole('button', { name: locks.set, exact: true }).click();
  await expect(card.getByText(locks.means_card)).toBeVisible();
  const [choose, again] = [card.getByLabel(locks.choose, { exact: true }), card.getByLabel(locks.again, { exact: true })];
  await choose.fill(PIN);
  await again.fill(OTHER);
  await card.getByRole('button', { name: locks.set_do }).click();
  await expect(card.getByText(locks.different)).toBeVisible();
  for (const [pin, why] of [['123456', locks.simple], ['2946', locks.too_short], ['29461a', locks.not_digits], ['2946172946183', locks.too_long]]) {
    await choose.fill(pin);
    await again.fill(pin);
    await card.getByRole('button', { name: locks.set_do }).click();
    await expect(card.getByText(why)).toBeVisible({ timeout: 30_000 });
    await expect(choose).toBeFocused();
  }
  expect((await kept(page)).locks.card, 'nothing is locked yet').toBeUndefined();
});

test('private facts are behind the PIN: a wrong one is told, the right one opens them', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card/private');
  await seesFacts(page);
  await expect(page.getByText(facts.missing_pin)).toBeVisible();
  await writesName(page, CANARY);
  await setsPin(page, 'card', PIN);
  await opens(page, '/card/private');
  await seesItLocked(page);
  await tries(page, '');
  await expect(page.getByText(locks.empty)).toBeVisible();
  await tries(page, OTHER);
  await expect(page.getByText(locks.wrong)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel(locks.ask, { exact: true })).toBeFocused();
  await expect(page.getByLabel(locks.ask, { exact: true })).toHaveValue('');
  await tries(page, '294 617');
  await seesFacts(page);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveValue(CANARY);
  await page.getByRole('button', { name: facts.lock_now }).click();
  await seesItLocked(page);
  expect(await everythingLeft(page)).not.toContain(CANARY);
});

test('after five wrong PINs the phone waits, says so calmly, and nothing is lost', async ({ page, server }) => {
  test.slow();
  await installs(page);
  await server.kill();
  await opens(page, '/card/private');
  await writesName(page, CANARY);
  await setsPin(page, 'card', PIN);
  await page.clock.install();
  await opens(page, '/card/private');
  for (let wrong = 0; wrong < 5; wrong += 1) {
    await tries(page, OTHER);
    await expect(page.getByLabel(locks.ask, { exact: true })).toHaveValue('', { timeout: 30_000 });
    await expect(page.getByText(locks.wrong)).toBeVisible({ timeout: 30_000 });
  }
  await expect(page.getByRole('timer')).toContainText(locks.wait_left);
  await expect(page.getByRole('status').getByText(locks.wait)).toBeVisible();
  await expect(page.getByRole('button', { name: locks.open, exact: true })).toHaveAttribute('aria-disabled', 'true');
  // The right one is not looked at either, also after the page was loaded anew.
  await opens(page, '/card/private');
  await expect(page.getByRole('timer')).toBeVisible();
  await page.getByLabel(locks.ask, { exact: true }).fill(PIN);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveCount(0);
  // Time goes by: for the worker, whose clock the journey does not hold, the last try is moved back.
  await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await done(indexedDB.open('safe-place'));
    const store = database.transaction('locks', 'readwrite').objectStore('locks');
    const before = (await done(store.get('card tries'))) as { wrong: number; last: number };
    await done(store.put({ ...before, last: before.last - 31_000 }, 'card tries'));
    database.close();
  });
  await page.clock.fastForward(32_000);
  await expect(page.getByText(locks.wait_over)).toBeVisible();
  await tries(page, PIN);
  await seesFacts(page);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveValue(CANARY);
});

test('a minute out of sight locks, and nothing that was open is left in page, storage, caches or address', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await setsPin(page, 'card', PIN);
  await page.clock.install();
  await opens(page, '/card/private');
  await tries(page, PIN);
  await seesFacts(page);
  await writesName(page, CANARY);
  expect(await everythingLeft(page), 'the search finds what is open').toContain(CANARY);
  await hides(page, true);
  await page.clock.fastForward(50_000);
  await hides(page, false);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveValue(CANARY);
  // Typed in the last moment: kept before the lock closes.
  await page.getByLabel(facts.eyes, { exact: true }).fill('green');
  await hides(page, true);
  await page.clock.fastForward(70_000);
  await seesItLocked(page);
  await hides(page, false);
  const left = await everythingLeft(page);
  expect(left).not.toContain(CANARY);
  expect(left).not.toContain(PIN);
  await page.goBack();
  await page.goForward();
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveCount(0);
  await opens(page, '/card/private');
  await tries(page, PIN);
  await seesFacts(page);
  await expect(page.getByLabel(facts.eyes, { exact: true })).toHaveValue('green');
});

test('a call or a choice of files keeps the lock open for five minutes, and no longer', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await setsPin(page, 'card', PIN);
  await page.clock.install();
  await opens(page, '/card/private');
  await tries(page, PIN);
  await seesFacts(page);
  await page.evaluate(() => {
    const call = Object.assign(document.createElement('a'), { href: 'tel:101' });
    call.addEventListener('click', (event) => event.preventDefault());
    document.body.append(call);
    call.click();
    call.remove();
  });
  await hides(page, true);
  await page.clock.fastForward(200_000);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toBeVisible();
  await page.clock.fastForward(120_000);
  await seesItLocked(page);
});

test('Exit closes every lock at once', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await setsPin(page, 'reports', PIN);
  await opens(page, '/reports');
  await tries(page, PIN);
  await expect(page.getByRole('heading', { level: 1, name: words('reports').title })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: words('common').exit }).click();
  await page.waitForURL('**/away');
  await page.goBack().catch(() => null);
  await expect(page.getByText(words('reports').title, { exact: true })).toHaveCount(0);
});

test('with the card open, nothing shows that there ever was a report', async ({ page, server }) => {
  test.slow();
  await installs(page);
  await server.kill();
  await setsPin(page, 'card', PIN);
  await setsPin(page, 'reports', OTHER);
  const settings = async () => {
    await opens(page, '/settings/locks');
    await expect(panel(page, 'reports').getByText(locks.is_locked)).toBeVisible();
    return panel(page, 'reports').innerText();
  };
  const without = await settings();
  await opens(page, '/report');
  await seesItLocked(page, locks.unlock_reports);
  await tries(page, OTHER);
  await expect(page.getByRole('heading', { level: 1, name: words('report').before_title })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('radio', { name: words('report').others_no }).check();
  const story = 'They shouted at the bus stop.';
  await page.getByRole('button', { name: words('common').continue, exact: true }).click();
  await page.getByRole('radio', { name: words('form')['role.saw'] }).check();
  await page.getByRole('button', { name: words('common').continue, exact: true }).click();
  await page.getByRole('textbox', { name: words('form')['account.label'] }).fill(story);
  await expect(page.locator('.field__kept')).toBeVisible();
  // Somebody else opens the app, and knows the card's PIN.
  await opens(page, '/card/private');
  await tries(page, PIN);
  await seesFacts(page);
  const traces = async () => (await page.locator('html').innerHTML()).includes(story);
  expect(await traces()).toBe(false);
  for (const path of ['/report', '/reports', '/mailbox']) {
    await page.evaluate((path) => {
      const step = Object.assign(document.createElement('a'), { href: path });
      document.body.append(step);
      step.click();
      step.remove();
    }, path);
    await seesItLocked(page, locks.unlock_reports);
    await tries(page, PIN);
    await expect(page.getByText(locks.wrong)).toBeVisible({ timeout: 30_000 });
    expect(await traces()).toBe(false);
    await expect(page.locator('.report, .receipt, .answers')).toHaveCount(0);
  }
  expect(await settings()).toBe(without);
});

test('whoever helps cannot choose the lock of reports', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/settings/locks');
  const reports = panel(page, 'reports');
  await reports.getByRole('button', { name: locks.set, exact: true }).click();
  await reports.getByRole('button', { name: locks.reports_who_helping }).click();
  await expect(reports.getByText(locks.reports_helping)).toBeVisible();
  await expect(reports.locator('input')).toHaveCount(0);
});

test('a forgotten PIN leaves starting again, which asks first and deletes what was locked', async ({ page, server }) => {
  test.slow();
  await installs(page);
  await server.kill();
  await writesReport(page, { phone: 'mine', account: 'They shouted.' });
  await sends(page);
  await seesItWaiting(page);
  await opens(page, '/card/private');
  await writesName(page, CANARY);
  await setsPin(page, 'card', PIN);
  await setsPin(page, 'reports', OTHER);
  await opens(page, '/settings/locks');
  for (const lock of ['card', 'reports'] as const) {
    const on = panel(page, lock);
    await on.getByRole('button', { name: locks.forgot, exact: true }).click();
    await on.getByRole('dialog').getByRole('button', { name: locks.forgot_no }).click();
    await expect(on.getByText(locks.is_locked)).toBeVisible();
    await on.getByRole('button', { name: locks.forgot, exact: true }).click();
    await on.getByRole('dialog').getByRole('button', { name: locks.forgot_yes }).click();
    await expect(on.getByText(locks.start_again_said)).toBeVisible();
  }
  const left = await kept(page);
  expect(Object.keys(left.locks)).toEqual([]);
  expect([left.draft, left.outbox, left.envelopes]).toEqual([{}, {}, {}]);
  await opens(page, '/card/private');
  await seesFacts(page);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveValue('');
});

test('a PIN can be changed and taken away by whoever knows it', async ({ page, server }) => {
  test.slow();
  await installs(page);
  await server.kill();
  await opens(page, '/card/private');
  await writesName(page, CANARY);
  await setsPin(page, 'card', PIN);
  const card = panel(page, 'card');
  await card.getByRole('button', { name: locks.change, exact: true }).click();
  const change = async (old: string) => {
    await card.getByLabel(locks.now, { exact: true }).fill(old);
    await card.getByLabel(locks.choose, { exact: true }).fill(OTHER);
    await card.getByLabel(locks.again, { exact: true }).fill(OTHER);
    await card.getByRole('button', { name: locks.change_do }).click();
  };
  await change('730518');
  await expect(card.getByText(locks.wrong)).toBeVisible({ timeout: 30_000 });
  await change(PIN);
  await expect(card.getByText(locks.changed)).toBeVisible({ timeout: 30_000 });
  await opens(page, '/card/private');
  await tries(page, PIN);
  await expect(page.getByText(locks.wrong)).toBeVisible({ timeout: 30_000 });
  await tries(page, OTHER);
  await seesFacts(page);
  await opens(page, '/settings/locks');
  await card.getByRole('button', { name: locks.off, exact: true }).click();
  await card.getByLabel(locks.now, { exact: true }).fill(OTHER);
  await card.getByRole('button', { name: locks.off_do }).click();
  await expect(card.getByText(locks.off_said)).toBeVisible({ timeout: 30_000 });
  await opens(page, '/card/private');
  await seesFacts(page);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveValue(CANARY);
});

test('a passkey opens the card beside the PIN, and is not offered where there is none', async ({ page, network, watch, server }) => {
  test.slow();
  void server;
  await opens(page, '/');
  await setsPin(page, 'card', PIN);
  await expect(page.getByRole('button', { name: locks.finger_add })).toHaveCount(0);
  // Passkeys need a name, not an address of numbers.
  watch.expect(/request to http:\/\/localhost/);
  const browser = await page.context().newCDPSession(page);
  await browser.send('WebAuthn.enable');
  await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true,
      hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true,
    },
  });
  const home = network.url.replace('127.0.0.1', 'localhost');
  await page.goto(`${home}/`);
  await page.goto(`${home}/card/private`);
  await seesFacts(page);
  await writesName(page, CANARY);
  await page.goto(`${home}/settings/locks`);
  const card = panel(page, 'card');
  await card.getByRole('button', { name: locks.set, exact: true }).click();
  await card.getByLabel(locks.choose, { exact: true }).fill(PIN);
  await card.getByLabel(locks.again, { exact: true }).fill(PIN);
  await card.getByRole('button', { name: locks.set_do }).click();
  await expect(card.getByText(locks.set_said)).toBeVisible({ timeout: 30_000 });
  await card.getByRole('button', { name: locks.finger_add }).click();
  await expect(card.getByText(locks.finger_added)).toBeVisible();
  await page.goto(`${home}/card/private`);
  await page.getByRole('button', { name: locks.finger }).click();
  await seesFacts(page);
  await expect(page.getByLabel(facts.full_name, { exact: true })).toHaveValue(CANARY);
  await page.goto(`${home}/settings/locks`);
  await expect(card.getByText(locks.finger_open_first)).toBeVisible();
});

test('a part of the card moves behind the lock and back, and is nowhere else meanwhile', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', needs: 'an allergy pen in my bag', contact: { name: 'Sam', telephone: '07700 900 123' } });
  await setsPin(page, 'card', PIN);
  await opens(page, '/card/private');
  await tries(page, PIN);
  await seesFacts(page);
  await page.getByRole('button', { name: facts.move_here.replace('{part}', facts.needs) }).click();
  await expect(page.getByLabel(facts.needs, { exact: true })).toHaveValue('an allergy pen in my bag');
  await page.getByRole('button', { name: facts.lock_now }).click();
  await seesItLocked(page);
  expect(await everythingLeft(page)).not.toContain('allergy pen');
  await tries(page, PIN);
  await seesFacts(page);
  await page.getByRole('button', { name: facts.move_back.replace('{part}', facts.needs) }).click();
  await expect(page.getByLabel(facts.needs, { exact: true })).toHaveCount(0);
  expect(((await kept(page)).card.card as { needs: string }).needs).toBe('an allergy pen in my bag');
});

test('two tabs that write private facts lose nothing of each other', async ({ page, server, context }) => {
  await installs(page);
  await server.kill();
  await opens(page, '/card/private');
  await writesName(page, CANARY);
  const second = await context.newPage();
  await opens(second, '/card/private');
  await second.getByLabel(facts.eyes, { exact: true }).fill('green');
  await expect(second.getByText(facts.kept)).toBeVisible();
  await page.getByLabel(facts.hair, { exact: true }).fill('grey');
  await page.waitForTimeout(1000);
  await opens(second, '/card/private');
  await seesFacts(second);
  for (const [label, value] of [[facts.full_name, CANARY], [facts.eyes, 'green'], [facts.hair, 'grey']]) {
    await expect(second.getByLabel(label, { exact: true })).toHaveValue(value);
  }
});

test('the page for the police is one sheet of A4, with 999 first', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  await makesCard(page, { name: 'Ali', contact: { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' } });
  await opens(page, '/card/private');
  await seesFacts(page);
  for (const id of ['full-name', 'born', 'address', 'height', 'hair', 'clothes', 'health', 'carries', 'loves', 'fears', 'approach', 'tell']) {
    await page.locator(`#${id}`).fill(`${id}: words enough to fill a line of a printed page, and then a few more`);
  }
  await page.getByRole('button', { name: facts.paper_make }).click();
  const sheet = page.locator('.police');
  await expect(sheet).toBeVisible();
  const text = await sheet.innerText();
  expect(text.startsWith(facts.paper_999)).toBe(true);
  expect(text).toContain('Sam, my sister');
  expect(text).toContain('07700 900 123');
  expect(text).not.toContain(facts.reacts);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
  const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
  expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
});

test('no key is left in the memory of page or worker once the lock has closed', async ({ page, server }) => {
  test.slow();
  await installs(page);
  await server.kill();
  // A worker of the lock's own, as the app starts it; without a PIN, whose working out fills memory.
  await page.evaluate(async () => {
    const url = document.querySelector<HTMLMetaElement>('meta[name=courier]')!.content;
    const worker = new Worker(url, { name: 'card' });
    const kept = new Promise<void>((done, failed) => {
      worker.onmessage = ({ data }) => (data.error ? failed(new Error(data.error)) : done());
    });
    worker.postMessage({ n: 1, ask: 'lock', what: 'keep', name: 'card', a: new TextEncoder().encode('private 1') });
    await kept;
    Object.assign(globalThis, { lockWorker: worker });
  });
  const sealed = await sealedContent(page);
  const pids = await renderers(page);
  const key = keyOf(pids, sealed);
  expect(key, 'while the lock is open, its key is found').toBeDefined();
  expect(count(pids, key!)).toBeGreaterThan(0);
  await page.evaluate(() => (globalThis as unknown as { lockWorker: Worker }).lockWorker.terminate());
  await expect.poll(async () => count(await renderers(page), key!), { timeout: 20_000 }).toBe(0);
});

test('with files in a draft, no key of lock or files is left in memory once the PIN is asked for', async ({ page, server }) => {
  test.setTimeout(300_000);
  await hasMicrophone(page);
  await installs(page);
  await server.kill();
  await setsPin(page, 'reports', PIN);
  await page.clock.install();
  await opens(page, '/report');
  await tries(page, PIN);
  await page.getByRole('radio', { name: words('report').others_no }).check({ timeout: 30_000 });
  await goesOn(page);
  await page.getByRole('radio', { name: words('form')['role.me'] }).check();
  await goesOn(page);
  await page.getByRole('button', { name: files.speak }).click();
  await page.locator('#files-choose').setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from(CANARY) });
  await expect(page.locator('li.report')).toHaveCount(1);
  await page.getByRole('button', { name: files.record, exact: true }).click();
  await page.clock.fastForward(2_000);
  await page.waitForTimeout(1_000);
  await page.getByRole('button', { name: files.stop }).click();
  await page.getByRole('button', { name: files.add, exact: true }).click();
  await expect(page.locator('li.report')).toHaveCount(2);

  const sealed = await sealedContent(page, 'reports');
  const pids = await renderers(page);
  // Keys begin at whole words of memory; what working out the PIN left behind is too much to look at every byte.
  const key = keyOf(pids, sealed, 'reports', 4);
  expect(key, 'while the lock is open, its key is found').toBeDefined();
  const inside = opened(key!, sealed, 'reports')!;
  expect(inside.toString(), 'no page is told what opens the files').not.toContain('AGE-SECRET-KEY');
  // What the identities are made from lies before the words.
  const secret = inside.subarray(1, 33);
  expect(count(pids, secret), 'the search finds what is open').toBeGreaterThan(0);
  const report = /"id":"([a-z2-7]{26})"/.exec(inside.toString())![1];
  const identity = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(32), `safe-place files v1 ${report}`, 32));
  const nothing = async () => {
    const processes = await renderers(page);
    return [key!, secret, identity].map((one) => count(processes, one)).concat(countLike(processes, /AGE-SECRET-KEY-1[0-9A-Z]{58}/g));
  };

  await hides(page, true);
  await page.clock.fastForward(70_000);
  await hides(page, false);
  await seesItLocked(page, locks.unlock_reports);
  await expect.poll(nothing, { timeout: 20_000 }).toEqual([0, 0, 0, 0]);
});

test('after locking and leaving the page, what was read behind the lock is measured in memory', async ({ page, server }, info) => {
  test.slow();
  await installs(page);
  await server.kill();
  await setsPin(page, 'card', PIN);
  await opens(page, '/card/private');
  await tries(page, PIN);
  await seesFacts(page);
  await writesName(page, CANARY);
  const open = countText(await renderers(page), CANARY);
  expect(open, 'the search finds what is open').toBeGreaterThan(0);
  await page.getByRole('button', { name: facts.lock_now }).click();
  await seesItLocked(page);
  const browser = await page.context().newCDPSession(page);
  await browser.send('HeapProfiler.collectGarbage');
  await page.waitForTimeout(2000);
  const locked = countText(await renderers(page), CANARY);
  await browser.detach();
  await page.goto('about:blank');
  await page.waitForTimeout(2000);
  const gone = countText(await renderers(page), CANARY);
  const measured = `text in memory: ${open} times open, ${locked} after locking, ${gone} after leaving`;
  info.annotations.push({ type: 'measured', description: measured });
  console.log(measured);
  expect(locked).toBeLessThan(open);
});

/** What axe finds, and whether the page is wider than the screen. */
async function findings(page: Page): Promise<string[]> {
  const found = await findingsOnAll(page);
  const over = await tooWide(page);
  return over > 0 ? [...found, `${over} px too wide`] : found;
}

const LOOKS: Record<string, (page: Page) => Promise<void>> = {
  'in light colours': async () => {},
  'in dark colours': (page) => page.emulateMedia({ colorScheme: 'dark' }),
  'with more contrast': (page) => page.emulateMedia({ contrast: 'more' }),
  'from right to left': (page) => page.evaluate(() => localStorage.setItem('language', 'ar-XB')),
  'in long words 320 px wide': async (page) => {
    await page.evaluate(() => localStorage.setItem('language', 'en-XA'));
    await page.setViewportSize({ width: 320, height: 640 });
  },
  'with large words': (page) => page.evaluate(() => localStorage.setItem('text', 'large')),
};

for (const [name, look] of Object.entries(LOOKS)) {
  test(`axe finds nothing wherever a PIN is set, asked for or opens something, ${name}`, async ({ page, server }) => {
    test.slow();
    await installs(page);
    await server.kill();
    await makesCard(page, { name: 'Ali', needs: 'time', contact: { name: 'Sam', telephone: '07700 900 123' } });
    await setsPin(page, 'reports', OTHER);
    await look(page);
    const found: string[] = [];
    const check = async (where: string) => found.push(...(await findings(page)).map((finding) => `${where} – ${finding}`));
    // By what does not change with the language.
    await opens(page, '/settings/locks');
    await page.locator('#card > button').click();
    await page.locator('#card-new').fill('1');
    await page.locator('#card-again').fill('1');
    await page.locator('#card [type=submit]').click();
    await expect(page.locator('#card-new-error')).toBeVisible({ timeout: 30_000 });
    await check('PIN too short');
    await page.locator('#card-new').fill(PIN);
    await page.locator('#card-again').fill(PIN);
    await page.locator('#card [type=submit]').click();
    await expect(page.locator('#card .notice--ok')).toBeVisible({ timeout: 30_000 });
    await check('PIN set');
    await opens(page, '/card/private');
    await page.locator('#pin-card').fill('999999');
    await page.locator('.pin [type=submit]').click();
    await expect(page.locator('#pin-card-error')).toBeVisible({ timeout: 30_000 });
    await check('wrong PIN');
    await page.locator('#pin-card').fill(PIN);
    await page.locator('.pin [type=submit]').click();
    await page.locator('#eyes').fill('green '.repeat(30));
    await expect(page.locator('.error-summary')).toBeVisible();
    await check('facts');
    await page.locator('.actions .button--main').click();
    await expect(page.locator('.police')).toBeVisible();
    await check('page for the police');
    await opens(page, '/reports');
    await expect(page.locator('#pin-reports')).toBeVisible();
    await check('reports locked');
    expect(found).toEqual([]);
  });
}

/** What lies on the phone of a lock's content: a header, a nonce, what is inside, a tag. */
async function sealedContent(page: Page, lock = 'card'): Promise<Buffer> {
  const bytes = await page.evaluate(async (lock) => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await done(indexedDB.open('safe-place'));
    const content = await done(database.transaction('locks').objectStore('locks').get(`${lock} content`));
    database.close();
    return [...(content as Uint8Array)];
  }, lock);
  return Buffer.from(bytes);
}

/** The key in memory that opens what was sealed: whoever could read the memory would try the same. */
function keyOf(pids: number[], sealed: Buffer, lock = 'card', step = 1): Buffer | undefined {
  let found: Buffer | undefined;
  const lately = new Int32Array(256);
  let turn = 0;
  const looksRandom = (chunk: Buffer, at: number) => {
    turn += 1;
    let different = 0;
    for (let next = at; next < at + 32; next += 1) {
      if (lately[chunk[next]] !== turn) different += 1;
      lately[chunk[next]] = turn;
    }
    return different >= 24;
  };
  for (const pid of pids) {
    // Only where the program's own words lie: its memory.
    const memory = holding(pid, Buffer.from('safe-place lock v1 '));
    read(pid, (chunk) => {
      for (let at = 0; !found && at + 32 <= chunk.length; at += step) {
        if (looksRandom(chunk, at) && opened(chunk.subarray(at, at + 32), sealed, lock)) found = Buffer.from(chunk.subarray(at, at + 32));
      }
    }, memory);
    if (found) break;
  }
  return found;
}

const [HEADER, NONCE, TAG] = [1 + 26 + 8, 12, 16];

/** What is inside, where this is the key. */
function opened(key: Buffer, sealed: Buffer, lock: string): Buffer | undefined {
  try {
    const cipher = createDecipheriv('chacha20-poly1305', key, sealed.subarray(HEADER, HEADER + NONCE), { authTagLength: TAG });
    const inside = sealed.subarray(HEADER + NONCE, sealed.length - TAG);
    cipher.setAAD(Buffer.concat([sealed.subarray(0, HEADER), Buffer.from(lock)]), { plaintextLength: inside.length });
    cipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    return Buffer.concat([cipher.update(inside), cipher.final()]);
  } catch {
    return undefined;
  }
}

test('with a PIN on the card, a helper gives the phone back by it alone', async ({ page }) => {
  const handover = words('handover');
  await installs(page);
  await makesCard(page, { name: 'Ali', contact: { name: 'Sam', telephone: '07700 900 123' } });
  await setsPin(page, 'card', PIN);
  await opens(page, '/card');
  await page.getByRole('button', { name: words('card').give, exact: true }).click();
  const back = page.locator('.give-back');
  await expect(back).toContainText(handover.give_back_by_pin);
  // Held for as long as it took without a PIN, it asks for the PIN.
  await back.hover();
  await page.mouse.down();
  await page.waitForTimeout(3_500);
  await page.mouse.up();
  await tries(page, OTHER);
  await expect(page.getByText(locks.wrong, { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  // Neither another address nor a new start leads past it.
  await opens(page, '/settings');
  await expect(page.locator('.amber')).toBeVisible();
  await page.locator('.give-back').click();
  await page.getByRole('button', { name: handover.back }).click();
  await expect(page.locator('.amber')).toBeVisible();
  await page.locator('.give-back').click();
  await tries(page, PIN);
  await expect(page.getByRole('heading', { level: 1, name: handover.summary_title })).toBeVisible({ timeout: 30_000 });
  // Giving it back opens nothing of what the PIN protects.
  await opens(page, '/card/private');
  await seesItLocked(page);
});

test('who has forgotten the PIN gets the phone back, and gives up what was behind it', async ({ page }) => {
  const handover = words('handover');
  await installs(page);
  await makesCard(page, { name: 'Ali', contact: { name: 'Sam', telephone: '07700 900 123' } });
  await setsPin(page, 'card', PIN);
  await opens(page, '/card');
  await page.getByRole('button', { name: words('card').give, exact: true }).click();
  await page.locator('.give-back').click();
  await page.getByRole('button', { name: locks.forgot, exact: true }).click();
  await expect(page.getByText(locks.forgot_card_note)).toBeVisible();
  await page.getByRole('button', { name: locks.forgot_yes }).click();
  await expect(page.getByRole('heading', { level: 1, name: handover.summary_title })).toBeVisible({ timeout: 30_000 });
});
