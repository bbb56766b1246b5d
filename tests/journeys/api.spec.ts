// What the server says to programs: clear answers to bad input, and the headers that protect pages.
import type { APIResponse } from '@playwright/test';
import { expect, test } from '../harness/test.ts';
import { installs, opens } from '../harness/person.ts';

const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const ID = 'aeaqcaibaeaqcaibaeaqcaibae';
const REPORT = `/api/reports/${ID}`;
const REPORT_TYPE = { 'content-type': 'application/vnd.safe-place.report' };

async function isProblem(answer: APIResponse, status: number, type: string): Promise<void> {
  expect(answer.status(), type).toBe(status);
  expect(answer.headers()['content-type']).toBe('application/problem+json');
  const body = await answer.json();
  expect(body).toMatchObject({ type, status });
  expect(body.title).toBeTruthy();
}

const AGE = 'age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\nsealed';

function envelope(change: object = {}, sealed = AGE): string {
  const mailbox = { id: ID, token_hash: '0a'.repeat(32) };
  return `${JSON.stringify({ version: 1, centre: 'hawthorns', keyset: 1, mailbox, length: Buffer.byteLength(sealed), ...change })}\n${sealed}`;
}

test('what cannot be understood is answered with the reason, and stores nothing', async ({ request, server }) => {
  const put = (data: string, headers: Record<string, string> = REPORT_TYPE, path = REPORT) => request.put(path, { data: Buffer.from(data), headers });
  await isProblem(await put('{'), 400, '/problems/malformed');
  await isProblem(await put('[]'), 400, '/problems/malformed');
  await isProblem(await put('{"version":"one"}'), 400, '/problems/malformed');
  await isProblem(await put(envelope(), REPORT_TYPE, '/api/reports/short'), 400, '/problems/malformed');
  await isProblem(await put(envelope(), { 'content-type': 'text/plain' }), 415, '/problems/media-type');
  await isProblem(await put(envelope(), { 'content-type': 'application/json' }), 415, '/problems/media-type');
  await isProblem(await put(envelope().replace('\n', ' ')), 400, '/problems/malformed');
  await isProblem(await put(' '.repeat(5_000) + envelope()), 400, '/problems/malformed');
  await isProblem(await put(envelope({ version: 2 })), 400, '/problems/malformed');
  await isProblem(await put(envelope({ version: 3 })), 400, '/problems/malformed');
  await isProblem(await put(envelope({ sealed: 'YWdl' })), 400, '/problems/malformed');
  await isProblem(await put(envelope({}, 'plain words')), 400, '/problems/malformed');
  await isProblem(await put(envelope().slice(0, -1)), 400, '/problems/malformed');
  await isProblem(await put('x'.repeat(100_000)), 413, '/problems/too-large');
  await isProblem(await request.get('/api/nothing'), 404, '/problems/not-found');
  await isProblem(await request.post('/api/scheme'), 405, '/problems/method-not-allowed');
  await isProblem(await request.get('/api/places?limit=many'), 400, '/problems/malformed');
  expect(server.stored()).toBe(0);
});

test('a cursor of nobody starts from the beginning', async ({ request }) => {
  const [all, odd] = await Promise.all(['', '?after=%00nonsense'].map((after) => request.get(`/api/places${after}`)));
  expect(odd.status()).toBe(200);
  expect(await odd.json()).toEqual(await all.json());
});

test('an unknown mailbox answers exactly as an empty one', async ({ request }) => {
  const authorization = `Bearer ${'A'.repeat(43)}`;
  const answers = [];
  for (const id of [ID, 'baaqcaibaeaqcaibaeaqcaibae']) {
    const answer = await request.get(`/api/mailboxes/${id}`, { headers: { authorization } });
    answers.push([answer.status(), await answer.text()]);
  }
  expect(answers[0]).toEqual(answers[1]);
});

test('every answer carries the headers that protect whoever reads it', async ({ request }) => {
  for (const path of ['/', '/card', '/centre', '/list', '/away', '/nowhere', '/sw.js', '/api/scheme', '/api/nothing', '/healthz']) {
    const headers = (await request.get(path)).headers();
    expect(headers['content-security-policy'], path).toBe(CSP);
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-resource-policy'], path).toBe('same-origin');
    expect(headers['permissions-policy'], path).toContain('geolocation=(self)');
    expect(headers['set-cookie'], path).toBeUndefined();
  }
});

test('named by content is kept for ever, everything else is asked for anew', async ({ request }) => {
  const cache = async (path: string) => (await request.get(path)).headers()['cache-control'];
  const html = await (await request.get('/')).text();
  const hashed = /\/x\/app\.\w+\.js/.exec(html)?.[0] ?? '';
  expect(await cache(hashed)).toBe('public, max-age=31536000, immutable');
  for (const path of ['/', '/sw.js', '/manifest.webmanifest', '/help']) expect(await cache(path), path).toBe('no-cache');
});

test('the API describes every route it has', async ({ request }) => {
  const description = await (await request.get('/api/openapi.json')).json();
  expect(description.openapi).toMatch(/^3\.1/);
  const paths = ['/api/reports/{id}', '/api/scheme', '/api/places', '/api/mailboxes/{id}', '/api/openapi.json', '/healthz', '/readyz', '/list'];
  expect(Object.keys(description.paths).sort()).toEqual(expect.arrayContaining(paths.sort()));
});

test('a browser accepts the policy on every kind of page', async ({ page, server }) => {
  await installs(page);
  for (const path of ['/', '/centre', '/list', '/away']) await page.goto(path);
  await server.kill();
  await opens(page, '/places');
});
