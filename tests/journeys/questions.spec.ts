// A scheme's own questions: asked, checked, on paper, sealed, and read by the centre in their words.
import { reportIds } from '../harness/kept.ts';
import { answersAll, beginsReport, goesOn, installs, opens, reaches, seesItSent, sends } from '../harness/person.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const form = words('form');
const report = words('report');

const OWN = `# The sample with a line of trams
hide weapon
section what
? tram one red blue
= en tram.label = Which tram line was it?
= en tram.red = The red line
= en tram.blue = The blue line
after tram
? stop-name words
= en stop-name.label = What is the stop called?
= en stop-name.hint = Or what is near it.
`;

test('a scheme hides a question and adds two: they are asked offline, checked, on paper, and read by the centre in their words', async ({ page, server }) => {
  await server.asks(OWN);
  await installs(page);
  await server.kill();

  await opens(page, '/report/paper');
  const paper = page.locator('.blank__question');
  await expect(paper.filter({ hasText: 'Which tram line was it?' })).toContainText('The blue line');
  await expect(paper.filter({ hasText: 'What is the stop called?' })).toContainText('Or what is near it.');
  await expect(paper.filter({ hasText: form['weapon.label'] })).toHaveCount(0);
  await expect(paper.filter({ hasText: form['kind.label'] })).toHaveCount(1);

  await beginsReport(page, 'mine');
  await answersAll(page, { phone: 'mine', account: 'On the tram.' });
  await page.getByRole('button', { name: form['section.what'] }).click();
  await reaches(page, form['kind.label']);
  await page.getByRole('button', { name: report.dont_know }).click();
  await reaches(page, form['said.label']);
  await page.getByRole('button', { name: report.dont_know }).click();
  await reaches(page, 'Which tram line was it?');
  await page.getByRole('radio', { name: 'The blue line' }).check();
  await goesOn(page);
  await reaches(page, 'What is the stop called?');
  await page.getByRole('textbox', { name: 'What is the stop called?' }).fill('Black Lake');
  await goesOn(page);
  await reaches(page, report.check_title);
  await expect(page.getByText('The blue line')).toBeVisible();
  await expect(page.getByText('Black Lake')).toBeVisible();

  await server.start();
  await sends(page);
  await seesItSent(page);
  const [id] = await reportIds(page);
  const read = await server.read(id ?? '');
  expect(read).toContain('Which tram line was it?\n  The blue line');
  expect(read).toContain('What is the stop called?\n  Black Lake');
  expect(read).not.toContain(form['weapon.label']);
});
