// The next release of the phone app: the built one with one file changed, under a new name.
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SITE, freshFolder } from './places.ts';

const WORDS = /^words-en\.\w+\.txt$/;

/** A copy of the built app, in which one English sentence is another. */
export function nextRelease(sentence: string, instead: string): string {
  const site = freshFolder('site');
  cpSync(SITE, site, { recursive: true });
  const files = readdirSync(join(site, 'x'));
  const old = files.find((file) => WORDS.test(file));
  if (!old) throw new Error('the built app has no English words');
  const text = readFileSync(join(site, 'x', old), 'utf8');
  if (!text.includes(sentence)) throw new Error(`nobody says "${sentence}"`);
  const next = 'words-en.nextrelease0.txt';
  writeFileSync(join(site, 'x', next), text.replaceAll(sentence, instead));
  files.filter((file) => file.startsWith(old)).forEach((file) => rmSync(join(site, 'x', file)));
  for (const file of ['index.html', 'precache.json']) rename(join(site, file), old, next);
  return site;
}

/** Names the new file where the old one was named. */
function rename(file: string, old: string, next: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(old, next));
  for (const ending of ['.br', '.gz']) rmSync(file + ending, { force: true });
}
