// What is chosen, shown, selected and in focus: one store that the parts of the page follow.

const FADED = -1;
const VECTORS_AT_MOST = 2000;

function makeStore({ head, columns }) {
  const listeners = [];
  const store = {
    head,
    columns,
    words: head.words,
    shapes: decodeShapes({ head, columns }),
    large: head.codes.length > VECTORS_AT_MOST,
    layer: head.start,
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

// Questions about one area.
function reading(store) {
  const { head, columns } = store;
  const column = (part, layer = store.layer) => columns.get(`layer${layer}.${part}`);
  return {
    column,
    style: (layer = store.layer) => head.styles[head.layers[layer].style],
    code: (area, layer = store.layer) => column("value", layer)?.[area] ?? 0,
    number: (area) => numberOf(store.code(area), store.style()),
    classOf: (area, layer = store.layer) => column("class", layer)[area] - 1,
    value: (area, layer = store.layer) => valueWords(store, area, layer),
    status: (area, layer = store.layer) => head.statuses[column("status", layer)[area]],
    interval: (area, layer = store.layer) => intervalWords(store, area, layer),
    name: (area) => head.names?.[area] || regsoOf(head, area) || "",
    place: (area) => (head.municipality ? placeOf(head.municipality, area) : ""),
    sentence: (area) => sentenceOf(store, area),
    passes: (area) => passes(store, area),
    lookOf: (area) => (passes(store, area) ? legendClass(store, area) : FADED),
  };
}

function placeOf(places, area) {
  return places.names[places.of[area]] ?? "";
}

function regsoOf(head, area) {
  return head.regso ? placeOf(head.regso, area) : "";
}

function valueWords(store, area, layer) {
  const style = store.style(layer);
  if (style.categories.length) return style.labels[store.classOf(area, layer)] ?? "–";
  return codeWords(store.code(area, layer), style, store.words);
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
  const status = store.column("status")[area] ? store.status(area) : "";
  const said = [value, status].filter(Boolean).join(", ");
  return `${parts.filter(Boolean).join(", ")}: ${said}`;
}

// "Balance, rented, 2022": the group is said only where it is not everybody.
function layerTitle(store, layer = store.layer, withYear = true) {
  const { group, special, year } = store.head.layers[layer];
  const parts = [store.style(layer).title, special ? group : "", withYear ? year : ""];
  return parts.filter(Boolean).join(", ");
}

// The class in the legend, where the missing class may be one of the categories.
function legendClass(store, area) {
  const number = store.classOf(area);
  return number < 0 ? missingClass(store.style()) : number;
}

function missingClass(style) {
  const at = style.labels.indexOf(style.missing_label);
  return at < 0 ? style.labels.length : at;
}

// Whether an area is within what legend, histogram and scatterplot have picked out.
function passes(store, area) {
  if (store.classes.size && !store.classes.has(legendClass(store, area))) return false;
  if (store.range) {
    const value = store.number(area);
    if (!(value >= store.range[0] && value <= store.range[1])) return false;
  }
  return !store.points || store.points.has(area);
}

function doing(store) {
  return {
    choose: (layer) => chooseLayer(store, layer),
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
  store.layer = layer;
  if (!same) Object.assign(store, { classes: new Set(), range: null });
  store.tell("layer");
}

// The layer of this indicator nearest to the year and group that are asked for.
function layerFor(head, { name, year, group }) {
  const score = (layer) =>
    (layer.name === name ? 4 : 0) + (layer.group === group ? 2 : 0) + (layer.year === year ? 1 : 0);
  let best = 0;
  head.layers.forEach((layer, i) => {
    if (score(layer) > score(head.layers[best])) best = i;
  });
  return best;
}
