// What is left on a phone: read past the app, as somebody would who has it in their hands later.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Everything a later reader of the phone could find without the key: page, storage, caches, address, Back. */
export async function everythingLeft(page: Page): Promise<string> {
  return [await shown(page), await stored(page)].join('\n');
}

/** What a tab holds: the page, what is typed into it, its title and address, and what Back would bring. */
export async function shown(page: Page): Promise<string> {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  const here = await page.evaluate(() => {
    const typed = [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value);
    const tab = [location.href, JSON.stringify(history.state), JSON.stringify({ ...sessionStorage }), window.name, document.title];
    return [document.documentElement.outerHTML, ...typed, ...tab].join('\n');
  });
  return [here, ...entries.map(({ title, url }) => `${title} ${url}`)].join('\n');
}

/** What the browser keeps for the app: every database, caches, settings, cookies. */
export async function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const left: string[] = [JSON.stringify({ ...localStorage }), document.cookie];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        left.push(`${name} ${request.url}`);
        const answer = await cache.match(request);
        if (!/wasm|image|font/.test(answer?.headers.get('content-type') ?? '')) left.push(await answer!.text());
      }
    }
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const plain = (value: unknown): string => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value as Uint8Array<ArrayBuffer>;
        return ['latin1', 'utf-16le'].map((letters) => new TextDecoder(letters).decode(bytes)).join(' ');
      }
      if (value && typeof value === 'object') return Object.entries(value).map(([key, inside]) => `${key} ${plain(inside)}`).join(' ');
      return String(value);
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
        for (const [at, value] of values.entries()) left.push(`${name} ${store} ${plain(keys[at])} ${plain(value)}`);
      }
      database.close();
    }
    return left.join('\n');
  });
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
