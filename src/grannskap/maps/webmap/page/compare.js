// Two maps in one: right of a line that can be moved stands another year, group or measure.
// @ts-check

import { countWords } from "./numbers.js";
import { byId, element, labelsOf, swatch } from "./colours.js";
import { areaCanvas } from "./canvas.js";
import { layerTitle, storeAt } from "./state.js";

const LINE_STEP = 2;
const LINE_LEAP = 10;

export function addCompare(store, map) {
  const select = byId("compare");
  select.closest("label").hidden = store.head.layers.length < 2;
  const pane = map.createPane("other");
  pane.style.zIndex = 420;
  pane.style.pointerEvents = "none";
  const canvas = areaCanvas(map, () => storeAt(store, store.other), { pane: "other" });
  const view = { store, map, canvas, select, line: swipeLine(store, map) };
  select.addEventListener("change", () => store.compare(Number(select.value)));
  store.on((what) => {
    if (["layer", "other", "filter"].includes(what)) showCompared(view);
    if (what === "layer") fillCompared(view);
    if (what === "line") placeLine(view);
  });
  map.on("move zoomend resize", () => placeLine(view));
}

// What differs in one thing only: the year, the group or the measure.
function fillCompared({ store, select }) {
  const { head, words } = store;
  const keys = { year: words.year, group: words.group, name: words.indicator };
  const groups = Object.entries(keys).map(([key, title]) => {
    const group = document.createElement("optgroup");
    group.label = title;
    const other = (layer) => Object.keys(keys).filter((k) => layer[k] !== head.layers[store.layer][k]);
    head.layers.forEach((layer, i) => {
      const differing = other(layer);
      if (differing.length === 1 && differing[0] === key) group.append(new Option(layerTitle(store, i), String(i)));
    });
    return group;
  });
  const none = new Option(words.compare_none, "-1");
  select.replaceChildren(none, ...groups.filter((group) => group.children.length));
  if (store.other >= 0 && ![...select.options].some(({ value }) => Number(value) === store.other)) {
    select.append(new Option(layerTitle(store, store.other), String(store.other)));
  }
  select.value = store.other;
}

function showCompared(view) {
  const { store, map, canvas, line, select } = view;
  const on = store.other >= 0;
  line.root.hidden = !on;
  select.value = store.other;
  byId("frame").classList.toggle("compared", on);
  otherLegend(store);
  if (!on) {
    canvas.remove();
    return;
  }
  const titles = sides(store).map((layer) => sideTitle(store, layer));
  line.left.textContent = titles[0];
  line.right.textContent = titles[1];
  if (map.hasLayer(canvas)) canvas.paint();
  else canvas.addTo(map);
  placeLine(view);
}

// The layers left and right of the line: the earlier year stands to the left.
export function sides({ head, layer, other }) {
  const earlier = head.layers[other].year < head.layers[layer].year;
  return earlier ? [other, layer] : [layer, other];
}

// Only what differs is said: two years of one measure are two years.
export function sideTitle(store, layer) {
  const [one, other] = [store.layer, store.other].map((at) => store.head.layers[at]);
  const own = store.head.layers[layer];
  if (one.name !== other.name) return layerTitle(store, layer);
  const differing = ["year", "group"].filter((key) => one[key] !== other[key]);
  return differing.map((key) => own[key] ?? "").join(", ");
}

// The other map's classes, where they are not those of the first.
function otherLegend(store) {
  const box = byId("other-legend");
  const view = store.other >= 0 ? storeAt(store, store.other) : store;
  const same = view.style() === store.style();
  box.hidden = same;
  if (same) return;
  const counts = new Map();
  for (let area = 0; area < store.shapes.count; area++) {
    counts.set(view.classOf(area), (counts.get(view.classOf(area)) ?? 0) + 1);
  }
  const list = document.createElement("ul");
  labelsOf(view.style()).forEach((words, look) => {
    if (look >= view.style().labels.length && !counts.has(look)) return;
    const row = element("li", "", "plain");
    const count = element("span", countWords(counts.get(look) ?? 0, store.words), "count");
    row.append(swatch(view, look), element("span", words, "label"), count);
    list.append(row);
  });
  const { title, unit } = view.style();
  box.replaceChildren(element("h3", [title, unit].filter(Boolean).join(", ")), list);
}

function swipeLine(store, map) {
  const root = element("div", "", "swipe");
  const grip = element("div", "", "swipe-grip");
  const [left, right] = [element("span", "", "swipe-left"), element("span", "", "swipe-right")];
  root.append(left, right, grip);
  for (const [name, value] of [
    ["role", "slider"],
    ["aria-label", store.words.swipe],
    ["aria-orientation", "horizontal"],
    ["aria-valuemin", 0],
    ["aria-valuemax", 100],
  ]) {
    grip.setAttribute(name, value);
  }
  grip.tabIndex = 0;
  map.getContainer().append(root);
  L.DomEvent.disableClickPropagation(grip);
  L.DomEvent.disableScrollPropagation(grip);
  const move = (line) => {
    store.line = Math.max(0, Math.min(100, line));
    store.tell("line");
  };
  grip.addEventListener("pointerdown", (event) => grip.setPointerCapture(event.pointerId));
  grip.addEventListener("pointermove", (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const { left: from, width } = map.getContainer().getBoundingClientRect();
    move(((event.clientX - from) / width) * 100);
  });
  grip.addEventListener("keydown", (event) => keyLine(store, event, move));
  return { root, grip, left, right };
}

function keyLine(store, event, move) {
  const goals = {
    ArrowLeft: store.line - LINE_STEP,
    ArrowRight: store.line + LINE_STEP,
    ArrowDown: store.line - LINE_STEP,
    ArrowUp: store.line + LINE_STEP,
    PageDown: store.line - LINE_LEAP,
    PageUp: store.line + LINE_LEAP,
    Home: 0,
    End: 100,
  };
  if (!(event.key in goals)) return;
  move(goals[event.key]);
  event.preventDefault();
  event.stopPropagation();
}

function placeLine({ store, map, canvas, line }) {
  if (store.other < 0 || !canvas._bounds) return;
  const x = (map.getSize().x * store.line) / 100;
  line.root.style.transform = `translateX(${x}px)`;
  line.grip.setAttribute("aria-valuenow", Math.round(store.line));
  const share = `${Math.round(store.line)}${store.words.percent}`;
  line.grip.setAttribute("aria-valuetext", `${share}: ${line.left.textContent} | ${line.right.textContent}`);
  const at = map.containerPointToLayerPoint([x, 0]).x - canvas._bounds.min.x;
  const [left] = sides(store);
  const beyond = canvas._bounds.getSize().x - at;
  const inset = left === store.other ? `0 ${Math.max(0, beyond)}px 0 0` : `0 0 0 ${Math.max(0, at)}px`;
  canvas._container.style.clipPath = `inset(${inset})`;
}
