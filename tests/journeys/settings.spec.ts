// Settings: what the first page leads to.
import { installs, opens } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const settings = words('settings');

test('the way to reporting can be hidden from the first page, and shown again', async ({ page, server }) => {
  await installs(page);
  await server.kill();
  const way = page.locator('main a[href="/report"]');
  await expect(way).toBeVisible();
  await opens(page, '/settings');
  const choice = page.getByRole('group', { name: settings.reports });
  await choice.getByRole('radio', { name: settings.reports_hidden }).check();
  await opens(page, '/');
  await expect(way).toBeHidden();
  await opens(page, '/settings');
  await expect(choice.getByRole('radio', { name: settings.reports_hidden })).toBeChecked();
  await choice.getByRole('radio', { name: settings.reports_shown }).check();
  await expect(choice.getByRole('radio', { name: settings.reports_hidden }), 'one or the other').not.toBeChecked();
  await opens(page, '/');
  await expect(way).toBeVisible();
});
