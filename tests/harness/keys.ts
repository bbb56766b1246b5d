// Somebody who uses the keyboard alone: on with Tab, to choose with arrows and Space, to press with Enter.
import type { Locator, Page } from '@playwright/test';

/** More than there is on the longest page. */
const TABS = 200;

/** The one who presses them, and how often they have. */
export class Keys {
  pressed = 0;

  constructor(private readonly page: Page) {}

  async press(key: string): Promise<void> {
    this.pressed += 1;
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    this.pressed += text.length;
    await this.page.keyboard.type(text);
  }

  /** Tabs forward until the focus is there. */
  async reach(wanted: string | Locator): Promise<void> {
    const one = typeof wanted === 'string' ? this.page.locator(wanted).first() : wanted;
    for (let tabs = 0; tabs < TABS; tabs++) {
      if (await one.evaluate((one) => one === document.activeElement)) return;
      await this.press('Tab');
    }
    throw new Error(`no key leads to ${wanted}`);
  }

  /** Tabs to a button or link, and presses it. */
  async follow(wanted: string | Locator): Promise<void> {
    await this.reach(wanted);
    await this.press('Enter');
  }

  /** Of a group of which one can be chosen: Tab leads to its first, arrows to the others. */
  async choose(name: string, id: string): Promise<void> {
    await this.reach(`input[name="${name}"]`);
    await this.press('Space');
    const chosen = () => this.page.evaluate(() => document.activeElement?.id);
    for (const first = await chosen(); (await chosen()) !== id; ) {
      await this.press('ArrowDown');
      if ((await chosen()) === first) throw new Error(`no arrow leads to ${id}`);
    }
  }
}
