// A phone whose clock is wrong: for pages and workers alike, and for the browser itself.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, freshFolder, removeFolder } from './places.ts';

const YEAR = 365.25 * 24 * 60 * 60;

/** A little library that tells a program another time; removed with its folder. */
export class WrongClock {
  private readonly folder = freshFolder('clock');
  private readonly library = join(this.folder, 'clock.so');

  constructor() {
    const source = join(ROOT, 'tests/harness/clock.c');
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-D_GNU_SOURCE', '-o', this.library, source]);
  }

  /** What a browser is started with, so that its clock is this many years ahead, or behind where negative. */
  by(years: number): Record<string, string> {
    return { LD_PRELOAD: this.library, CLOCK_OFF: String(Math.round(years * YEAR)) };
  }

  end(): void {
    removeFolder(this.folder);
  }
}
