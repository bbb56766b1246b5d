// Nameless notes: they wait on the phone for a moment of their own, go out alone, and are counted once.
import type { Page } from '@playwright/test';
import { kept } from '../harness/kept.ts';
import { installs, opens, seesItSent, sends, writesReport } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';

const NOTE = /^PUT \/api\/notes\//;
const REPORT = /^PUT \/api\/reports\//;
const HOUR = 3_600_000;
const ONE = 'aeaqcaibaeaqcaibaeaqcaibae';
const OTHER = 'aibaeaqcaibaeaqcaibaeaqcai';

/** Notes as the app keeps them (their shape is held by a test of the vocabulary), their moments so far
    from now; all at once, or a round could begin between two. */
async function noted(page: Page, moments: Record<string, number>): Promise<void> {
  await page.evaluate(
    async (moments) => {
      const now = Date.now();
      const day = new Date(now).toISOString().slice(0, 10);
      const note = { kind: { 'help-given': { how: 'rang-contact' } }, place: 'hawthorns-house', day };
      const opened = indexedDB.open('safe-place');
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        opened.onsuccess = () => resolve(opened.result);
        opened.onerror = () => reject(opened.error);
      });
      const write = database.transaction('notes', 'readwrite');
      for (const [id, moment] of Object.entries(moments)) write.objectStore('notes').put({ id, note, not_before: now + moment }, id);
      await new Promise((resolve) => (write.oncomplete = resolve));
      database.close();
    },
    moments,
  );
}

const waiting = async (page: Page) => (await kept(page)).notes as Record<string, { not_before: number }>;

const today = () => new Date().toISOString().slice(0, 10);

const table = (server: { command(...words: string[]): string }) =>
  server.command('notes', '--from', '2020-01-01', '--to', today()).trim().split('\n').slice(1);

test('a note made without a network goes out when its moment has come, and is counted once', async ({ context, network, page, server }) => {
  await installs(page);
  await context.setOffline(true);
  await noted(page, { [ONE]: -1_000, [OTHER]: HOUR });
  await opens(page, '/help');
  await expect.poll(async () => Object.keys(await waiting(page)).length).toBe(2);
  expect(network.count(NOTE)).toBe(0);
  await context.setOffline(false);
  await opens(page, '/');
  await expect.poll(async () => Object.keys(await waiting(page))).toEqual([OTHER]);
  expect(network.count(NOTE)).toBe(1);
  expect(table(server)).toEqual(['hawthorns-house,Hawthorns House,help-given,rang-contact,1']);
});

test('a note whose answer was lost is sent again at another moment and counted once', async ({ network, page, server }) => {
  await installs(page);
  const heal = network.loseAnswers(NOTE);
  await noted(page, { [ONE]: -1_000 });
  const before = Date.now();
  await opens(page, '/');
  await expect.poll(async () => (await waiting(page))[ONE].not_before > before).toBe(true);
  const moment = (await waiting(page))[ONE].not_before - before;
  expect(moment).toBeGreaterThanOrEqual(HOUR / 6);
  expect(moment).toBeLessThan(12 * HOUR + 60_000);
  heal();
  await noted(page, { [ONE]: -1_000 });
  await opens(page, '/');
  await expect.poll(async () => Object.keys(await waiting(page))).toEqual([]);
  // A browser repeats by itself what was cut off.
  expect(network.count(NOTE)).toBeGreaterThan(1);
  expect(table(server)).toEqual(['hawthorns-house,Hawthorns House,help-given,rang-contact,1']);
});

test('a note does not travel with a report, nor with another note, and carries no cookie', async ({ context, network, page, server }) => {
  await context.addCookies([{ name: 'who', value: 'Ali', url: network.url }]);
  await installs(page);
  await writesReport(page, { phone: 'mine', account: 'Not beside a note.' });
  await noted(page, { [ONE]: -1_000 });
  await sends(page);
  await seesItSent(page);
  await expect.poll(async () => (await waiting(page))[ONE].not_before > Date.now()).toBe(true);
  expect([network.count(REPORT), network.count(NOTE)]).toEqual([1, 0]);
  await noted(page, { [ONE]: -2_000, [OTHER]: -1_000 });
  await opens(page, '/');
  await expect.poll(async () => (await waiting(page))[OTHER]?.not_before > Date.now()).toBe(true);
  expect(await waiting(page)).not.toHaveProperty(ONE);
  expect(network.count(NOTE)).toBe(1);
  expect(network.withCookie.length, 'pages do carry it').toBeGreaterThan(0);
  expect(network.withCookie.filter((line) => NOTE.test(line))).toEqual([]);
  expect(table(server)).toHaveLength(1);
});
