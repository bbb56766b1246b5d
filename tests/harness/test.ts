// What a journey is given: a server of its own, a network before it, and a phone that is watched.
import { readFileSync, readdirSync } from 'node:fs';
import { type BrowserContext, type Page, chromium, test as base } from '@playwright/test';
import { Network } from './network.ts';
import { Server } from './server.ts';
import { freshFolder, removeFolder } from './places.ts';
import { Watch } from './watch.ts';

export { expect } from '@playwright/test';

interface Given {
  server: Server;
  network: Network;
  watch: Watch;
  phone: Phone;
}

export const test = base.extend<Given>({
  server: async ({}, use) => {
    const server = await Server.begin();
    try {
      await use(server);
    } finally {
      await server.end();
    }
  },
  network: async ({ server }, use) => {
    const network = await Network.before(() => server.url);
    try {
      await use(network);
    } finally {
      await network.end();
    }
  },
  baseURL: async ({ network }, use) => use(network.url),
  watch: async ({ context, baseURL }, use) => {
    const watch = new Watch(context, baseURL ?? '');
    await use(watch);
    watch.verify();
  },
  // Every page is watched, whether its journey asks for it or not.
  page: async ({ page, watch }, use) => {
    void watch;
    await use(page);
  },
  phone: async ({ baseURL, contextOptions, launchOptions, viewport, locale, timezoneId }, use) => {
    const options = { ...contextOptions, ...launchOptions, baseURL, viewport, locale, timezoneId };
    const phone = new Phone(options, baseURL ?? '');
    try {
      await use(phone);
      phone.verify();
    } finally {
      await phone.end();
    }
  },
});

type Options = Parameters<typeof chromium.launchPersistentContext>[1];

/** A browser that can be switched off and on again, and keeps what it kept. */
export class Phone {
  /** Where the browser keeps everything. */
  profile = freshFolder('phone');
  private readonly watches: Watch[] = [];
  private context: BrowserContext | undefined;

  constructor(private readonly options: Options, private readonly home: string) {}

  /** Opens the browser, with one page; `env` is added to what its programs are started with. */
  async on(env: Record<string, string> = {}): Promise<Page> {
    const around = Object.fromEntries(Object.entries({ ...process.env, ...env }).filter(([, value]) => value !== undefined)) as Record<string, string>;
    this.context = await chromium.launchPersistentContext(this.profile, { ...this.options, env: around });
    this.watches.push(new Watch(this.context, this.home));
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  /** Closes the browser. */
  async off(): Promise<void> {
    await this.context?.close();
    this.context = undefined;
  }

  /** Kills the browser; what else runs for it dies with it. */
  async kill(): Promise<void> {
    const running = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && called(pid).includes(this.profile));
    if (running.length === 0) throw new Error('no browser runs');
    for (const pid of running) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It went with the one before.
      }
    }
    await this.off().catch(() => {});
  }

  /** Another phone, that never saw the app. */
  async renew(): Promise<void> {
    await this.off();
    removeFolder(this.profile);
    this.profile = freshFolder('phone');
  }

  verify(): void {
    this.watches.forEach((watch) => watch.verify());
  }

  async end(): Promise<void> {
    await this.off();
    removeFolder(this.profile);
  }
}

/** With what words a process was started; none where it has ended. */
function called(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
