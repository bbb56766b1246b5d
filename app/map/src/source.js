// One picture from several packs: each layer of a tile comes from the most exact pack that has it.
import { PmtilesSource, transformGeom } from 'protomaps-leaflet';

/** Layers that the overview alone has, also where a more exact pack is there. */
const ALWAYS = ['earth'];

/** Tiles of all packs; the most exact one comes last. */
export class Packs {
  constructor(packs) {
    this.packs = packs.map((pack) => ({ ...pack, source: new PmtilesSource(pack.tiles, false) }));
    this.maxZoom = Math.max(...packs.map((pack) => pack.maxZoom));
  }

  async get(tile, size) {
    const there = this.packs.filter((pack) => tile.z >= pack.minZoom && touches(pack.box, tile));
    const read = await Promise.all(there.map((pack) => layers(pack, tile, size)));
    return read.reduce((under, over, at) => merged(under, over, there[at]), new Map());
  }
}

/** A whole pack covers what lies under it; one of streets lies on top, as it may end within a tile. */
function merged(under, over, { streets }) {
  if (!streets) {
    const earth = ALWAYS.filter((name) => under.has(name)).map((name) => [name, under.get(name)]);
    return over.size > 0 ? new Map([...earth, ...over]) : under;
  }
  const both = new Map(under);
  for (const [name, features] of over) {
    const below = name === 'places' && features.length > 0 ? [] : (under.get(name) ?? []);
    both.set(name, [...below, ...features]);
  }
  return both;
}

/** A pack's part of a tile; below its last zoom, a piece of the tile that contains it. */
async function layers({ source, maxZoom }, tile, size) {
  const down = Math.max(0, tile.z - maxZoom);
  if (down === 0) return source.get(tile, size);
  const scale = 2 ** down;
  const [x, y] = [Math.floor(tile.x / scale), Math.floor(tile.y / scale)];
  const whole = await source.get({ z: maxZoom, x, y }, size);
  const [left, top] = [(tile.x - x * scale) * size, (tile.y - y * scale) * size];
  return new Map([...whole].map(([name, features]) => [name, piece(features, scale, left, top, size)]));
}

/** The features that reach into a piece, as large as the piece wants them. */
function piece(features, scale, left, top, size) {
  const margin = size / 8;
  return features.flatMap((feature) => {
    const box = feature.bbox;
    const [minX, maxX] = [box.minX * scale - left, box.maxX * scale - left];
    const [minY, maxY] = [box.minY * scale - top, box.maxY * scale - top];
    if (maxX < -margin || minX > size + margin || maxY < -margin || minY > size + margin) return [];
    const shift = feature.geom[0][0].clone();
    [shift.x, shift.y] = [-left, -top];
    return [{ ...feature, geom: transformGeom(feature.geom, scale, shift), bbox: { minX, minY, maxX, maxY } }];
  });
}

function touches([west, south, east, north], { z, x, y }) {
  const count = 2 ** z;
  const lon = (column) => (column / count) * 360 - 180;
  const lat = (row) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / count))) * 180) / Math.PI;
  // A hair's breadth: edges that only touch do not count.
  const hair = 1e-6;
  return lon(x + 1) > west + hair && lon(x) < east - hair && lat(y) > south + hair && lat(y + 1) < north - hair;
}
