// Watches a browser for what must never happen on any page: a policy violation, an error, a request
// to somebody else.
import type { BrowserContext, ConsoleMessage, Page } from '@playwright/test';

/** What a network that is away makes a browser print; being offline is normal here. */
const NORMAL = [/^Failed to load resource: net::/, /WebSocket connection/];

export class Watch {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [...NORMAL];

  constructor(context: BrowserContext, readonly home: string) {
    context.on('request', (request) => this.request(request.url()));
    context.on('console', (message) => this.message(message));
    context.on('weberror', (error) => this.note(`page error: ${error.error().stack ?? error.error()}`));
    context.pages().forEach((page) => this.page(page));
    context.on('page', (page) => this.page(page));
  }

  /** This journey provokes such a line. */
  expect(line: RegExp): void {
    this.expected.push(line);
  }

  /** Fails if anything was seen. */
  verify(): void {
    if (this.found.length > 0) throw new Error(`seen in the browser:\n${this.found.join('\n')}`);
  }

  private page(page: Page): void {
    page.on('crash', () => this.note('the page crashed'));
  }

  private message(message: ConsoleMessage): void {
    // Violations of the content security policy are printed as errors, too.
    if (message.type() === 'error') this.note(`${message.text()} (${message.location().url})`);
  }

  private request(url: string): void {
    const { origin, protocol } = new URL(url);
    const ours = origin === this.home || ['data:', 'blob:', 'about:'].includes(protocol);
    if (!ours) this.note(`request to ${origin}`);
  }

  private note(line: string): void {
    if (!this.expected.some((pattern) => pattern.test(line))) this.found.push(line);
  }
}
