// The page: read the payload, draw the map, and let every part follow the store.
// @ts-check

import { readPayload } from "./decode.js";
import { filled } from "./numbers.js";
import { boundsOf, boxAround, latLng } from "./shapes.js";
import { addColours, byId, element, readColours } from "./colours.js";
import { vectorAreas } from "./vectors.js";
import { canvasAreas } from "./canvas.js";
import { addMarks } from "./marks.js";
import { addFrontiers } from "./frontiers.js";
import { addCard } from "./card.js";
import { addLegend } from "./legend.js";
import { addTable } from "./table.js";
import { addSearch, say } from "./search.js";
import { addSelection } from "./selection.js";
import { addHistogram } from "./histogram.js";
import { addScatter } from "./scatter.js";
import { addCompare, sideTitle, sides } from "./compare.js";
import { addMultiples } from "./multiples.js";
import { addKeeping } from "./keep.js";
import { addSaving } from "./save.js";
import { followHash, keepHash, readHash } from "./link.js";
import { layerFor, layerTitle, makeStore } from "./state.js";
import { addEmbed, isEmbedded, listenForHost, markEmbedded } from "./embed.js";

function projectionOf({ basemap }) {
  if (basemap) {
    const mercator = L.Projection.SphericalMercator;
    return {
      project: (latlng) => mercator.project(latlng),
      unproject: (x, y) => mercator.unproject(L.point(x, y)),
    };
  }
  return {
    project: (latlng) => ({ x: latlng.lng, y: latlng.lat }),
    unproject: (x, y) => L.latLng(y, x),
  };
}

async function start() {
  const payload = byId("payload");
  const data = await readPayload(payload.textContent);
  const store = makeStore(data);
  const map = window.grannskapMap;
  Object.assign(store.shapes, projectionOf(store.head));
  addColours(store);
  const view = readHash(store);
  addPart(store, () => [addChoosers(store), addLegend(store)]);
  frameMap(store, map, view);
  const areas = store.large ? canvasAreas(store, map) : vectorAreas(store, map);
  store.on((what) => (what === "layer" || what === "filter") && areas.refresh());
  addPart(store, () => [addTooltip(store, map), addMarks(store, map), addFrontiers(store, map)]);
  byId("frame").dataset.shapes = areas.count;
  byId("wait").remove();
  await painted();
  document.documentElement.dataset.ready = "true";
  await addTheRest(store, map);
}

// The map is there: what stands beside it follows piece by piece, the table last.
async function addTheRest(store, map) {
  const first = () => [addCard(store), addKeys(store), followSurroundings(store)];
  const last = () => [keepHash(store), followHash(store, map)];
  const parts = isEmbedded()
    ? [() => [addEmbed(store, map), ...first()], last]
    : [
        first,
        () => [addCompare(store, map), addMultiples(store), addSelection(store), addKeeping(store)],
        () => [addHistogram(store), addScatter(store)],
        () => addSearch(store),
        () => [addSaving(store, map, addTable(store)), ...last()],
      ];
  // On a large map these take so long that the pointer's first move over it comes before them.
  if (store.large) await pause(200);
  for (const part of parts) {
    await idle();
    addPart(store, part);
  }
  document.documentElement.dataset.whole = "true";
}

// A part that comes later is told what the others know already.
function addPart(store, add) {
  const before = store.listeners.length;
  add();
  const added = store.listeners.slice(before);
  for (const what of ["layer", "focus", "selection"]) added.forEach((listener) => listener(what));
}

// After the next frame; frames that nobody sees are not drawn, and are not waited for.
function painted() {
  return new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 2000);
  });
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function idle() {
  /** @type {any} */
  const soon = window.requestIdleCallback ?? setTimeout;
  return new Promise((done) => soon(() => done(), { timeout: 200 }));
}

function frameMap(store, map, view) {
  const { shapes, words } = store;
  const everything = boundsOf(shapes, boxAround(shapes, shapes.rings.keys()));
  const first = store.head.frame ? boundsOf(shapes, store.head.frame) : everything;
  const show = (bounds) => map.fitBounds(bounds, { padding: [16, 16], animate: false });
  show(first);
  followSize(map, () => show(first));
  map.setMinZoom(map.getZoom() - 1);
  map.setMaxBounds(everything.pad(0.6));
  if (view) map.setView(shapes.unproject(view[0], view[1]), view[2], { animate: false });
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  addNorth(map, words);
  if (store.head.basemap) addBasemap(store.head.basemap, map, words);
  store.show = (areas) => {
    const bounds = boundsOf(shapes, boxAround(shapes, areas));
    map.fitBounds(bounds.pad(0.6), { animate: !calm() });
  };
  store.viewNow = () => {
    const { x, y } = shapes.project(map.getCenter());
    return [Math.round(x), Math.round(y), map.getZoom()];
  };
  map.on("moveend", () => store.tell("view"));
  store.on((what) => what === "zoom" && store.focused >= 0 && store.show([store.focused]));
  byId("reset").addEventListener("click", () => {
    Object.assign(store, { classes: new Set(), range: null, points: null, hovered: -1 });
    store.tell("filter");
    store.clear();
    store.focus(-1);
    store.compare(-1);
    store.choose(store.head.start);
    show(first);
    say("");
  });
}

// The page around the map may settle later than the map; until someone moves it, it stays whole.
function followSize(map, showAll) {
  let moved = false;
  map.on("zoomstart dragstart", () => (moved = true));
  const refit = () => {
    const { clientWidth, clientHeight } = map.getContainer();
    if (map.getSize().equals([clientWidth, clientHeight])) return;
    const before = moved;
    map.invalidateSize({ animate: false, pan: false });
    if (!before) showAll();
    moved = before;
  };
  new ResizeObserver(refit).observe(map.getContainer());
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function addNorth(map, words) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const arrow = element("div", "N", "north");
    arrow.setAttribute("role", "img");
    arrow.setAttribute("aria-label", words.north);
    return arrow;
  };
  control.addTo(map);
}

// Tiles under the areas, their provider's words, and that the page calls out.
function addBasemap({ name, url, attribution, most_zoom: maxZoom }, map, words) {
  L.tileLayer(url, { maxZoom }).addTo(map);
  map.getContainer().classList.add("over-tiles");
  const control = L.control({ position: "bottomleft" });
  const said = `${attribution}. ${filled(words.calls_out, { name })}`;
  control.onAdd = () => element("div", said, "attribution");
  control.addTo(map);
}

// A few words at the pointer; the card has the rest.
function addTooltip(store, map) {
  const text = document.createElement("span");
  const tip = L.tooltip({ className: "tip", direction: "top", offset: [0, -6] }).setContent(text);
  const leave = () => tip.remove();
  map.on("mousemove", (event) => {
    if (store.hovered >= 0) tip.setLatLng(event.latlng);
  });
  store.on((what) => {
    if (what !== "hover" && what !== "layer") return;
    if (store.hovered < 0) return leave();
    const value = element("strong", tipWords(store, store.hovered));
    const name = store.name(store.hovered) || store.head.codes[store.hovered];
    text.replaceChildren(value, " ", name);
    const [x, y] = store.shapes.inside;
    if (!map.hasLayer(tip)) {
      tip.setLatLng(latLng(store.shapes, x[store.hovered], y[store.hovered])).addTo(map);
    }
    tip.update();
  });
}

// Where two maps stand side by side, the area's value on both.
function tipWords(store, area) {
  const said = (layer) => {
    const words = store.value(area, layer);
    return words === "–" ? store.status(area, layer) : words;
  };
  if (store.other < 0) return said(store.layer);
  return sides(store).map((layer) => `${sideTitle(store, layer)}: ${said(layer)}`).join(" | ");
}

function addChoosers(store) {
  const { layers } = store.head;
  const [name, group] = ["indicator", "group"].map((id) => byId(id));
  const slider = addYears(store, () => choose());
  const choose = () => {
    const wanted = { name: name.value, year: slider.year(), group: group.value };
    store.choose(layerFor(store.head, wanted));
  };
  fillChoices(name, unique(layers.map((layer, i) => [layer.name, store.style(i).title])));
  const groups = unique(layers.map((layer) => [layer.group, layer.group]));
  fillChoices(group, groups.filter(([value]) => value));
  for (const select of [name, group]) select.addEventListener("change", choose);
  const more = byId("choices");
  more.addEventListener("click", () => {
    const open = more.getAttribute("aria-expanded") !== "true";
    more.setAttribute("aria-expanded", String(open));
  });
  store.on((what) => {
    if (what !== "layer") return;
    name.value = layers[store.layer].name;
    group.value = layers[store.layer].group;
    slider.show(layers[store.layer].year);
    showChoice(store);
  });
}

function fillChoices(select, options) {
  for (const [value, text] of options) select.append(new Option(text, value));
  select.closest("label").hidden = options.length < 2;
}

// Years lie on a line of their own: arrows, Home and End go along it.
function addYears({ head }, choose) {
  const years = [...new Set(head.layers.map(({ year }) => year))].filter((year) => year !== null);
  years.sort((a, b) => a - b);
  const slider = byId("year");
  const said = byId("year-said");
  slider.max = Math.max(0, years.length - 1);
  slider.closest("label").hidden = years.length < 2;
  const ticks = years.map((year) => element("span", year));
  byId("year-ticks").replaceChildren(...ticks);
  slider.addEventListener("input", choose);
  const show = (year) => {
    slider.disabled = year === null;
    if (year !== null) slider.value = years.indexOf(year);
    slider.setAttribute("aria-valuetext", year ?? "–");
    said.textContent = year ?? "–";
    ticks.forEach((tick, i) => tick.classList.toggle("current", years[i] === year));
  };
  return { year: () => (slider.disabled ? null : years[slider.value]), show };
}

function unique(pairs) {
  return [...new Map(pairs)];
}

function showChoice(store) {
  const style = store.style();
  const subject = layerTitle(store, store.layer, !yearIsSaid(store));
  const said = [document.title, style.unit, style.title, subject];
  const under = said.includes(style.subtitle) ? "" : style.subtitle;
  const title = byId("subject");
  title.replaceChildren(subject, " ", element("small", isEmbedded() ? document.title : under));
  byId("caption").textContent = style.caption;
  byId("source").textContent = style.source || store.head.source;
  const legend = byId("legend-title");
  legend.textContent = style.unit || store.words.legend;
  legend.classList.toggle("unseen", isEmbedded() && !style.unit);
  const map = byId("map_grannskap");
  map.setAttribute("aria-label", style.alt || `${store.words.map}: ${subject}`);
}

// One year for all, which the page's title says; embedded the title stands beside it.
function yearIsSaid({ head, layer }) {
  const { year } = head.layers[layer];
  const one = isEmbedded() || head.layers.every((other) => other.year === year);
  return one && new RegExp(`\\b${year}\\b`).test(document.title);
}

// Escape closes the card wherever one is, and where none is open lets all classes be seen again.
function addKeys(store) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement?.id !== "search") {
      if (store.focused < 0 && store.classes.size) store.filter({ classes: new Set() });
      store.hovered = -1;
      store.focus(-1);
    }
  });
}

function followSurroundings(store) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    store.colours = readColours();
    store.tell("layer");
  });
}

markEmbedded();
listenForHost();
start().catch((error) => {
  byId("wait").textContent = `${error.message}`;
  throw error;
});
