// The texts a person sees, from the catalogue: journeys name them by key, as the app does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

/** All English texts of one catalogue file, by key; those of a table as "table.key". */
export function words(file: string): Record<string, string> {
  const found: [string, string][] = [];
  let table = '';
  for (const line of readFileSync(join(ROOT, `app/words/en/${file}.toml`), 'utf8').split('\n')) {
    const [, opened] = /^\[([\w-]+)\]$/.exec(line) ?? [];
    const [, key, text] = /^([\w-]+) = (".*")$/.exec(line) ?? [];
    if (opened) table = `${opened}.`;
    if (key) found.push([table + key, JSON.parse(text)]);
  }
  return Object.fromEntries(found);
}

/** A text with its gaps filled in. */
export function filled(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
