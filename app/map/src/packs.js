// Map packs as files on this phone: fetched whole, kept whole, read from there. Which part of the map
// somebody looks at is therefore asked of nobody.
import { PMTiles } from 'pmtiles';

/** Where packs and this code are kept from the first time the map is opened. */
const CACHE = 'map';
const HEADER = 127;

/** A file that is not a map, or not all of one. */
export class BadPack extends Error {}

/** The kept files, or nothing where the browser keeps none. */
const kept = () => globalThis.caches?.open(CACHE).catch(() => undefined);

/** Keeps the map's own code and style, so that the map opens with no network. */
export async function keepCode(paths) {
  const cache = await kept();
  await Promise.allSettled(paths.map(async (path) => (await cache?.match(path)) ?? cache?.add(path)));
}

/** Forgets the packs and the code. */
export async function forget() {
  await globalThis.caches?.delete(CACHE);
}

/** Forgets what an older version kept. */
export async function forgetOthers(paths) {
  const cache = await kept();
  for (const { url } of (await cache?.keys()) ?? []) {
    if (!paths.includes(new URL(url).pathname)) await cache.delete(url);
  }
}

/** A default pack: from this phone, or fetched and kept. */
export async function pack(path) {
  const cache = await kept();
  const found = await cache?.match(path);
  const answer = found ?? (await fetch(path));
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const source = new Bytes(path, bytes);
  try {
    const opened = await opens(source, bytes.byteLength);
    // Kept only once it is known to be whole; a phone without room shows it all the same.
    const put = async () => Boolean(cache && (await cache.put(path, new Response(bytes)), true));
    return { ...opened, kept: Boolean(found) || (await put().catch(() => false)) };
  } catch (error) {
    await cache?.delete(path);
    throw error;
  }
}

/** Reads a pack's beginning; refuses what is no map and what ends too early. */
export async function opens(source, size) {
  if (size < HEADER) throw new BadPack('shorter than a header');
  const view = new DataView((await source.getBytes(0, HEADER)).data);
  const magic = String.fromCharCode(...new Uint8Array(view.buffer, 0, 7));
  if (magic !== 'PMTiles' || view.getUint8(7) !== 3) throw new BadPack('no map');
  const number = (at) => Number(view.getBigUint64(at, true));
  // Root directory, metadata, leaf directories and tiles: where each begins, and how long it is.
  const end = Math.max(...[8, 24, 40, 56].map((at) => number(at) + number(at + 8)));
  if (end > size) throw new BadPack('cut short');
  const tiles = new PMTiles(source);
  const { minZoom, maxZoom, minLon, minLat, maxLon, maxLat, tileType } = await tiles.getHeader();
  if (tileType !== 1) throw new BadPack('no vectors');
  const { attribution = '' } = (await tiles.getMetadata()) ?? {};
  return { tiles, size, minZoom, maxZoom, box: [minLon, minLat, maxLon, maxLat], credits: attribution };
}

/** A pack that lies in memory. */
class Bytes {
  constructor(name, bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  getKey() {
    return this.name;
  }

  async getBytes(offset, length) {
    return { data: this.bytes.slice(offset, offset + length) };
  }
}
