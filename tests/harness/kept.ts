// What lies on the phone, read past the app: the whole of its IndexedDB.
import type { Page } from '@playwright/test';

type Kept = Record<string, Record<string, unknown>>;

/** Every record of every store, by store and key. */
export async function kept(page: Page): Promise<Kept> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open('safe-place'));
    const stores: Kept = {};
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      const [keys, values] = [done(store.getAllKeys()), done(store.getAll())];
      const records = (await keys).map(async (key, at) => [String(key), (await values)[at]]);
      stores[name] = Object.fromEntries(await Promise.all(records));
    }
    database.close();
    return stores;
  });
}

/** Ids of the reports this phone answers for. */
export async function reportIds(page: Page): Promise<string[]> {
  return Object.keys((await kept(page)).outbox);
}
