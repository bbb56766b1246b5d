// Picture files as people choose them, good ones and others.
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';

export interface Picture {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

function chunk(kind: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind), data]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(data.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), named.length + 4);
  return out;
}

/** Rows of stripes; each begins with 0, for no filter. */
function striped(row: number, height: number): Buffer {
  const rows = Buffer.alloc(row * height, 0x55);
  for (let at = 0; at < rows.length; at += row) rows[at] = 0;
  return rows;
}

/** A PNG of this size in black and white; `declaredOnly` leaves its pixels out. */
export function png(width: number, height: number, declaredOnly = false): Picture {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1;
  const row = Math.ceil(width / 8) + 1;
  const pixels = declaredOnly ? [] : [chunk('IDAT', deflateSync(striped(row, height)))];
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const buffer = Buffer.concat([signature, chunk('IHDR', head), ...pixels, chunk('IEND', Buffer.alloc(0))]);
  return { name: `${width}x${height}.png`, mimeType: 'image/png', buffer };
}

/** A phone's photo, four by three, red on the left and blue on the right, with where it was taken. */
export async function photo(page: Page, taken: string): Promise<Picture> {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1600, 1200];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#d00';
    context.fillRect(0, 0, 800, 1200);
    context.fillStyle = '#00d';
    context.fillRect(800, 0, 800, 1200);
    return canvas.toDataURL('image/jpeg').split(',')[1];
  });
  const plain = Buffer.from(base64, 'base64');
  const note = Buffer.from(`Exif\0\0${taken}`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(note.length + 2);
  const buffer = Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, note, plain.subarray(2)]);
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
}

/** What an iPhone writes, as far as a browser without the codec comes. */
export function heic(): Picture {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(4032, 0);
  size.writeUInt32BE(3024, 4);
  const box = Buffer.concat([Buffer.from('\0\0\0\x14ispe\0\0\0\0', 'latin1'), size]);
  const buffer = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), box, Buffer.alloc(2000, 7)]);
  return { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer };
}

/** A photo whose transfer broke off after its first bytes. */
export function broken(): Picture {
  return { ...png(640, 480, true), name: 'broken.png' };
}

/** A text that calls itself a photo. */
export function pretender(): Picture {
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('I am no photo.') };
}
