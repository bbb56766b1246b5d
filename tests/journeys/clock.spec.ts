// A phone whose clock is ten years off, and is put right in between: nothing is refused, lost or put off.
import type { Page } from '@playwright/test';
import { WrongClock } from '../harness/clock.ts';
import { kept, reportIds } from '../harness/kept.ts';
import {
  answersFromWhere, beginsReport, goesOn, installs, opens, reaches, seesItSent, seesItWaiting, sends, writesReport,
} from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const form = words('form');
const mailbox = words('mailbox');
const report = words('report');
const reports = words('reports');
const ANSWER = 'Thank you. We have read it.';
const told = (account: string) => ({ phone: 'mine', account }) as const;

const year = (page: Page) => page.evaluate(() => new Date().getFullYear());

/** When the one report was sealed, by the worker's clock. */
async function sealedIn(page: Page): Promise<number> {
  const [, at] = /sealed_at\W+(\d+)/.exec(JSON.stringify((await kept(page)).outbox)) ?? [];
  return new Date(Number(at)).getFullYear();
}

for (const years of [-10, 10]) {
  test(`with a clock ${Math.abs(years)} years ${years < 0 ? 'behind' : 'ahead'}, reports go, answers come, and what was begun is there when it is put right`, async ({ phone, server }) => {
    test.slow();
    const clock = new WrongClock();
    try {
      let page = await phone.on(clock.by(years));
      await installs(page);
      const wrong = new Date().getFullYear() + years;
      expect(await year(page)).toBe(wrong);

      // Sent and received, answered and read, all by the wrong clock.
      await writesReport(page, told('The first.'));
      const digits = await sends(page);
      await seesItSent(page);
      expect(await sealedIn(page)).toBe(wrong);
      const [first] = await reportIds(page);
      server.command('reports', 'mark', first, 'read');
      server.answers(first, ANSWER);
      await opens(page, '/mailbox');
      await page.getByLabel(mailbox.code).fill(digits);
      await page.getByRole('button', { name: mailbox.look, exact: true }).click();
      await expect(page.locator('.letter__text')).toHaveText(ANSWER, { timeout: 30_000 });
      await opens(page, '/reports');
      await expect(page.getByText(reports.state_received)).toHaveCount(1);

      // One waits for a server, and one is half written.
      await server.kill();
      await writesReport(page, told('The second.'));
      await sends(page);
      await seesItWaiting(page);
      await beginsReport(page, 'mine');
      await page.getByRole('radio', { name: form['role.saw'] }).check();
      await goesOn(page);
      await page.getByRole('textbox', { name: form['account.label'] }).fill('The third, half');
      await expect(page.getByText(report.kept_mine)).toBeVisible();
      await page.waitForTimeout(500);
      await phone.off();

      // The clock is put right.
      await server.start();
      page = await phone.on();
      await opens(page, '/reports');
      expect(await year(page)).toBe(wrong - years);
      await expect.poll(() => server.stored(), { message: 'what waited goes at once', timeout: 30_000 }).toBe(2);
      await expect(page.getByText(reports.state_received)).toHaveCount(2);
      await opens(page, '/report');
      // What seems old is said to be so, and stays all the same.
      await expect(page.getByText(report.draft_old)).toHaveCount(years < 0 ? 1 : 0);
      await page.getByRole('button', { name: report.resume }).click();
      await expect(page.getByRole('textbox', { name: form['account.label'] })).toHaveValue('The third, half');
      await goesOn(page);
      await reaches(page, form['when.label']);
      await page.getByRole('button', { name: report.dont_know }).click();
      await answersFromWhere(page, told(''));
      await sends(page);
      await seesItSent(page);
      expect(server.stored()).toBe(3);
      const accounts = (await reportIds(page)).map((id) => server.opened(id).answers.account.text);
      expect(accounts.sort()).toEqual(['The first.', 'The second.', 'The third, half']);
      expect((await kept(page)).draft).toEqual({});
    } finally {
      clock.end();
    }
  });
}
