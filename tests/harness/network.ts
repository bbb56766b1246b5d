// What lies between phone and server: passes everything on, counts it, and can hold a request back, make
// it slow, or lose an answer after the server has acted on the request.
import { Agent, type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A connection each: one that is kept could be closed by the server just when it is used again. */
const agent = new Agent({ keepAlive: false });

export class Network {
  /** Every request, as "GET /path". */
  readonly seen: string[] = [];
  /** Those of them that carried a cookie. */
  readonly withCookie: string[] = [];
  private readonly proxy = createServer((asked, answer) => this.pass(asked, answer));
  /** Chunks of parts that the server took: where each began, and where the next has to. */
  readonly chunks: [from: number, to: number][] = [];
  /** Called when the server took a chunk, before the phone hears of it. */
  onChunk = () => {};
  /** How many requests are held back now. */
  held = 0;
  private lost: RegExp | undefined;
  private slow: { what: RegExp; by: number } | undefined;
  private holding: { what: RegExp; over: Promise<void> } | undefined;

  private constructor(private readonly server: () => string) {}

  /** A network before a server. */
  static async before(server: () => string): Promise<Network> {
    const network = new Network(server);
    await new Promise<void>((listening) => network.proxy.listen(0, '127.0.0.1', listening));
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  /** Answers to such requests are lost on their way back, until told otherwise. */
  loseAnswers(to: RegExp): () => void {
    this.lost = to;
    return () => {
      this.lost = undefined;
    };
  }

  /** Such requests do not reach the server, until told otherwise; those whose phone gave up never do. */
  holds(what: RegExp): () => void {
    let release = () => {};
    const over = new Promise<void>((resolve) => (release = resolve));
    this.holding = { what, over };
    return () => {
      this.holding = undefined;
      release();
    };
  }

  /** Such requests reach the server later by so many milliseconds, from now on. */
  slows(what: RegExp, by: number): void {
    this.slow = { what, by };
  }

  /** How often something like this was asked for. */
  count(pattern: RegExp): number {
    return this.seen.filter((line) => pattern.test(line)).length;
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const line = `${asked.method} ${asked.url}`;
    this.seen.push(line);
    if (asked.headers.cookie) this.withCookie.push(line);
    if (this.holding?.what.test(line)) {
      this.held += 1;
      await this.holding.over;
      this.held -= 1;
      if (answer.destroyed) return;
    }
    if (this.slow?.what.test(line)) await pause(this.slow.by);
    const to = new URL(asked.url ?? '/', this.server());
    const cut = () => answer.destroy();
    const onward = request(to, { agent, method: asked.method, headers: asked.headers }, (got) => {
      const [from, to] = [asked.headers['upload-offset'], got.headers['upload-offset']];
      if (asked.method === 'PATCH' && got.statusCode === 204) {
        this.chunks.push([Number(from), Number(to)]);
        this.onChunk();
      }
      if (this.lost?.test(line)) {
        got.resume().on('end', cut);
        return;
      }
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    onward.on('error', cut);
    asked.pipe(onward);
  }

  async end(): Promise<void> {
    this.proxy.closeAllConnections();
    await new Promise((closed) => this.proxy.close(closed));
  }
}
