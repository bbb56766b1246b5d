// A phone's own voice: what it has, and what it says; and somebody who speaks into it.
import type { Page } from '@playwright/test';

/** Voices as a phone has them, and everything that is said. */
export async function hasVoices(page: Page, voices: { lang: string; localService: boolean }[] | null): Promise<void> {
  await page.addInitScript((voices) => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    if (!voices) {
      for (const owner of [Window.prototype, globalThis]) Reflect.deleteProperty(owner, 'speechSynthesis');
      return;
    }
    class Utterance extends EventTarget {
      constructor(readonly text: string) { super(); }
    }
    const synthesis = Object.assign(new EventTarget(), {
      getVoices: () => voices,
      speak: ({ text, voice }: { text: string; voice: { lang: string } }) => void said.push(`${voice.lang}: ${text}`),
      cancel: () => void said.push('cancel'),
    });
    Object.defineProperty(globalThis, 'speechSynthesis', { value: synthesis });
    Object.defineProperty(globalThis, 'SpeechSynthesisUtterance', { value: Utterance });
  }, voices);
}

/** What it said so far. */
export const said = (page: Page) => page.evaluate(() => (globalThis as unknown as { said: string[] }).said);

/** Somebody speaks into the phone: a tone, for want of a microphone. */
export async function hasMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if (!navigator.mediaDevices) return;
    navigator.mediaDevices.getUserMedia = async () => {
      const sound = new AudioContext();
      const [tone, ear] = [sound.createOscillator(), sound.createMediaStreamDestination()];
      tone.connect(ear);
      tone.start();
      return ear.stream;
    };
  });
}
