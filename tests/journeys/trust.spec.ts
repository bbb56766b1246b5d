// Keys that a phone does not take: it says so, seals to none of them, and goes on once they are right.
import { Keepers } from '../harness/keepers.ts';
import { kept, reportIds } from '../harness/kept.ts';
import { installs, opens, seesItWaiting, sends, writesReport } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const notice = words('notice');
const SCREENS = ['/', '/report', '/reports', '/places', '/hope', '/settings'];

test.describe('a scheme in earnest', () => {
  let keepers: Keepers;
  let strangers: Keepers;
  test.beforeEach(() => {
    [keepers, strangers] = [new Keepers(), new Keepers()];
  });
  test.afterEach(() => [keepers, strangers].forEach((all) => all.end()));

  const BAD: Record<string, () => string> = {
    'an older keyset': () => keepers.keys(1),
    'a keyset of another root': () => strangers.keys(3),
  };
  for (const [what, keys] of Object.entries(BAD)) {
    test(`${what} is refused in words, until the right one is there again`, async ({ page, server }) => {
      test.slow();
      await server.isReal(keepers.keys(2));
      await installs(page);
      for (const path of SCREENS) {
        await opens(page, path);
        await expect(page.getByText(notice.keys_refused_title)).toHaveCount(0);
      }
      const trusted = (await kept(page)).meta;
      await server.isReal(keys());
      for (const path of SCREENS) {
        await opens(page, path);
        await expect(page.getByText(notice.keys_refused_title), path).toBeVisible();
        await expect(page.getByText(notice.keys_refused), path).toBeVisible();
      }
      expect((await kept(page)).meta).toEqual(trusted);

      // What is told meanwhile waits, sealed to the keys that the phone trusts: the centre opens it later.
      await writesReport(page, { phone: 'mine', account: 'They shouted.' });
      await sends(page);
      await seesItWaiting(page);
      await expect(page.getByText(notice.keys_refused)).toBeVisible();
      await opens(page, '/reports');
      await page.getByRole('button', { name: words('reports').try_now }).click();
      await expect(page.getByText(notice.keys_refused)).toBeVisible();
      expect(server.stored()).toBe(0);
      await server.isReal(keepers.keys(3));
      await page.getByRole('button', { name: words('reports').try_now }).click();
      await expect(page.getByText(words('reports').state_received)).toBeVisible();
      const [id] = await reportIds(page);
      expect(server.opened(id).answers.account.text).toBe('They shouted.');
      for (const path of SCREENS) {
        await opens(page, path);
        await expect(page.getByText(notice.keys_refused_title), path).toHaveCount(0);
      }
    });
  }
});
