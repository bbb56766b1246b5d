// Who reads a report, and when: said before anything is written.
import type { Page } from '@playwright/test';
import { reportIds } from '../harness/kept.ts';
import { answersAll, goesOn, installs, opens, reaches, seesItSent, sends } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { filled, words } from '../harness/words.ts';

const form = words('form');
const help = words('help');
const places = words('places');
const report = words('report');

const TWO = `
[[centres]]
id = "north"
name = "North centre"
hours = "Weekdays, 9am to 5pm"
point = { lat = 52.90, lon = -1.97 }
reads = "Mo-Fr 09:00-17:00"

[[centres]]
id = "south"
name = "South centre"
hours = "Day and night"
point = { lat = 52.50, lon = -1.97 }
reads = "24/7"
`;
const DAY = 86_400_000;

/** Noon of the next such day: 0 is Sunday. */
function noon(weekday: number): Date {
  const day = new Date(Math.ceil(Date.now() / DAY) * DAY + DAY / 2);
  return new Date(day.getTime() + ((weekday - day.getUTCDay() + 7) % 7) * DAY);
}

const elsewhere = (page: Page) => page.locator('.notice', { hasText: report.closed });

test('while nobody reads, the next reading is said first, with others who are there at once', async ({ page, server }) => {
  await server.servesCentres(TWO);
  await page.clock.setFixedTime(noon(6));
  await installs(page);
  await server.kill();
  await opens(page, '/report');
  const monday = filled(report.when_on, { day: places.monday, time: filled(places.am, { time: '9' }) });
  await expect(elsewhere(page)).toContainText(filled(report.closed_title, { when: monday }));
  await expect(elsewhere(page).getByRole('link', { name: help.n101 })).toHaveAttribute('href', 'tel:101');
  await expect(elsewhere(page).getByRole('link', { name: report.true_vision })).toBeVisible();
  const before = await elsewhere(page).evaluate((notice) => {
    const question = document.querySelector('fieldset');
    return question !== null && Boolean(notice.compareDocumentPosition(question) & Node.DOCUMENT_POSITION_FOLLOWING);
  });
  expect(before, 'it stands before the first question').toBe(true);
  await expect(page.locator('.facts')).toContainText(filled(report.fact_when_later, { when: monday }));
  await expect(page.locator('.facts')).toContainText(filled(report.fact_kept, { days: '365' }));

  // The other centre reads at any time.
  await page.getByRole('radio', { name: 'South centre' }).check();
  await expect(elsewhere(page)).toHaveCount(0);
  await expect(page.locator('.facts')).toContainText('South centre');
  await expect(page.locator('.facts')).toContainText(report.fact_when_always);
  await expect(page.getByRole('radio', { name: 'South centre' })).toBeChecked();
});

test('on a Monday it is said until when somebody reads, and the centre that was chosen gets the report', async ({ page, server }) => {
  await server.servesCentres(TWO);
  await page.clock.setFixedTime(noon(1));
  await installs(page);
  await opens(page, '/report');
  await expect(elsewhere(page)).toHaveCount(0);
  await expect(page.locator('.facts')).toContainText(filled(report.fact_when_now, { time: filled(places.pm, { time: '5' }) }));
  await page.getByRole('radio', { name: 'South centre' }).check();
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await reaches(page, form['role.label']);
  await answersAll(page, { phone: 'mine', account: 'On the bus.' });
  await expect(page.locator('.facts').first()).toContainText('South centre');
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  expect(server.command('reports', 'show', id ?? '')).toContain('south');
});

test('another centre can be chosen on the check page, also after the draft was left', async ({ page, server }) => {
  await server.servesCentres(TWO);
  await page.clock.setFixedTime(noon(1));
  await installs(page);
  await opens(page, '/report');
  await page.getByRole('radio', { name: 'South centre' }).check();
  await page.getByRole('radio', { name: report.others_no }).check();
  await goesOn(page);
  await answersAll(page, { phone: 'mine', account: 'On the bus.' });
  const reader = page.locator('.facts').first();
  await page.getByText(report.centre_other).click();
  await page.getByRole('radio', { name: 'North centre' }).check();
  await expect(reader).toContainText('North centre');
  await opens(page, '/report');
  await page.getByRole('button', { name: report.resume }).click();
  await expect(reader).toContainText('North centre');
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  expect(server.command('reports', 'show', id ?? '')).toContain('north');
});

test('the phone says which centre is the nearest, and keeps where it is to itself', async ({ page, context, server }) => {
  await server.servesCentres(TWO);
  await installs(page);
  await opens(page, '/report');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
  const near = page.getByRole('button', { name: report.centre_near });

  // Refused: said, and one can still choose.
  await near.click();
  await expect(page.getByText(report.centre_near_not)).toBeVisible();
  await expect(page.locator('[name=centre]:checked')).toHaveCount(0);

  await context.grantPermissions(['geolocation']);
  await context.setGeolocation({ latitude: 52.51, longitude: -1.97 });
  await near.click();
  const south = page.getByRole('radio', { name: 'South centre' });
  await expect(south).toBeChecked();
  await expect(south).toBeFocused();
  await expect(page.locator('label', { has: south })).toContainText('·');
  await expect(page.locator('.facts')).toContainText('South centre');
  await context.setGeolocation({ latitude: 52.89, longitude: -1.97 });
  await near.click();
  await expect(page.getByRole('radio', { name: 'North centre' })).toBeChecked();
  expect(asked.filter((request) => /52\.(5|8)/.test(request))).toEqual([]);
});
