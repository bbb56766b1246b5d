// What lies between phone and server: passes everything on, counts it, and can lose an answer after
// the server has acted on the request.
import { Agent, type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A connection each: one that is kept could be closed by the server just when it is used again. */
const agent = new Agent({ keepAlive: false });

export class Network {
  /** Every request, as "GET /path". */
  readonly seen: string[] = [];
  /** Those of them that carried a cookie. */
  readonly withCookie: string[] = [];
  private readonly proxy = createServer((asked, answer) => this.pass(asked, answer));
  private lost: RegExp | undefined;

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

  /** How often something like this was asked for. */
  count(pattern: RegExp): number {
    return this.seen.filter((line) => pattern.test(line)).length;
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const line = `${asked.method} ${asked.url}`;
    this.seen.push(line);
    if (asked.headers.cookie) this.withCookie.push(line);
    const to = new URL(asked.url ?? '/', this.server());
    const cut = () => answer.destroy();
    const onward = request(to, { agent, method: asked.method, headers: asked.headers }, (got) => {
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
