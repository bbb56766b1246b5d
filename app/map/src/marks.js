// Places on the map: buttons whose shape says whether a place is open, in the order of the list.
import * as L from 'leaflet';

/** More buttons than this at once are of no use to anybody; the list has them all. */
const MOST = 60;
const SIZE = 48;
/** Marks closer than this, in pixels, would cover each other: they become one. */
const APART = 52;
// Open: a drop with a tick. Closed: a plate with a cross. Not known: a diamond with a question mark. Sample: a dashed outline. Several: their number on the shape of what somebody may hope for among them.
const SHAPES = {
  open: '<path class="map-mark__ground" d="M24 46 10 31A18 18 0 1 1 38 31Z"/><path class="map-mark__sign" d="M17 20l5 6 10-12"/>',
  closed: '<path class="map-mark__ground" d="M6 4h36v32H30l-6 10-6-10H6Z"/><path class="map-mark__sign" d="M17 13l14 14M31 13 17 27"/>',
  unknown: '<path class="map-mark__ground" d="M24 46 15 37 4 20 24 2l20 18-11 17Z"/><path class="map-mark__sign" d="M19.5 17a4.6 4.6 0 1 1 6.5 4.2c-1.4.7-2 1.6-2 3.3M24 30.5v.2"/>',
  sample: '<path class="map-mark__ground" d="M24 46 14 38H6V4h36v34h-8Z"/><path class="map-mark__sign" d="M16 15h16M16 22h16M16 29h9"/>',
};

const COUNT = '<text class="map-mark__count" x="24" y="28" text-anchor="middle">{count}</text>';
/** What somebody may hope for, the best first. */
const HOPES = ['open', 'unknown', 'closed', 'sample'];

const Button = L.DivIcon.extend({
  createIcon() {
    const { group, label } = this.options;
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.place = group.places[0].id;
    button.setAttribute('aria-label', label);
    button.innerHTML = `<svg viewBox="0 0 48 48" aria-hidden="true">${SHAPES[stateOf(group)] ?? SHAPES.unknown}</svg>`;
    if (group.places.length > 1) button.querySelector('.map-mark__sign').outerHTML = COUNT.replace('{count}', group.places.length);
    this._setIconStyles(button, 'icon');
    return button;
  },
});

const stateOf = ({ places }) => HOPES.find((hope) => places.some(({ state }) => state === hope));
const keyOf = ({ places }) => places.map(({ id }) => id).join(' ');

/** A place in words: its name, whether it is a sample, its hours. */
export function told(place, words) {
  return [place.name, place.state === 'sample' ? words.sample : '', place.hours].filter(Boolean).join('. ');
}

/** The buttons of the places that are in view. */
export class Marks {
  constructor(map, words, chosen) {
    Object.assign(this, { map, words, chosen, places: [], shown: new Map() });
  }

  /** Shows these places from now on. */
  show(places) {
    this.places = places;
    this.drop([...this.shown.keys()]);
    this.follow();
  }

  /** How many of them are in view. */
  inView() {
    const bounds = this.map._loaded ? this.map.getBounds() : undefined;
    return bounds ? this.places.filter(({ at }) => bounds.contains(at)).length : 0;
  }

  /** Follows the map: what left is taken away; all is in the order of the list. */
  follow() {
    if (!this.map._loaded) return;
    const groups = this.groups();
    const focused = document.activeElement?.dataset?.place;
    this.drop([...this.shown.keys()].filter((key) => !groups.has(key)));
    for (const [key, group] of groups) if (!this.shown.has(key)) this.shown.set(key, this.mark(group));
    this.order([...groups.keys()]);
    if (focused && document.activeElement?.dataset?.place !== focused) this.focus(focused);
  }

  /** The places in view, those together that lie too close, by their ids. */
  groups() {
    const bounds = this.map.getBounds().pad(0.1);
    const groups = [];
    for (const place of this.places) {
      if (!bounds.contains(place.at)) continue;
      const { x, y } = this.map.latLngToLayerPoint(place.at);
      const near = groups.find((group) => Math.max(Math.abs(group.x - x), Math.abs(group.y - y)) < APART);
      if (near) near.places.push(place);
      else if (groups.length < MOST) groups.push({ x, y, places: [place] });
    }
    return new Map(groups.map((group) => [keyOf(group), group]));
  }

  /** Puts the buttons in the order of the list. */
  order(keys) {
    const pane = this.map.getPane('markerPane');
    const wanted = keys.map((key) => this.shown.get(key).getElement());
    const now = [...pane.children].filter((child) => child.dataset.place);
    if (!wanted.every((element, at) => element === now[at])) pane.append(...wanted);
  }

  /** Moves the focus to the button of a place. */
  focus(id) {
    const key = [...this.shown.keys()].find((key) => key.split(' ').includes(id));
    const element = this.shown.get(key)?.getElement() ?? this.map.getContainer();
    element.focus({ preventScroll: true });
  }

  mark(group) {
    const { places } = group;
    const names = places.map((place) => told(place, this.words)).join('; ');
    const open = places.filter(({ state }) => state === 'open').length;
    const several = this.words.group.replace('{count}', places.length).replace('{open}', open);
    const label = places.length > 1 ? `${several}. ${names}` : names;
    const className = `map-mark map-mark--${stateOf(group)}${places.length > 1 ? ' map-mark--group' : ''}`;
    const icon = new Button({ group, className, label, iconSize: [SIZE, SIZE], iconAnchor: [SIZE / 2, SIZE - 2] });
    const mark = L.marker(places[0].at, { icon, keyboard: false, riseOnHover: true, autoPanOnFocus: false }).addTo(this.map);
    const element = mark.getElement();
    element.addEventListener('click', (event) => {
      event.stopPropagation();
      this.chosen(places);
    });
    // One that has the focus is brought into view.
    element.addEventListener('focus', () => {
      if (!this.map.getBounds().contains(places[0].at)) this.map.panTo(places[0].at);
    });
    return mark;
  }

  drop(keys) {
    for (const key of keys) {
      this.shown.get(key)?.remove();
      this.shown.delete(key);
    }
  }
}
