// The service worker: keeps the app on the phone, answers from there, and sends what waits when the
// browser says that there is a connection. A list of policies; it never touches what is sent.
'use strict';
const VERSION = '{{version}}';
// What is kept: path → hash of its content (the beginning of its SHA-256).
const FILES = JSON.parse(String.raw`{{precache}}`);
const COURIER = '%COURIER_HOST%';
// The release that painted what lies beside the card.
const VERSION_OF_APP = '%VERSION%';
// Where postcodes and towns lie: wanted, but nothing fails without it.
const MAP_DATA = ['/postcodes.bin', '%DISTRICTS%', '%TOWNS%'];
// Kept from the day somebody opens the map: its code, its style and its packs, each named by its content.
const MAP_FILES = '%MAP%'.split(' ');
const MAP = 'map';
const SHELL = `shell-${VERSION}`;
const HASH = 'x-kept-hash';
const newer = new BroadcastChannel('newer version');

self.addEventListener('install', (event) => {
  // Imported now, so that the browser keeps it for the day when there is something to send.
  importScripts(COURIER);
  event.waitUntil(keepAll());
});

// No skipWaiting by itself: a form may be half full. The page asks when the person agreed.
self.addEventListener('message', (event) => {
  if (event.data?.kind === 'take-over') event.waitUntil(betweenRounds(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => event.waitUntil(begin()));

self.addEventListener('sync', (event) => {
  if (event.tag === 'outbox') event.waitUntil(Promise.race([carry(), givesWay()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  const [, policy] = policies.find(([applies]) => applies(url.pathname, request));
  if (policy) event.respondWith(policy(request, url.pathname));
});

const under = (...roots) => (path) => roots.some((root) => path === root || path.startsWith(`${root}/`));
const isPage = (_, request) => request.mode === 'navigate';

// The first that applies decides; without an action the browser goes on as if we were not here.
const policies = [
  [under('/api', '/healthz', '/readyz', '/sw.js', '/manage'), null],
  [under('/centre'), (request) => fetch(request).catch(() => kept('/centre-offline'))],
  [under('/list'), fresh],
  [(path) => /^\/places\/[^/]+\/poster$/.test(path), null],
  [(path) => MAP_DATA.includes(path), keptAndRenewed],
  [(path, request) => path === '/card' && isPage(path, request), cardPage],
  [(path) => path in FILES, (_, path) => kept(path)],
  [isPage, () => kept('/')],
  [under('/x'), (request) => caches.match(request).then((found) => found ?? fetch(request))],
  [() => true, null],
];

async function kept(path) {
  const cache = await caches.open(SHELL);
  return (await cache.match(path)) ?? fetch(path);
}

// The card's front stands in the page before the page is read, so that nothing at all has to run
// first; without one, the boot script and the app see to it.
async function cardPage() {
  const [page, [record, front] = []] = await Promise.all([kept('/'), painted().catch(() => undefined)]);
  if (front?.version !== VERSION_OF_APP) return page;
  const html = await page.text();
  const [from, to] = [html.indexOf('<div id="shell">'), html.indexOf('<div id="app">')];
  const parts = ['<html data-painted="', front.language, '" data-record="', record, '"', html.slice(html.indexOf('<html') + 5, from),
    '<div id="shell">', front.html, '</div>', html.slice(to)];
  return new Response(`<!doctype html>${parts.join('')}`, { headers: page.headers });
}

// A helper's page comes before the card: while there is one, nothing else is shown.
function painted() {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open('safe-place');
    open.onupgradeneeded = () => open.transaction.abort();
    open.onblocked = open.onerror = reject;
    open.onsuccess = () => {
      const db = open.result;
      try {
        const store = db.transaction('front').objectStore('front');
        const handed = store.get('handover');
        const front = store.get('front');
        front.onsuccess = () => resolve(handed.result ? ['handover', handed.result] : ['front', front.result]);
        front.onerror = reject;
      } catch (error) {
        reject(error);
      }
      db.close();
    };
  });
}

// What is here, at once; what is newer, for the next time.
async function keptAndRenewed(request, path) {
  const cache = await caches.open(SHELL);
  const found = await cache.match(path);
  const renewed = fetch(request).then(async (answer) => {
    if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  });
  if (found) renewed.catch(() => {});
  return found ?? renewed;
}

// The newest there is; without a network the last one seen.
async function fresh(request, path) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(path, answer.clone());
    return answer;
  } catch {
    return (await cache.match(path)) ?? kept('/');
  }
}

async function keepAll() {
  const cache = await caches.open(SHELL);
  const older = await olderCaches();
  const keep = async ([path, hash]) =>
    cache.put(path, (await unchanged(older, path, hash)) ?? (await fetched(path, hash)));
  await Promise.all(Object.entries(FILES).map(keep));
  // The list is made by the server from its places; it, too, may be had later.
  await Promise.allSettled(['/list', ...MAP_DATA].map((path) => cache.add(path)));
  await keepMap();
}

// A newer map is kept only where somebody has opened the one before; the app works without it.
async function keepMap() {
  if (!(await caches.has(MAP))) return;
  const cache = await caches.open(MAP);
  await Promise.allSettled(MAP_FILES.map(async (path) => (await cache.match(path)) ?? cache.add(path)));
}

// What an older version kept under the same hash is copied, not fetched.
async function unchanged(older, path, hash) {
  for (const cache of older) {
    const found = await cache.match(path);
    if (found?.headers.get(HASH) === hash) return found;
  }
}

async function fetched(path, hash) {
  const answer = await fetch(path, { cache: path.startsWith('/x/') ? 'default' : 'no-cache' });
  const bytes = await answer.arrayBuffer();
  // A sign-in page of a café, or a newer release than this worker's, must not be kept as ours.
  if (!answer.ok || !(await sha256(bytes)).startsWith(hash)) throw new Error(`${path} cannot be had`);
  const headers = new Headers(answer.headers);
  headers.set(HASH, hash);
  headers.delete('content-encoding');
  headers.delete('content-length');
  return new Response(bytes, { headers });
}

async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function olderCaches() {
  const names = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL);
  return Promise.all(names.map((name) => caches.open(name)));
}

// A request that woke the older version now would keep it, and us waiting: browsers end it only when
// it is idle. So no round of the courier's begins meanwhile; nor is one waited for, or held, for long.
async function betweenRounds(takeOver) {
  const patience = new Promise((over) => setTimeout(over, 3000));
  let taken;
  const take = () => {
    newer.postMessage('takes over');
    return (taken ??= takeOver());
  };
  await Promise.race([patience, navigator.locks?.request('outbox', () => Promise.race([patience, take()])) ?? take()]);
  await take();
}

// Open pages are claimed only by the very first version: a later one was asked to take over.
async function begin() {
  const names = (await caches.keys()).filter((name) => name.startsWith('shell-') && name !== SHELL);
  await Promise.all(names.map((name) => caches.delete(name)));
  if (names.length === 0) await self.clients.claim();
}

// What the older version does for the browser, or waits to do, while a page sends: the newer one does it.
function givesWay() {
  return new Promise((_, tryAgain) => newer.addEventListener('message', () => tryAgain(new Error('a newer version takes over'))));
}

// Rejecting makes the browser try again later.
async function carry() {
  if (!self.courier) importScripts(COURIER);
  const { next } = await self.courier.sync();
  if (next !== null) throw new Error('something still waits');
}
