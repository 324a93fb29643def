// What is chosen, shown, selected and in focus: one store that the parts of the page follow.
// @ts-check

import { unfold } from "./decode.js";
import { MISSING, codeWords, digits, filled, numberOf } from "./numbers.js";
import { boundWords } from "./bounds.js";
import { decodeShapes } from "./shapes.js";
import { colouring } from "./colours.js";

export const FADED = -1;
const VECTORS_AT_MOST = 2000;

export function makeStore({ head, columns }) {
  const listeners = [];
  const store = {
    head,
    columns,
    words: head.words,
    shapes: decodeShapes({ head, columns }),
    large: head.codes.length > VECTORS_AT_MOST,
    layer: head.start,
    other: -1,
    line: 50,
    classes: new Set(),
    range: null,
    points: null,
    selection: new Set(),
    focused: -1,
    hovered: -1,
    choosing: false,
    listeners,
    on: (listener) => listeners.push(listener),
    tell: (what) => listeners.forEach((listener) => listener(what)),
  };
  return Object.assign(store, reading(store), doing(store));
}

// The same store, as if another layer were chosen: for a second map beside the first. What the
// legend and the histogram have picked out holds only where the classes are the same.
export function storeAt(store, layer) {
  const view = Object.create(store, { layer: { value: layer } });
  Object.assign(view, reading(view), colouring(view));
  const same = view.style().name === store.style().name;
  return same ? view : Object.assign(view, { classes: new Set(), range: null });
}

// Questions about one area.
function reading(store) {
  const { head, columns } = store;
  const column = (part, layer = store.layer) => columns.get(`layer${layer}.${part}`);
  return {
    column,
    style: (layer = store.layer) => head.styles[head.layers[layer].style],
    code: (area, layer = store.layer) => column("value", layer)?.[area] ?? 0,
    number: (area) => numberOf(store.code(area), store.style()),
    exact: (area, layer = store.layer) => exactOf(store, area, layer),
    classOf: (area, layer = store.layer) => column("class", layer)[area] - 1,
    value: (area, layer = store.layer) => valueWords(store, area, layer),
    status: (area, layer = store.layer) => statusWords(store, area, layer),
    known: (area, layer = store.layer) => isKnown(store, area, layer),
    note: (area, layer = store.layer) => noteOf(store, area, layer),
    interval: (area, layer = store.layer) => intervalWords(store, area, layer),
    intervalTitle: (layer = store.layer) => intervalTitle(store, layer),
    bounded: (area) => column("marks")?.[area] === 1,
    doubtful: (area) => column("marks")?.[area] === 2,
    name: (area) => head.names?.[area] || regsoOf(head, area) || "",
    place: (area) => (head.municipality ? placeOf(head.municipality, area) : ""),
    sentence: (area) => sentenceOf(store, area),
    passes: (area) => passes(store, area),
    lookOf: (area) => (passes(store, area) ? store.classOf(area) : FADED),
  };
}

function placeOf(places, area) {
  return places.names[places.of[area]] ?? "";
}

export function regsoOf(head, area) {
  return head.regso ? placeOf(head.regso, area) : "";
}

function valueWords(store, area, layer) {
  const style = store.style(layer);
  if (style.categories.length) return style.labels[store.classOf(area, layer)] ?? "–";
  if (isKnown(store, area, layer)) return codeWords(store.code(area, layer), style, store.words);
  return boundWords(store, area, layer) || "–";
}

// With what rounding took, where the page carries it.
function exactOf(store, area, layer) {
  const style = store.style(layer);
  const rest = store.column("rest", layer)?.[area] ?? 0;
  return numberOf(store.code(area, layer), style) + unfold(rest) / 100 / 10 ** style.decimals;
}

function isKnown(store, area, layer) {
  const style = store.style(layer);
  if (style.categories.length) return store.classOf(area, layer) < style.labels.length;
  return store.code(area, layer) !== MISSING;
}

// A reason that is a class is said as in the legend, inside a sentence.
function statusWords(store, area, layer) {
  const style = store.style(layer);
  const gap = style.gaps[store.classOf(area, layer) - style.labels.length];
  if (gap) return gap.label.slice(0, 1).toLocaleLowerCase() + gap.label.slice(1);
  return store.head.statuses[store.column("status", layer)[area]];
}

// Why there is no number; of a number that is not exact, what it may be.
function noteOf(store, area, layer) {
  if (!isKnown(store, area, layer)) return store.status(area, layer);
  return store.style(layer).categories.length ? "" : boundWords(store, area, layer);
}

function intervalTitle({ head, words }, layer) {
  const percent = Math.round(head.layers[layer].confidence * 1000);
  const decimals = percent % 10 ? 1 : 0;
  const confidence = digits(decimals ? percent : percent / 10, decimals, words) + words.percent;
  return filled(words.interval, { confidence });
}

function intervalWords(store, area, layer) {
  if (!store.head.layers[layer].interval) return "";
  const [lower, upper] = ["lower", "upper"].map((part) => store.column(part, layer)[area]);
  if (lower === MISSING || upper === MISSING) return "";
  const words = (code) => codeWords(code, store.style(layer), store.words);
  return `${words(lower)}–${words(upper)}`;
}

function sentenceOf(store, area) {
  const parts = [store.head.codes[area], store.name(area), store.place(area)];
  const value = store.value(area) === "–" ? "" : store.value(area);
  const status = store.column("status")[area] || !value ? store.status(area) : "";
  const said = [value, status].filter(Boolean).join(", ");
  return `${parts.filter(Boolean).join(", ")}: ${said}`;
}

// "Balance, rented, 2022": the group is said only where it is not everybody.
export function layerTitle(store, layer = store.layer, withYear = true) {
  const { group, special, year } = store.head.layers[layer];
  const { title } = store.style(layer);
  const said = !withYear || new RegExp(`\\b${year}\\b`).test(title);
  const parts = [title, special ? group : "", said ? "" : year];
  return parts.filter(Boolean).join(", ");
}

// Whether an area is within what legend, histogram and scatterplot have picked out.
function passes(store, area) {
  if (store.classes.size && !store.classes.has(store.classOf(area))) return false;
  if (store.range) {
    const value = store.number(area);
    if (!(value >= store.range[0] && value <= store.range[1])) return false;
  }
  return !store.points || store.points.has(area);
}

function doing(store) {
  return {
    choose: (layer) => chooseLayer(store, layer),
    compare: (other) => {
      store.other = other;
      store.tell("other");
    },
    filter: (changes) => {
      Object.assign(store, changes);
      store.tell("filter");
    },
    hover: (area) => {
      if (area === store.hovered) return;
      store.hovered = area;
      store.tell("hover");
    },
    focus: (area, zoom = false) => {
      store.focused = area;
      store.tell("focus");
      if (zoom) store.tell("zoom");
    },
    press: (area, event) => {
      if (store.choosing || event?.shiftKey || event?.ctrlKey || event?.metaKey) {
        store.toggle([area], !store.selection.has(area));
      } else store.focus(area);
    },
    toggle: (areas, on) => {
      for (const area of areas) on ? store.selection.add(area) : store.selection.delete(area);
      store.tell("selection");
    },
    clear: () => {
      store.selection.clear();
      store.tell("selection");
    },
  };
}

// A filter holds only while the classes it names are the ones shown.
function chooseLayer(store, layer) {
  const same = store.style(layer).name === store.style().name;
  const before = store.layer;
  store.layer = layer;
  if (store.other >= 0) store.other = followed(store, before);
  if (!same) Object.assign(store, { classes: new Set(), range: null });
  store.tell("layer");
}

// Where the measure, the year or the group is another, what it is compared with follows.
function followed(store, before) {
  const { layers } = store.head;
  const [was, now, other] = [before, store.layer, store.other].map((layer) => layers[layer]);
  const keys = ["name", "year", "group"];
  const wanted = keys.map((key) => (other[key] === was[key] ? now[key] : other[key]));
  const found = layerFor(store.head, Object.fromEntries(keys.map((key, i) => [key, wanted[i]])));
  return found === store.layer ? -1 : found;
}

// The layer of this measure nearest to the group and year that are asked for; of those equally
// near the one of everybody, and the latest.
/** @param {any} head @param {any} wanted */
export function layerFor(head, { name, year, group }) {
  const nearness = (layer) => [
    layer.name === name,
    layer.group === group,
    layer.year === year,
    !layer.special,
    layer.year ?? 0,
  ];
  const nearer = (a, b) => {
    const at = a.findIndex((part, i) => part !== b[i]);
    return at >= 0 && a[at] > b[at];
  };
  let best = 0;
  head.layers.forEach((layer, i) => {
    if (nearer(nearness(layer), nearness(head.layers[best]))) best = i;
  });
  return best;
}
