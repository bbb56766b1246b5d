// The map as an element: <place-map data-files data-words data-places data-here>. The app fills the
// attributes, and hears `area` when somebody wants the places around what they look at.
import * as L from 'leaflet';
import { Marks, told } from './marks.js';
import { BadPack, forget, forgetOthers, keepCode, pack } from './packs.js';
import { Keeping } from './keeping.js';
import { Packs } from './source.js';
import { opened } from './streets.js';
import { ground } from './style.js';
import { entry, frame, say } from './frame.js';

/** Great Britain with its coasts; nothing is drawn beyond. */
const BRITAIN = [[48.5, -11.5], [61.5, 4.5]];
/** What the map says, in the order in which `wording` in app/src/features/places/map.rs gives it. */
const WORDS = [
  'name', 'failed', 'bad_pack', 'no_picture', 'no_streets', 'kept', 'in_view', 'one_in_view', 'none_in_view',
  'search_area', 'nearer', 'farther', 'to_me', 'close', 'sample', 'group', 'streets_offer', 'streets_get', 'streets_part',
  'streets_pause', 'streets_resume', 'streets_kept', 'streets_delete', 'streets_bad', 'streets_stopped', 'streets_full',
  'remove', 'not_kept',
];
/** How near one may come: to districts, or to houses. */
const [NEAR, NEAREST_ZOOM] = [15, 17];
/** How many of the nearest are shown first. */
const NEAREST = 5;

/** The map's own style, once; what it is measured by must be there before anything is drawn. */
function styled(path) {
  const id = 'map-style';
  if (document.getElementById(id)) return undefined;
  const link = Object.assign(document.createElement('link'), { id, rel: 'stylesheet', href: path });
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

class PlaceMap extends HTMLElement {
  static observedAttributes = ['data-places', 'data-here'];

  connectedCallback() {
    const { words, files } = this.dataset;
    const said = words.split('\n');
    this.words = Object.fromEntries(WORDS.map((name, at) => [name, said[at]]));
    this.files = files.split(' ');
    void this.begin();
  }

  async begin() {
    await styled(this.files[1]);
    if (!this.isConnected) return;
    this.parts = frame(this, this.words);
    try {
      this.draw();
    } catch {
      this.cannot();
    }
  }

  disconnectedCallback() {
    this.looks?.disconnect();
    // What has come of a download stays; another visit goes on with it.
    this.keeping?.stop?.abort();
    this.dark?.removeEventListener('change', this.repaint);
    this.map?.remove();
    this.map = undefined;
  }

  attributeChangedCallback(name) {
    if (!this.map) return;
    if (name === 'data-here') {
      this.showHere();
      // Somewhere to start from was given: that comes before where the map was moved to.
      if (this.dataset.here) this.theirs = false;
    } else {
      this.marks.show(this.places());
    }
    if (!this.theirs) this.frameAll();
  }

  draw() {
    if (!document.createElement('canvas').getContext('2d')) return this.cannot();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const map = (this.map = L.map(this.parts.canvas, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, minZoom: 5, maxZoom: NEAR,
      maxBounds: BRITAIN, maxBoundsViscosity: 1, zoomAnimation: !still, fadeAnimation: !still,
      markerZoomAnimation: !still, inertia: !still, keyboardPanDelta: 120,
    }));
    this.marks = new Marks(map, this.words, (places) => this.open(places));
    this.marks.show(this.places());
    this.showHere();
    this.frameAll();
    this.follow();
    this.repaint = () => this.paint();
    this.dark = matchMedia('(prefers-color-scheme: dark)');
    this.dark.addEventListener('change', this.repaint);
    this.looks = new MutationObserver(this.repaint);
    this.looks.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-contrast', 'data-power'] });
    void this.load();
  }

  cannot() {
    this.parts.canvas.hidden = true;
    this.parts.tools.hidden = true;
    say(this.parts.trouble, this.words.failed);
  }

  async load() {
    const [code, style, ...packs] = this.files;
    void keepCode([code, style]);
    void forgetOthers(this.files);
    this.parts.canvas.setAttribute('aria-busy', 'true');
    const read = await Promise.allSettled(packs.map(pack));
    if (!this.map) return;
    this.parts.canvas.removeAttribute('aria-busy');
    this.defaults = read.flatMap(({ value }) => value ?? []);
    const bad = read.some(({ reason }) => reason instanceof BadPack);
    if (this.defaults.length < packs.length) say(this.parts.trouble, bad ? this.words.bad_pack : this.words.no_picture);
    this.keeping = new Keeping(this.words, () => this.streets());
    this.parts.credits.before(this.keeping.element);
    await this.streets();
    await this.keeping.look();
  }

  /** With streets from now on, or without. */
  async streets() {
    const streets = await opened().catch((error) => this.keeping.fail(error));
    if (!this.map) return;
    this.packs = [...this.defaults, ...(streets ? [streets] : [])];
    this.map.setMaxZoom(streets ? NEAREST_ZOOM : NEAR);
    this.paint();
    this.credit();
  }

  paint() {
    if (!this.map || !this.packs?.length) return;
    const before = this.ground;
    this.ground = ground(new Packs(this.packs), this).addTo(this.map);
    before?.remove();
  }

  credit() {
    const streets = this.packs.some((one) => one.streets);
    const size = this.defaults.reduce((sum, one) => sum + one.size, 0);
    const megabytes = (size / 1e6).toFixed(1);
    const kept = this.defaults.every((one) => one.kept) ? this.words.kept.replace('{size}', megabytes) : this.words.not_kept;
    say(this.parts.kept, this.defaults.length ? kept : '');
    this.parts.remove.hidden = !this.defaults.some((one) => one.kept);
    say(this.parts.streets, streets ? '' : this.words.no_streets);
    say(this.parts.credits, [...new Set(this.packs.map((one) => one.credits))].join(' '));
  }

  places() {
    const lines = (this.dataset.places ?? '').split('\n').filter(Boolean);
    return lines.map((line) => {
      const [id, lat, lon, state, name, hours] = line.split('\t');
      return { id, at: L.latLng(Number(lat), Number(lon)), state, name, hours };
    });
  }

  /** Where the person is, and how far they may be from there. */
  showHere() {
    this.here?.remove();
    this.here = undefined;
    const [lat, lon, accuracy] = (this.dataset.here ?? '').split(' ').map(Number);
    this.parts.locate.hidden = !(accuracy > 0);
    if (!Number.isFinite(lon)) return;
    this.from = L.latLng(lat, lon);
    if (!(accuracy > 0)) return;
    const style = { interactive: false, keyboard: false };
    this.here = L.layerGroup([
      L.circle(this.from, { ...style, radius: accuracy, className: 'map__about' }),
      L.marker(this.from, { ...style, icon: L.divIcon({ className: 'map__here', iconSize: [22, 22] }), zIndexOffset: -1000 }),
    ]).addTo(this.map);
  }

  /** The nearest places and the person, or all there are. */
  frameAll() {
    const places = this.places();
    const from = this.dataset.here ? this.from : undefined;
    const shown = from ? [from, ...places.slice(0, NEAREST).map(({ at }) => at)] : places.map(({ at }) => at);
    this.ours = true;
    if (shown.length > 0) this.map.fitBounds(L.latLngBounds(shown), { paddingTopLeft: [36, 60], paddingBottomRight: [80, 24], maxZoom: 14, animate: false });
    else this.map.fitBounds(BRITAIN, { animate: false });
    this.ours = false;
    this.marks.follow();
    this.tell();
  }

  follow() {
    const { map, parts } = this;
    // Only the person's own moving offers another search.
    const moved = () => {
      this.theirs = true;
      parts.area.hidden = false;
    };
    map.on('dragend', moved);
    map.on('moveend zoomend', () => {
      if (!this.ours && this.byHand) moved();
      this.byHand = false;
      this.marks.follow();
      this.tell();
    });
    parts.canvas.addEventListener('keydown', (event) => this.key(event), true);
    for (const kind of ['dblclick', 'touchend']) parts.canvas.addEventListener(kind, () => (this.byHand = true));
    parts.nearer.addEventListener('click', () => this.zoom(1));
    parts.farther.addEventListener('click', () => this.zoom(-1));
    parts.locate.addEventListener('click', () => map.setView(this.from, Math.max(map.getZoom(), 14)));
    parts.area.addEventListener('click', () => this.search());
    parts.remove.addEventListener('click', () => this.leave());
  }

  zoom(by) {
    this.byHand = true;
    this.map.setZoom(this.map.getZoom() + by);
  }

  /** The map goes from this phone; what opens it says again how much it will fetch. */
  async leave() {
    await forget();
    const door = document.getElementById(this.dataset.leaves);
    door?.focus();
    door?.click();
  }

  search() {
    this.parts.area.hidden = true;
    this.parts.canvas.focus();
    this.dispatchEvent(new CustomEvent('area', { detail: this.map.getCenter() }));
  }

  key(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (!this.parts.card.hidden) this.closeCard();
      else document.getElementById(this.dataset.leaves)?.focus();
    } else if (/^Arrow|^[-+=_]$/.test(event.key)) {
      this.byHand = true;
    }
  }

  /** Says how much of the list is in view. */
  tell() {
    const count = this.marks.inView();
    const text = count === 1 ? this.words.one_in_view : count ? this.words.in_view : this.words.none_in_view;
    say(this.parts.status, text.replace('{count}', count));
  }

  /** Shows what was chosen below the map, each place with the link to its page. */
  open(places) {
    this.opened = places[0];
    const { card, list, close } = this.parts;
    list.replaceChildren(...places.map((place) => entry(place, told({ ...place, name: '' }, this.words))));
    card.hidden = false;
    close.onclick = () => this.closeCard();
    // A handler that gives `false` would keep Enter from following the link.
    card.onkeydown = (event) => {
      if (event.key === 'Escape') this.closeCard();
    };
    list.querySelector('a').focus();
  }

  closeCard() {
    this.parts.card.hidden = true;
    this.marks.focus(this.opened?.id);
  }
}

customElements.define('place-map', PlaceMap);
