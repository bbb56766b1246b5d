// The deployment's own map with streets: fetched in parts, so that it can be paused and gone on with;
// used only once it is whole.
import { BadPack, opens } from './packs.js';

/** Bytes of a part; the server gives up to four times as many. */
const PART = 1 << 20;
const ABOUT = 'about';
const PARTS = 'parts';

/** There is another pack by now: what was fetched belongs to the old one. */
export class Changed extends Error {}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function database() {
  const open = indexedDB.open('safe-place-map', 1);
  open.onupgradeneeded = () => [ABOUT, PARTS].forEach((store) => open.result.createObjectStore(store));
  return done(open);
}

/** One transaction over both stores; what it changed is on the phone once this is through. */
async function within(mode, act) {
  const db = await database();
  try {
    const transaction = db.transaction([ABOUT, PARTS], mode);
    const through = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = act(transaction.objectStore(ABOUT), transaction.objectStore(PARTS));
    await through;
    return result?.result;
  } finally {
    db.close();
  }
}

/** What is on this phone: `{ tag, bytes, have }`, or nothing. */
export const kept = () => within('readonly', (about) => about.get('streets')).catch(() => undefined);

/** What the server has: `{ tag, bytes }`, or nothing; nothing also without a network. */
export async function offered() {
  const answer = await fetch('/api/map').catch(() => undefined);
  return answer?.ok ? (await answer.json()).streets ?? undefined : undefined;
}

/** Deletes all of it. */
export const remove = () => within('readwrite', (about, parts) => (parts.clear(), about.clear()));

/** Fetches what is missing; tells how far it is; stops where it is told to. */
export async function fetchOn(offer, signal, progress) {
  let { tag, have } = (await kept()) ?? {};
  if (tag !== offer.tag) {
    await remove();
    have = 0;
  }
  while (have < offer.bytes) {
    progress(have);
    const bytes = await part(offer, have, signal);
    const now = have + bytes.byteLength;
    const at = have / PART;
    // The part and how far that is, together or not at all.
    await within('readwrite', (about, parts) => {
      parts.put(bytes, at);
      about.put({ ...offer, have: now }, 'streets');
    });
    have = now;
  }
}

async function part({ tag, bytes }, from, signal) {
  const to = Math.min(from + PART, bytes) - 1;
  const headers = { range: `bytes=${from}-${to}`, 'if-match': `"${tag}"` };
  const answer = await fetch('/api/map/streets', { headers, signal, cache: 'no-store' });
  if (answer.status === 412 || answer.status === 404) throw new Changed();
  if (answer.status !== 206) throw new Error(`streets: ${answer.status}`);
  const got = await answer.arrayBuffer();
  if (got.byteLength !== to - from + 1) throw new BadPack('a part of another length');
  return got;
}

/** The whole pack, to draw from; nothing while a part is missing. One that is no map is deleted. */
export async function opened() {
  const about = await kept();
  if (!about || about.have < about.bytes) return undefined;
  try {
    return { ...(await opens(new Stored(about), about.bytes)), streets: true };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A pack that lies in parts in the browser's database. */
class Stored {
  constructor({ tag }) {
    this.tag = tag;
  }

  getKey() {
    return this.tag;
  }

  async getBytes(offset, length) {
    const [first, last] = [Math.floor(offset / PART), Math.floor((offset + length - 1) / PART)];
    const found = await within('readonly', (_, parts) => parts.getAll(IDBKeyRange.bound(first, last)));
    const whole = await new Blob(found).arrayBuffer();
    return { data: whole.slice(offset - first * PART, offset - first * PART + length) };
  }
}
