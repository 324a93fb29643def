// The state in the address: measure, year, group, area, class and view; and whether embedded.
// @ts-check

import { boundsOf, boxAround } from "./shapes.js";
import { labelsOf } from "./colours.js";
import { layerFor } from "./state.js";
import { isEmbedded } from "./embed.js";

export function hashOf(store, embedded) {
  const { name, year, group } = store.head.layers[store.layer];
  const [x, y, zoom] = store.viewNow();
  const state = new URLSearchParams({ m: name, v: [x, y, zoom.toFixed(2)].join(",") });
  if (year !== null) state.set("y", year);
  if (group) state.set("g", group);
  if (store.other >= 0) state.set("w", layerKey(store.head.layers[store.other]));
  if (store.other >= 0) state.set("p", String(Math.round(store.line)));
  if (store.range) state.set("r", store.range.map(endWords).join(","));
  if (store.focused >= 0) state.set("a", store.head.codes[store.focused]);
  if (store.classes.size) state.set("c", [...store.classes].join(","));
  if (store.selection.size && store.selection.size <= 60) {
    state.set("s", [...store.selection].map((area) => store.head.codes[area]).join(","));
  }
  return `#${embedded ? "embed&" : ""}${state}`;
}

// A layer by what it shows, since its place in the page may be another tomorrow.
function layerKey({ name, year, group }) {
  return [name, year ?? "", group ?? ""].join("~");
}

// What is compared, where the line stands, and the stretch that the histogram has picked out.
function readCompared(store, state) {
  const asked = state.get("w");
  store.other = store.head.layers.findIndex((layer, i) => i !== store.layer && layerKey(layer) === asked);
  const line = Number(state.get("p") ?? 50);
  store.line = line >= 0 && line <= 100 ? line : 50;
  const ends = (state.get("r") ?? "").split(",");
  const range = [ends[0] || "-Infinity", ends[1] || "Infinity"].map(Number);
  store.range = ends.length === 2 && range[0] <= range[1] ? range : null;
}

// An end that is open is not written.
function endWords(end) {
  return Number.isFinite(end) ? Number(end.toPrecision(6)) : "";
}

export function readHash(store) {
  const state = new URLSearchParams(location.hash.slice(1));
  const { head } = store;
  const name = state.get("m");
  const known = head.layers.some((layer) => layer.name === name);
  store.layer = known
    ? layerFor(head, { name, year: Number(state.get("y")), group: state.get("g") })
    : head.start;
  readCompared(store, state);
  store.focused = head.codes.indexOf(state.get("a"));
  const looks = labelsOf(store.style()).length;
  const classes = (state.get("c") ?? "").split(",").filter(Boolean).map(Number);
  store.classes = new Set(classes.filter((look) => Number.isInteger(look) && look in [...Array(looks)]));
  const places = new Map(head.codes.map((code, area) => [code, area]));
  const chosen = (state.get("s") ?? "").split(",").map((code) => places.get(code));
  store.selection = new Set(chosen.filter((area) => area !== undefined));
  const view = (state.get("v") ?? "").split(",").map(Number);
  return view.length === 3 && view.every(Number.isFinite) && onMap(store, view) ? view : null;
}

/** @param {any} store @param {number[]} view */
function onMap({ shapes }, [x, y]) {
  const [west, south, east, north] = boxAround(shapes, shapes.rings.keys());
  return boundsOf(shapes, [west, south, east, north]).pad(0.6).contains(shapes.unproject(x, y));
}

// Another address in the same page: as if it were opened there.
export function followHash(store, map) {
  window.addEventListener("hashchange", () => {
    const embedded = document.documentElement.classList.contains("embed");
    if (isEmbedded() !== embedded) return location.reload();
    const view = readHash(store);
    for (const what of ["layer", "other", "filter", "selection", "focus"]) store.tell(what);
    if (view) map.setView(store.shapes.unproject(view[0], view[1]), view[2], { animate: false });
  });
}

// In a frame without an origin the address cannot be written, and need not be.
export function keepHash(store) {
  let timer = 0;
  const write = () => {
    if (location.protocol === "about:") return;
    try {
      history.replaceState(null, "", hashOf(store, new URLSearchParams(location.hash.slice(1)).has("embed")));
    } catch {
      clearInterval(timer);
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, 300);
  };
  store.on((what) => what !== "hover" && later());
}
