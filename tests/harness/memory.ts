// What lies in the memory of the browser's pages and workers, read past the browser.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Page } from '@playwright/test';

const CHUNK = 4 * 1024 * 1024;

/** The processes in which pages and their workers run. */
export async function renderers(page: Page): Promise<number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('a browser of its own is needed');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** Writable stretches that have pages, with start and end. */
function stretches(pid: number): [number, number][] {
  const found: [number, number][] = [];
  let now: [number, number] | undefined;
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (head) now = [Number.parseInt(head[1], 16), Number.parseInt(head[2], 16)];
    else if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) now = undefined;
    else if (now && /^Rss: +[1-9]/.test(line)) found.push(now);
  }
  return found;
}

/** Calls back with every chunk; consecutive ones overlap by a little, so that nothing is cut in two. */
export function read(pid: number, seen: (chunk: Buffer, stretch: number) => void, only?: Set<number>): void {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK);
  try {
    for (const [start, end] of stretches(pid)) {
      if (only && !only.has(start)) continue;
      for (let at = start; at < end; at += CHUNK - 4096) {
        try {
          const length = readSync(file, buffer, 0, Math.min(CHUNK, end - at), at);
          if (length > 0) seen(buffer.subarray(0, length), start);
        } catch {
          // Guard pages, and what was given back meanwhile.
        }
      }
    }
  } finally {
    closeSync(file);
  }
}

/** Where these bytes are: the beginnings of the stretches that hold them. */
export function holding(pid: number, what: Buffer): Set<number> {
  const found = new Set<number>();
  read(pid, (chunk, stretch) => {
    if (chunk.includes(what)) found.add(stretch);
  });
  return found;
}

/** How often these bytes are there. */
export function count(pids: number[], what: Buffer): number {
  let times = 0;
  for (const pid of pids) {
    read(pid, (chunk) => {
      for (let at = chunk.indexOf(what); at >= 0; at = chunk.indexOf(what, at + 1)) times += 1;
    });
  }
  return times;
}

/** How often a text is there: as browsers hold it, with one byte or two for each letter. */
export function countText(pids: number[], text: string): number {
  return count(pids, Buffer.from(text, 'latin1')) + count(pids, Buffer.from(text, 'utf16le'));
}

/** How often a text of this shape is there, with one byte or two for each letter. */
export function countLike(pids: number[], shape: RegExp): number {
  let times = 0;
  for (const pid of pids) {
    read(pid, (chunk) => {
      for (const text of [chunk.toString('latin1'), chunk.toString('utf16le')]) times += (text.match(shape) ?? []).length;
    });
  }
  return times;
}
