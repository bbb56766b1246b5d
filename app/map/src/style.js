// How every map looks, with streets or without: colours come from the stylesheet, by use.
import {
  CenteredTextSymbolizer, CircleSymbolizer, GroupSymbolizer, LineLabelSymbolizer, LineSymbolizer, OffsetTextSymbolizer,
  PolygonSymbolizer, exp, leafletLayer, View, TileCache,
} from 'protomaps-leaflet';

/** Pixels of a tile of data; it is shown as four tiles. */
const DATA_TILE = 512;
const COLOURS = [
  'sea', 'earth', 'town', 'green', 'water', 'building', 'border', 'district', 'street', 'main-street', 'path', 'casing',
  'rail', 'words', 'quiet-words', 'halo',
];
const FONT = 'system-ui, -apple-system, Roboto, sans-serif';
const GREEN = ['park', 'grass', 'forest', 'wood', 'cemetery', 'allotments', 'playground', 'pitch', 'golf_course', 'nature_reserve', 'recreation_ground', 'village_green'];
const MAIN = ['highway', 'major_road'];

/** The ground below the markers, of these packs and in the colours of this element. */
export function ground(packs, element) {
  const colours = coloursOf(element);
  const layer = leafletLayer({
    url: 'x.pmtiles',
    attribution: '',
    backgroundColor: colours.sea,
    paintRules: paints(colours),
    labelRules: labels(colours),
    lang: document.documentElement.lang,
    className: 'map__tiles',
    noWrap: true,
  });
  layer.views = new Map([['', new View(new TileCache(packs, DATA_TILE), packs.maxZoom, 1)]]);
  return layer;
}

function coloursOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
}

const kind = (...names) => (_, { props }) => names.includes(props.kind);
const fill = (dataLayer, colour, filter, minzoom) => ({ dataLayer, filter, minzoom, symbolizer: new PolygonSymbolizer({ fill: colour }) });
const line = (dataLayer, colour, filter, width, more = {}) => {
  const { minzoom, ...rest } = more;
  return { dataLayer, filter, minzoom, symbolizer: new LineSymbolizer({ color: colour, width, lineCap: 'round', lineJoin: 'round', ...rest }) };
};
const grows = (...stops) => (zoom) => exp(1.5, stops)(zoom);

function paints(of) {
  const main = grows([8, 0.7], [12, 2], [14, 4], [17, 14]);
  const street = grows([12, 0.7], [14, 2.2], [17, 9]);
  return [
    fill('earth', of.earth),
    fill('landuse', of.town, kind('urban_area', 'residential', 'commercial', 'retail', 'industrial')),
    fill('landuse', of.green, kind(...GREEN)),
    fill('water', of.water, (_, feature) => feature.geomType === 3),
    line('water', of.water, (_, feature) => feature.geomType === 2, grows([11, 0.8], [16, 3])),
    fill('buildings', of.building, undefined, 14),
    line('boundaries', of.district, kind('locality'), 1, { minzoom: 12, dash: [1, 3], dashWidth: 1, dashColor: of.district }),
    line('boundaries', of.border, kind('county'), 1.5, { dash: [6, 4], dashWidth: 1.5, dashColor: of.border }),
    line('roads', of.path, kind('path'), 1.2, { minzoom: 15, dash: [3, 3], dashWidth: 1.2, dashColor: of.path }),
    line('roads', of.casing, kind('minor_road'), (zoom) => street(zoom) + 1.5, { minzoom: 13 }),
    line('roads', of.casing, kind(...MAIN), (zoom) => main(zoom) + 2, { minzoom: 10 }),
    line('roads', of.street, kind('minor_road'), street, { minzoom: 12 }),
    line('roads', of['main-street'], kind(...MAIN), main),
    line('roads', of.rail, kind('rail'), 1, { minzoom: 11, dash: [8, 3], dashWidth: 1, dashColor: of.rail }),
  ];
}

const larger = (a, b) => (b.population ?? 0) - (a.population ?? 0);
const words = (of, font) => ({ font: `${font} ${FONT}`, fill: of.words, stroke: of.halo, width: 3, lineHeight: 1.4 });

function labels(of) {
  const centred = (font, more) => new CenteredTextSymbolizer({ ...words(of, font), ...more });
  const dotted = (font) => new GroupSymbolizer([
    new CircleSymbolizer({ radius: 3, fill: of.words, stroke: of.halo, width: 1.5 }),
    new OffsetTextSymbolizer({ ...words(of, font), offsetX: 6, offsetY: 4 }),
  ]);
  return [
    { dataLayer: 'places', filter: kind('city'), sort: larger, maxzoom: 9, symbolizer: dotted('700 16px') },
    { dataLayer: 'places', filter: kind('city'), sort: larger, minzoom: 10, symbolizer: centred('700 18px') },
    { dataLayer: 'places', filter: kind('town'), sort: larger, maxzoom: 9, symbolizer: dotted('600 14px') },
    { dataLayer: 'places', filter: kind('town'), sort: larger, minzoom: 10, symbolizer: centred('600 16px') },
    { dataLayer: 'places', filter: kind('village', 'suburb', 'neighbourhood', 'hamlet'), sort: larger, symbolizer: centred('500 14px') },
    { dataLayer: 'roads', minzoom: 13, filter: kind(...MAIN), symbolizer: new LineLabelSymbolizer(words(of, '600 13px')) },
    { dataLayer: 'roads', minzoom: 15, filter: kind('minor_road', 'path'), symbolizer: new LineLabelSymbolizer(words(of, '500 13px')) },
    { dataLayer: 'places', filter: kind('postcode'), minzoom: 12, symbolizer: centred('500 13px', { fill: of['quiet-words'], letterSpacing: 1 }) },
  ];
}
