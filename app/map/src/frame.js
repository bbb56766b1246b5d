// The parts around the map: its buttons, what it says, the place that was chosen, its credits.

const PLUS = 'M12 5v14M5 12h14';
const MINUS = 'M5 12h14';
const LOCATE = 'M12 2v3m0 14v3M2 12h3m14 0h3M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z';
const CLOSE = 'M6 6l12 12M18 6 6 18';

/** An element of this class. */
export function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function drawn(path) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [name, value] of [['viewBox', '0 0 24 24'], ['class', 'icon'], ['aria-hidden', 'true']]) svg.setAttribute(name, value);
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

function button(className, label, path) {
  const made = make('button', className, { type: 'button', 'aria-label': label, title: label });
  made.append(drawn(path));
  return made;
}

/** Fills an element with words; without any it is not there. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

/** A chosen place: the link to its page, and its hours. */
export function entry(place, hours) {
  const item = make('li', 'map__entry');
  const link = make('a', 'map__link', { href: `/places/${place.id}` });
  link.textContent = place.name;
  const state = make('p', 'map__state');
  say(state, hours);
  item.append(link, state);
  return item;
}

/** Builds the parts inside the map's element. */
export function frame(host, words) {
  host.replaceChildren();
  const stage = make('div', 'map__stage');
  const canvas = make('div', 'map__canvas', { role: 'group', tabindex: '0', 'aria-label': words.name, 'aria-describedby': 'map-status' });
  const nearer = button('map__button', words.nearer, PLUS);
  const farther = button('map__button', words.farther, MINUS);
  const locate = button('map__button', words.to_me, LOCATE);
  const tools = make('div', 'map__tools');
  tools.append(nearer, farther, locate);
  const area = make('button', 'button button--small map__area', { type: 'button' });
  area.textContent = words.search_area;
  area.hidden = true;
  stage.append(canvas, tools, area);
  const card = make('div', 'map__card');
  const list = make('ul', 'map__list');
  const close = button('map__button map__close', words.close, CLOSE);
  card.append(list, close);
  card.hidden = true;
  const [trouble, status, streets, kept, credits] = ['trouble', 'status', 'streets', 'kept', 'credits'].map((name) => {
    const line = make('p', `note map__${name}`);
    line.hidden = true;
    return line;
  });
  trouble.setAttribute('role', 'alert');
  status.setAttribute('role', 'status');
  status.id = 'map-status';
  const remove = make('button', 'button button--small', { type: 'button' });
  say(remove, words.remove);
  remove.hidden = true;
  host.append(stage, card, trouble, status, streets, kept, remove, credits);
  return { stage, canvas, tools, nearer, farther, locate, area, card, list, close, trouble, status, streets, kept, remove, credits };
}
