// Cards as they lie on the phone, put there past the form: for pages that only show them.
import { type Page, expect } from '@playwright/test';
import { opens } from './person.ts';
import { kept } from './kept.ts';

export interface Contact {
  name: string;
  telephone: string;
  relationship?: string;
  hours?: string;
  not_now?: boolean;
}

/** A card's record, as far as a test needs it; the rest is empty. */
export interface CardKept {
  name: string;
  pronouns?: string;
  photo?: string;
  may?: string[];
  please?: string[];
  dont?: string[];
  symbols?: string[];
  contacts?: Contact[];
  calms?: string;
  upsets?: string;
  allergies?: string;
  nobody_answers?: string;
  issuer?: string;
  issuer_telephone?: string;
  moved?: [string, string][];
}

/** An id as the app makes them. */
export const PHOTO = 'a'.repeat(26);

/** Ali, with a photo on the front, two ready phrases, three wishes, a sister and a support worker. */
export const ALI: CardKept = {
  name: 'Ali',
  pronouns: 'he, him',
  photo: PHOTO,
  may: ['ready:hard-to-speak', 'ready:scared-by-noise'],
  please: ['ready:quiet-seat', 'ready:short-sentences', 'ready:give-time'],
  dont: ['ready:touch-me'],
  calms: 'my blue hat',
  contacts: [
    { name: 'Sam', telephone: '07700 900 123', relationship: 'my sister' },
    { name: 'Jo', telephone: '07700 900 456', relationship: 'my support worker' },
  ],
  moved: [['photo', 'front']],
};

/** Puts a card where the app keeps it, and has its front painted by opening it once. */
export async function keepsCard(page: Page, card: CardKept): Promise<void> {
  await page.evaluate(async (card) => {
    const canvas = new OffscreenCanvas(240, 240);
    const brush = canvas.getContext('2d')!;
    brush.fillStyle = '#ffe2a0';
    brush.fillRect(0, 0, 240, 240);
    brush.fillStyle = '#a8704a';
    brush.arc(120, 110, 60, 0, 7);
    brush.fill();
    const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open('safe-place');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = reject;
    });
    await new Promise((resolve, reject) => {
      const tx = database.transaction(['card', 'front', 'photos'], 'readwrite');
      tx.objectStore('card').put(card, 'card');
      tx.objectStore('front').delete('front');
      if (card.photo) tx.objectStore('photos').put(jpeg, card.photo);
      tx.oncomplete = resolve;
      tx.onerror = reject;
    });
    database.close();
  }, card);
  await opens(page, '/card');
  const painted = async () => 'front' in (await kept(page)).front;
  await expect.poll(painted, { message: 'the front is painted' }).toBe(true);
}
