// What a camera sees: the dots of a picture, and what a code on the screen says.
import { type Locator, type Page, expect } from '@playwright/test';
import jsQR from 'jsqr';

/** The dots of a PNG file, four bytes each. */
export async function dots(page: Page, png: Buffer): Promise<{ width: number; height: number; bytes: Buffer }> {
  const { width, height, text } = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
    pen.drawImage(picture, 0, 0);
    const { data } = pen.getImageData(0, 0, picture.width, picture.height);
    let text = '';
    for (let at = 0; at < data.length; at += 30_000) text += String.fromCharCode(...data.subarray(at, at + 30_000));
    return { width: picture.width, height: picture.height, text: btoa(text) };
  }, png.toString('base64'));
  return { width, height, bytes: Buffer.from(text, 'base64') };
}

/** What a camera reads on the screen. */
export async function scanned(code: Locator): Promise<string | undefined> {
  let read: string | undefined;
  // A code may be drawn anew once something has been kept.
  await expect(async () => {
    const png = await code.screenshot({ timeout: 2_000 });
    const { width, height, bytes } = await dots(code.page(), png);
    read = jsQR(new Uint8ClampedArray(bytes), width, height)?.data;
    expect(read).toBeDefined();
  }).toPass({ timeout: 15_000 });
  return read;
}
