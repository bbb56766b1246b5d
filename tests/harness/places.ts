// Where the programs under test lie, and where a test may write.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** The server's program. */
export const SERVER = process.env.SAFE_PLACE_SERVER ?? join(ROOT, 'target/release/safe-place');
/** The program that makes keys and opens reports; it lies beside the server. */
export const KEYS = join(dirname(SERVER), 'keys');
/** The built phone app. */
export const SITE = process.env.SAFE_PLACE_SITE ?? join(ROOT, 'target/site');

/** A fresh folder. */
export function freshFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `safe-place-${purpose}-`));
}

/** Removes a folder; one that a dying program still writes into is tried again. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
