// The part below the map where its streets are fetched, paused, gone on with and deleted.
import { BadPack } from './packs.js';
import { make, say } from './frame.js';
import { Changed, fetchOn, kept, offered, remove } from './streets.js';

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** Says what there is, and has the buttons for what can be done about it. */
export class Keeping {
  constructor(words, changed) {
    this.words = words;
    this.changed = changed;
    this.text = make('p', 'note');
    this.text.setAttribute('role', 'status');
    this.trouble = make('p', 'note');
    this.trouble.setAttribute('role', 'alert');
    this.bar = make('progress', 'map__progress', { 'aria-label': words.streets_get });
    this.get = this.button(() => this.run());
    this.pause = this.button(() => this.stop?.abort());
    this.delete = this.button(() => this.forget());
    say(this.pause, words.streets_pause);
    say(this.delete, words.streets_delete);
    this.element = make('div', 'map__keeping');
    this.element.append(this.text, this.bar, this.trouble, this.get, this.pause, this.delete);
    this.element.hidden = true;
    say(this.trouble, '');
  }

  button(act) {
    const button = make('button', 'button button--small', { type: 'button' });
    button.addEventListener('click', act);
    return button;
  }

  /** Asks the phone and the server. */
  async look() {
    this.offer = await offered();
    await this.show();
  }

  /** Why what was there is gone. */
  fail(error) {
    const { words } = this;
    const why = error instanceof BadPack ? words.streets_bad : error?.name === 'QuotaExceededError' ? words.streets_full : words.streets_stopped;
    say(this.trouble, why);
  }

  async show() {
    const { words, offer } = this;
    const here = await kept();
    const whole = here && here.have === here.bytes;
    const begun = here && !whole;
    const newer = offer && offer.tag !== here?.tag;
    const running = Boolean(this.stop);
    const size = megabytes((newer ? offer : here)?.bytes ?? 0);
    if (whole && !newer) say(this.text, words.streets_kept.replace('{size}', size));
    else if (begun && !newer) say(this.text, words.streets_part.replace('{done}', megabytes(here.have)).replace('{size}', size));
    else say(this.text, offer ? words.streets_offer.replace('{size}', size) : '');
    say(this.get, begun && !newer ? words.streets_resume : words.streets_get);
    this.get.hidden = running || (whole && !newer) || !offer;
    this.pause.hidden = !running;
    this.delete.hidden = running || !here;
    this.bar.hidden = !running;
    this.element.hidden = !here && !offer;
  }

  async run() {
    this.stop = new AbortController();
    say(this.trouble, '');
    await this.show();
    this.pause.focus();
    try {
      await fetchOn(this.offer, this.stop.signal, (have) => this.progress(have));
      this.stop = undefined;
      await this.changed();
    } catch (error) {
      this.stop = undefined;
      if (error instanceof Changed) this.offer = await offered();
      if (error instanceof BadPack) await remove();
      if (error?.name !== 'AbortError') this.fail(error);
    }
    await this.show();
    (this.get.hidden ? this.delete : this.get).focus();
  }

  progress(have) {
    Object.assign(this.bar, { max: this.offer.bytes, value: have });
    say(this.text, this.words.streets_part.replace('{done}', megabytes(have)).replace('{size}', megabytes(this.offer.bytes)));
  }

  async forget() {
    say(this.trouble, '');
    await remove();
    await this.changed();
    await this.show();
    this.get.focus();
  }
}
