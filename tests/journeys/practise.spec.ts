// Practising: a pretend shop and a call that rings nobody, step by step, with no network.
import { installs, makesCard, opens } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const practise = words('practise');

test('from the door to the phone in one’s hand again, and nobody is rung', async ({ page, server }) => {
  await installs(page);
  await makesCard(page, { name: 'Ali', contact: { name: 'Sam', telephone: '07700 900 123' } });
  await server.kill();
  await opens(page, '/card/more');
  await page.getByRole('link', { name: practise.title }).click();
  const step = (title: string) => expect(page.getByRole('heading', { level: 1, name: title, exact: true })).toBeFocused();
  const next = () => page.getByRole('link', { name: practise.next }).click();
  await step(practise.door_title);
  await next();
  await step(practise.show_title);
  await expect(page.getByText(filled(practise.show_card, { name: 'Ali' }))).toBeVisible();
  await next();
  await step(practise.ask_title);
  const answer = (name: string) => page.getByRole('button', { name, exact: true });
  await answer(practise.ask_no).click();
  await expect(page.getByRole('status')).toHaveText(filled(practise.ask_no_said, { name: 'Sam' }));
  await answer(practise.ask_yes).click();
  await expect(page.getByRole('status')).toHaveText(filled(practise.ask_yes_said, { name: 'Sam' }));
  await next();
  await step(practise.call_title);
  // Nothing on the page can ring anybody.
  await expect(page.locator('main a[href^="tel:"]')).toHaveCount(0);
  await answer(filled(practise.call_ring, { name: 'Sam' })).click();
  await expect(page.getByRole('status')).toHaveText(filled(practise.call_ringing, { name: 'Sam' }));
  await expect(page.getByRole('status')).toHaveText(filled(practise.answered, { name: 'Sam' }));
  await answer(filled(practise.call_ring, { name: 'Sam' })).click();
  await answer(practise.call_nobody).click();
  await expect(page.getByRole('status')).toHaveText(practise.call_nobody_said);
  await next();
  await step(practise.wait_title);
  await page.goBack();
  await step(practise.call_title);
  await page.goForward();
  await next();
  await step(practise.back_title);
  await page.getByRole('link', { name: practise.again }).click();
  await step(practise.door_title);
});

test('without a card, practising speaks of “your contact”', async ({ page }) => {
  await opens(page, '/card/practise/ask');
  await expect(page.getByText(filled(practise.ask, { name: practise.contact }))).toBeVisible();
});
