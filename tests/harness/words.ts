// The texts a person sees, from the catalogue: journeys name them by key, as the app does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

/** All English texts of one catalogue file, by key. */
export function words(file: string): Record<string, string> {
  const lines = readFileSync(join(ROOT, `app/words/en/${file}.toml`), 'utf8').split('\n');
  const entry = (line: string) => /^(\w+) = (".*")$/.exec(line);
  const found = lines.map(entry).filter((parts) => parts !== null);
  return Object.fromEntries(found.map(([, key, text]) => [key, JSON.parse(text)]));
}

/** A text with its gaps filled in. */
export function filled(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
