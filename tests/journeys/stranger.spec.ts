// A stranger scans the poster at a door: a small page without script, and the poster itself on paper.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findings, tooWide } from '../harness/axe.ts';
import { scanned } from '../harness/camera.ts';
import { installs, opens } from '../harness/person.ts';
import { freshFolder, removeFolder } from '../harness/places.ts';
import { expect, test } from '../harness/test.ts';
import { words } from '../harness/words.ts';

const scan = words('scan');
const PAGES = ['/places/hawthorns-house', '/places/lantern-library', '/places/lantern-library/poster'];

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a stranger reads what to do, in at most 20 KB', async ({ page }) => {
    const bodies: Promise<Buffer>[] = [];
    page.on('response', (answer) => bodies.push(answer.body()));
    await page.goto('/places/lantern-library', { waitUntil: 'networkidle' });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Lantern Library');
    await expect(page.getByRole('heading', { name: scan.steps })).toBeVisible();
    await expect(page.getByText(scan.step_1)).toBeInViewport();
    await expect(page.getByRole('link', { name: '999' })).toHaveAttribute('href', 'tel:999');
    const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
    expect(bodies.length).toBeGreaterThanOrEqual(3);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThanOrEqual(20 * 1024);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on a stranger’s pages, ${colorScheme}, and nothing is wider than a small phone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    for (const path of PAGES) {
      await page.goto(path);
      expect(await findings(page), path).toEqual([]);
      expect(await tooWide(page), path).toBeLessThanOrEqual(0);
    }
  });
}

test('the page leads into the app, and the app answers its address from then on', async ({ page, server }) => {
  await page.goto('/places/lantern-library');
  await page.getByRole('link', { name: words('list').app }).click();
  await installs(page);
  await server.kill();
  await opens(page, '/places/lantern-library');
  await expect(page.getByText(words('places').sample_note)).toBeVisible();
  await expect(page.getByRole('heading', { name: scan.steps })).toHaveCount(0);
});

test('with the app installed, the poster still comes from the server', async ({ page }) => {
  await installs(page);
  await page.goto('/places/lantern-library/poster');
  await expect(page.getByText(scan.poster_staff)).toBeVisible();
});

test('the poster is one page of A4, and a camera reads its code', async ({ page }) => {
  const folder = freshFolder('poster');
  try {
    await page.goto('/places/lantern-library/poster');
    const file = join(folder, 'poster.pdf');
    writeFileSync(file, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
    expect(info).toMatch(/Pages:\s+1\n/);
    expect(info).toMatch(/Page size:\s+59[45]\S* x 84[12]\S* pts \(A4\)/);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    for (const said of ['Lantern Library', scan.poster_1, scan.poster_3, 'do not go there']) expect(text).toContain(said);
    expect(text).not.toContain(scan.poster_print);
    const address = await page.locator('.code svg').getAttribute('aria-label');
    expect(address).toMatch(/^https?:\/\/.+\/places\/lantern-library$/);
    expect(await scanned(page.locator('.code svg'))).toBe(address);
  } finally {
    removeFolder(folder);
  }
});
