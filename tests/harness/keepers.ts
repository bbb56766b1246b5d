// A scheme's key keepers: one root, one centre, and the keysets that the root signs.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, freshFolder, removeFolder } from './places.ts';

export class Keepers {
  private readonly folder = freshFolder('keepers');
  private readonly first = join(this.folder, 'first');

  constructor() {
    execFileSync(KEYS, ['sample', '--out', this.first, '--centre', 'hawthorns']);
  }

  /** A folder as a server is given it, with the keyset of this version. */
  keys(version: number): string {
    const given = join(this.folder, String(version));
    cpSync(this.first, given, { recursive: true });
    const [keyset, root] = [join(given, 'keyset.json'), join(given, 'root.key')];
    const { keyset: signed } = JSON.parse(readFileSync(keyset, 'utf8')) as { keyset: string };
    const { centres, recovery } = JSON.parse(signed) as { centres: { id: string; recipient: string }[]; recovery: string };
    rmSync(keyset);
    const named = centres.flatMap(({ id, recipient }) => ['--centre', `${id}=${recipient}`]);
    execFileSync(KEYS, ['sign', '--root', root, '--version', String(version), ...named, '--recovery', recovery, '--out', keyset]);
    return given;
  }

  end(): void {
    removeFolder(this.folder);
  }
}
