// The sample scheme's places, and which of them are nearest: worked out here, apart from the app.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

export interface Place {
  id: string;
  name: string;
  lat: number;
  lon: number;
  /** As OpenStreetMap writes them; empty where they are not known. */
  hours: string;
  /** What makes it easier to be there. */
  offers: string[];
  sample: boolean;
}

/** Every place of the sample scheme, as its file has them. */
export function samplePlaces(): Place[] {
  const [head, ...rows] = lines('server/sample/places.csv').map(cells);
  const record = (row: string[]) => Object.fromEntries(head.map((name, at) => [name, row[at]]));
  return rows.map(record).map(({ id, name, lat, lon, opening_hours, offers, sample }) => ({
    id, name, lat: Number(lat), lon: Number(lon), hours: opening_hours, sample: sample === 'true',
    offers: offers.split(' ').filter(Boolean),
  }));
}

/** Their names, nearest first; those whose hours are not known after all others. */
export function nearestNames(lat: number, lon: number): string[] {
  const far = (place: Place) => metres(lat, lon, place.lat, place.lon);
  const unknown = (place: Place) => (place.hours === '' ? 1 : 0);
  const order = (a: Place, b: Place) => unknown(a) - unknown(b) || far(a) - far(b);
  return samplePlaces().sort(order).map(({ name }) => name);
}

/** The middle of a postcode's district. */
export function middleOf(district: string): [number, number] {
  const line = lines('public/districts.txt').find((line) => line.startsWith(`${district} `));
  const [, lat, lon] = (line ?? '').split(' ').map(Number);
  return [lat / 10_000, lon / 10_000];
}

function metres(latA: number, lonA: number, latB: number, lonB: number): number {
  const [a, b, across] = [latA, latB, lonB - lonA].map((degrees) => (degrees * Math.PI) / 180);
  const cosine = Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(across);
  return 6_371_000 * Math.acos(Math.min(1, cosine));
}

function lines(file: string): string[] {
  return readFileSync(join(ROOT, file), 'utf8').trim().split('\n');
}

function cells(line: string): string[] {
  const found = line.matchAll(/("((?:[^"]|"")*)"|[^",]*)(,|$)/g);
  return Array.from(found, ([, bare, quoted]) => quoted?.replaceAll('""', '"') ?? bare);
}
