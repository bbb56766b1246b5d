// Places on the map: buttons whose shape says whether a place is open, in the order of the list.
import * as L from 'leaflet';

/** More buttons than this at once are of no use to anybody; the list has them all. */
const MOST = 60;
const SIZE = 48;
// A door that is open, one that is shut, one with a question mark, one that is only drawn.
const SHAPES = {
  open: '<path class="map-mark__ground" d="M24 46 10 31A18 18 0 1 1 38 31Z"/><path class="map-mark__sign" d="M17 20l5 6 10-12"/>',
  closed: '<path class="map-mark__ground" d="M6 4h36v32H30l-6 10-6-10H6Z"/><path class="map-mark__sign" d="M17 13l14 14M31 13 17 27"/>',
  unknown: '<path class="map-mark__ground" d="M24 46 15 37 4 20 24 2l20 18-11 17Z"/><path class="map-mark__sign" d="M19.500 17a4.600 4.600 0 1 1 6.500 4.200c-1.400.7-2 1.600-2 3.300M24 30.500v.2"/>',
  sample: '<path class="map-mark__ground" d="M24 46 14 38H6V4h36v34h-8Z"/><path class="map-mark__sign" d="M16 15h16M16 22h16M16 29h9"/>',
};

const Button = L.DivIcon.extend({
  createIcon() {
    const { place, label } = this.options;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `map-mark map-mark--${place.state}`;
    button.dataset.place = place.id;
    button.setAttribute('aria-label', label);
    button.innerHTML = `<svg viewBox="0 0 48 48" aria-hidden="true">${SHAPES[place.state] ?? SHAPES.unknown}</svg>`;
    this._setIconStyles(button, 'icon');
    return button;
  },
});

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
    const bounds = this.map.getBounds().pad(0.1);
    const near = this.places.filter(({ at }) => bounds.contains(at)).slice(0, MOST);
    const wanted = new Set(near.map(({ id }) => id));
    const focused = document.activeElement?.dataset?.place;
    this.drop([...this.shown.keys()].filter((id) => !wanted.has(id) && id !== focused));
    for (const place of near) if (!this.shown.has(place.id)) this.shown.set(place.id, this.mark(place));
    this.order(near, focused);
  }

  /** Puts the buttons in the order of the list, without taking the focus from the one that has it. */
  order(near, focused) {
    const pane = this.map.getPane('markerPane');
    const wanted = near.map(({ id }) => this.shown.get(id)?.getElement()).filter(Boolean);
    const now = [...pane.children].filter((child) => child.dataset.place);
    if (wanted.every((element, at) => element === now[at])) return;
    pane.append(...wanted);
    if (focused) this.focus(focused);
  }

  /** Moves the focus to the button of a place. */
  focus(id) {
    const mark = this.shown.get(id)?.getElement() ?? this.map.getContainer();
    mark.focus({ preventScroll: true });
  }

  mark(place) {
    const { words } = this;
    const parts = [place.name, place.state === 'sample' ? words.sample : '', place.hours];
    const icon = new Button({ place, label: parts.filter(Boolean).join('. '), iconSize: [SIZE, SIZE], iconAnchor: [SIZE / 2, SIZE - 2] });
    const mark = L.marker(place.at, { icon, keyboard: false, riseOnHover: true, autoPanOnFocus: false }).addTo(this.map);
    const element = mark.getElement();
    element.addEventListener('click', (event) => {
      event.stopPropagation();
      this.chosen(place);
    });
    // One that has the focus is brought into view.
    element.addEventListener('focus', () => {
      if (!this.map.getBounds().pad(-0.05).contains(place.at)) this.map.panTo(place.at);
    });
    return mark;
  }

  drop(ids) {
    for (const id of ids) {
      this.shown.get(id)?.remove();
      this.shown.delete(id);
    }
  }
}
