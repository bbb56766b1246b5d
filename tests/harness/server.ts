// The real server, on a free port with a data folder of its own. It can be killed, stopped, started
// again on the same port, backed up and restored.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { closeSync, cpSync, existsSync, openSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KEYS, ROOT, SERVER, SITE, freshFolder, removeFolder } from './places.ts';

/** The sample scheme's files. */
const SAMPLE = join(ROOT, 'server', 'sample');

const READY = /Safe Place is ready: \S+:(\d+)/;
/** A machine that is busy building takes its time. */
const PATIENCE = 30_000;

export class Server {
  /** Its log and its data. */
  readonly folder = freshFolder('server');
  private child: ChildProcess | undefined;
  private port = 0;
  private starts = 0;
  private scheme = '';
  private room = '';

  private constructor(private site: string) {}

  /**
   * A server that has never been started before, on a port below those that systems give to whoever asks: while it is
   * down, nobody else is given it.
   */
  static async begin(site = SITE): Promise<Server> {
    for (;;) {
      const server = new Server(site);
      server.port = randomInt(10_000, 32_000);
      try {
        await server.start();
        return server;
      } catch (error) {
        await server.end();
        if (!String(error).includes('is in use')) throw error;
      }
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it on the port it had. */
  async start(site = this.site): Promise<void> {
    this.site = site;
    const log = join(this.folder, `log-${++this.starts}`);
    // A file, not a pipe: a server that outlives a crashed test must not keep the test alive.
    const out = openSync(log, 'w');
    this.child = spawn(SERVER, ['serve'], { env: this.settings(), stdio: ['ignore', out, out] });
    closeSync(out);
    this.port = await this.ready(log);
  }

  private async ready(log: string): Promise<number> {
    for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(30)) {
      const said = readFileSync(log, 'utf8');
      const port = READY.exec(said)?.[1];
      if (port) return Number(port);
      if (this.child?.exitCode != null) throw new Error(`the server ended: ${said}`);
    }
    throw new Error(`the server is not ready: ${readFileSync(log, 'utf8')}`);
  }

  private settings(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      SAFE_PLACE_LISTEN: `127.0.0.1:${this.port}`,
      SAFE_PLACE_DATA: this.data,
      SAFE_PLACE_SITE: this.site,
      SAFE_PLACE_REPORTS_PER_HOUR: '0',
      ...(this.scheme && { SAFE_PLACE_SCHEME: this.scheme }),
      ...(this.room && { SAFE_PLACE_MAX_BYTES: this.room }),
    };
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  /** Puts a file into its data folder, as whoever runs it would; it is read at the next start. */
  keeps(name: string, bytes: Buffer): void {
    writeFileSync(join(this.data, name), bytes);
  }

  /** Dies without warning, as in a power cut. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL');
  }

  /** Is told to stop, and finishes what it has accepted. */
  async stop(): Promise<void> {
    await this.signal('SIGTERM');
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  /** Runs one of its commands, and gives what that printed. */
  command(...words: string[]): string {
    return execFileSync(SERVER, words, { env: this.settings(), encoding: 'utf8' });
  }

  /** How many reports are stored. */
  stored(): number {
    const said = this.command('check');
    return Number(/(\d+) reports/.exec(said)?.[1]);
  }

  /** Copies the database while the server runs. */
  backup(): string {
    const file = this.path('backup');
    this.command('backup', file);
    return file;
  }

  /** The machine was lost: a new database from a backup, with the scheme's keys. */
  async restore(backup: string): Promise<void> {
    await this.kill();
    const lost = this.path('lost');
    renameSync(this.data, lost);
    this.command('restore', backup);
    if (!existsSync(join(this.data, 'keys'))) renameSync(join(lost, 'keys'), join(this.data, 'keys'));
    await this.start();
  }

  /** Is started again with room for so many bytes of what is sealed; with plenty, where none are said. */
  async hasRoomFor(bytes?: number): Promise<void> {
    await this.stop();
    this.room = bytes === undefined ? '' : String(bytes);
    await this.start();
  }

  /** Begins anew: another database, other keys; a sample makes its own. */
  async beginAgain(keys?: string): Promise<void> {
    await this.kill();
    renameSync(this.data, this.path('before'));
    if (keys) cpSync(keys, join(this.data, 'keys'), { recursive: true });
    await this.start();
  }

  /** A scheme in earnest, in an empty database, with what its key keepers put into this folder. */
  async isReal(keys: string): Promise<void> {
    const sample = readFileSync(join(SAMPLE, 'scheme.toml'), 'utf8');
    this.writes('scheme.toml', sample.replace('demo = true', 'demo = false'));
    await this.beginAgain(keys);
  }

  /** The sample with other centres, in an empty database: lines of TOML. */
  async servesCentres(centres: string): Promise<void> {
    const sample = readFileSync(join(SAMPLE, 'scheme.toml'), 'utf8');
    await this.serves('scheme.toml', sample.slice(0, sample.indexOf('[[centres]]')) + centres);
  }

  /** The sample with questions of its own, in an empty database. */
  async asks(questions: string): Promise<void> {
    await this.serves('questions.txt', questions);
  }

  private async serves(name: string, text: string): Promise<void> {
    this.writes(name, text);
    await this.beginAgain();
  }

  /** The sample's folder with one file as it says here. */
  private writes(name: string, text: string): void {
    const folder = this.path('scheme');
    cpSync(SAMPLE, folder, { recursive: true });
    writeFileSync(join(folder, name), text);
    this.scheme = folder;
  }

  /** One sealed report, as a file. */
  sealed(id: string): string {
    const file = this.path('report.age');
    this.command('export-report', id, '--out', file);
    return file;
  }

  /** A report opened with the `keys` program. */
  opened(id: string): Opened {
    const words = ['open', this.sealed(id), '--identity', this.centreKey, '--id', id, '--json'];
    return JSON.parse(execFileSync(KEYS, words, { encoding: 'utf8' }));
  }

  /** The same printed for reading, by what the server says of its scheme. */
  async read(id: string): Promise<string> {
    const scheme = this.path('scheme.json');
    writeFileSync(scheme, await (await fetch(`${this.url}/api/scheme`)).text());
    const words = ['open', this.sealed(id), '--identity', this.centreKey, '--id', id, '--scheme', scheme];
    return execFileSync(KEYS, words, { encoding: 'utf8' });
  }

  /** The same with nothing of ours: the `age` command line. */
  openedByAge(id: string): Opened {
    const words = ['--decrypt', '--identity', this.centreKey, this.sealed(id)];
    return JSON.parse(execFileSync('age', words, { encoding: 'utf8' }));
  }

  /** The mailbox that a receipt leads to. */
  mailboxOf(digits: string): string {
    return execFileSync(KEYS, ['receipt', digits], { encoding: 'utf8' }).trim();
  }

  /** What a proof of receipt that a phone saved proves, by the key that the server names. */
  async proves(saved: string): Promise<string> {
    const { proof_key } = (await (await fetch(`${this.url}/api/scheme`)).json()) as { proof_key: string };
    return execFileSync(KEYS, ['proof', saved, '--key', proof_key], { encoding: 'utf8' });
  }

  /** The files that came with a report, opened with the `keys` program. */
  files(id: string): Buffer[] {
    const [sealed, out] = [this.path('export'), this.path('files')];
    this.command('reports', 'export', id, '--out', sealed);
    execFileSync(KEYS, ['files', join(sealed, `${id}.age`), '--identity', this.centreKey, '--out', out]);
    const number = (name: string) => Number.parseInt(name, 10);
    return readdirSync(out).sort((a, b) => number(a) - number(b)).map((name) => readFileSync(join(out, name)));
  }

  /** The centre answers a report, as its staff do. */
  answers(id: string, text: string): void {
    const [to] = /age1[a-z0-9]+/.exec(this.command('reports', 'show', id)) ?? [];
    if (!to) throw new Error('the report names nobody to answer to');
    const file = this.path('answer.age');
    execFileSync(KEYS, ['reply', '--to', to, '--identity', this.centreKey, '--out', file], { input: text });
    this.command('reports', 'reply', id, file);
  }

  /** What a reporter wrote to the centre, opened with the `keys` program. */
  messages(id: string): string[] {
    const folder = this.path('export');
    this.command('reports', 'export', id, '--out', folder);
    const files = readdirSync(folder).filter((file) => file.startsWith('message-'));
    const opened = (file: string) => execFileSync(KEYS, ['message', join(folder, file), '--identity', this.centreKey], { encoding: 'utf8' });
    return files.map(opened);
  }

  private get centreKey(): string {
    const keys = join(this.data, 'keys');
    const name = readdirSync(keys).find((file) => /^centre-.*\.key$/.test(file));
    if (!name) throw new Error('the sample scheme has no centre key');
    return join(keys, name);
  }

  private path(name: string): string {
    return join(this.folder, `${name}-${Date.now()}-${process.hrtime()[1]}`);
  }

  /** Ends it and removes everything it wrote. */
  async end(): Promise<void> {
    await this.kill();
    removeFolder(this.folder);
  }
}

/** A report as the centre reads it. */
export interface Opened {
  id: string;
  language: string;
  answers: Record<string, { choice?: string; text?: string; day?: string; time?: string; without?: string }>;
  follows?: string;
  enclosed?: { key: string; files: { kind: string; origin: string; name: string; length: number }[] };
}
