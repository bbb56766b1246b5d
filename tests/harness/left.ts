// What is left on a phone: read past the app, as somebody would who has it in their hands later.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Everything a later reader of the phone could find without the key: page, storage, caches, address, Back. */
export async function everythingLeft(page: Page): Promise<string> {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  const left = await page.evaluate(async () => {
    const left: string[] = [document.documentElement.outerHTML, location.href, JSON.stringify(history.state)];
    left.push([...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value).join('\n'));
    left.push(JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.title, document.cookie);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        left.push(request.url);
        const answer = await cache.match(request);
        if (/html|json|text/.test(answer?.headers.get('content-type') ?? '')) left.push(await answer!.text());
      }
    }
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('safe-place'));
    const plain = (value: unknown): string => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value as Uint8Array<ArrayBuffer>;
        return ['latin1', 'utf-16le'].map((letters) => new TextDecoder(letters).decode(bytes)).join(' ');
      }
      if (value && typeof value === 'object') return Object.entries(value).map(([key, inside]) => `${key} ${plain(inside)}`).join(' ');
      return String(value);
    };
    for (const store of database.objectStoreNames) {
      for (const value of await done(database.transaction(store).objectStore(store).getAll())) left.push(`${store} ${plain(value)}`);
    }
    database.close();
    return left.join('\n');
  });
  return [left, ...entries.map(({ title, url }) => `${title} ${url}`)].join('\n');
}

/** Which files below a folder hold a word, as it is: with one byte or two for each letter. What is compressed is not seen. */
export function filesWith(folder: string, word: string): string[] {
  const looks = (['utf8', 'utf16le'] as const).map((letters) => Buffer.from(word, letters));
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    const path = join(folder, name);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    const bytes = readFileSync(path);
    return looks.some((look) => bytes.includes(look));
  });
}
