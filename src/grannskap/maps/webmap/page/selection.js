// The selection: areas picked by hand, by search or by a polygon, and their balance.
// @ts-check

import { countWords, filled, ratioWords } from "./numbers.js";
import { ratioBounds } from "./bounds.js";
import { balanceInterval } from "./interval.js";
import { swerefOf } from "./sweref.js";
import { latLng, pointInRing } from "./shapes.js";
import { byId, element } from "./colours.js";
import { say } from "./search.js";
import { polygonsIn } from "./polygons.js";

export function addSelection(store) {
  const box = byId("balance");
  const choose = byId("choose");
  store.on((what) => {
    if (["selection", "layer"].includes(what)) box.replaceChildren(...balanceParts(store));
  });
  choose.addEventListener("click", () => {
    store.choosing = !store.choosing;
    choose.setAttribute("aria-pressed", store.choosing);
  });
  byId("clear").addEventListener("click", () => store.clear());
  byId("polygon").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = ""; // so that the same file can be chosen again
    if (file) await choosePolygon(store, file);
  });
  addDrop(store);
}

function addDrop(store) {
  const frame = byId("frame");
  frame.addEventListener("dragover", (event) => {
    event.preventDefault();
    frame.classList.add("dropping");
  });
  frame.addEventListener("dragleave", () => frame.classList.remove("dropping"));
  frame.addEventListener("drop", async (event) => {
    event.preventDefault();
    frame.classList.remove("dropping");
    const [file] = event.dataTransfer.files;
    if (file) await choosePolygon(store, file);
  });
}

// The counts that belong to the year and group shown; one set may serve all.
function countsFor(store) {
  const shown = store.head.layers[store.layer];
  const sameGroup = (set) => (shown.special ? set.group === shown.group : !set.special);
  const sameYear = (set) => shown.year === null || set.year === shown.year;
  const fits = (set) => set.year === null || (sameYear(set) && sameGroup(set));
  return store.head.counts.findIndex(fits);
}

function balanceParts(store) {
  const { words, selection } = store;
  if (!selection.size) return [element("p", words.selection_empty, "hint")];
  const counted = { n: countWords(selection.size, words), all: countWords(store.shapes.count, words) };
  const parts = [element("p", filled(words.selected, counted))];
  const set = countsFor(store);
  if (set >= 0) parts.unshift(...balanceOf(store, set));
  else if (store.head.counts.length) parts.push(element("p", words.no_counts, "hint"));
  return parts;
}

// What the chosen areas can sum to at least and at most; areas that nothing bounds are counted.
function chosenSums(store, set) {
  const side = (name) => {
    const least = store.columns.get(`counts${set}.${name}`);
    return { least, most: store.columns.get(`counts${set}.${name}_most`) ?? least };
  };
  const sides = { low: side("low"), high: side("high") };
  const sums = { low: [0, 0], high: [0, 0], hidden: 0, without: 0 };
  for (const area of store.selection) {
    if (!sides.low.least[area] || !sides.high.least[area]) {
      sums.without++;
      continue;
    }
    let exact = true;
    for (const [name, { least, most }] of Object.entries(sides)) {
      sums[name][0] += least[area] - 1;
      sums[name][1] += most[area] - 1;
      exact &&= least[area] === most[area];
    }
    if (!exact) sums.hidden++;
  }
  return sums;
}

function balanceOf(store, set) {
  const { words } = store;
  const sums = chosenSums(store, set);
  const counted = {
    low: rangeWords(sums.low, words),
    high: rangeWords(sums.high, words),
    hidden: countWords(sums.hidden, words),
    without: countWords(sums.without, words),
  };
  const left = sums.without ? [element("p", filled(words.without_counts, counted), "hint")] : [];
  if (!sums.low[1] && !sums.high[1]) return [element("p", words.no_counts, "hint"), ...left];
  const parts = [
    balanceHeadline(store, sums),
    element("p", filled(words.low_and_high, counted)),
    ...left,
  ];
  if (sums.hidden) parts.splice(2, 0, element("p", filled(words.hidden_counts, counted), "hint"));
  return parts;
}

// Where something is hidden, the bounds; the interval then holds those of both ends.
function balanceHeadline(store, { low, high }) {
  const { words, head, layer } = store;
  const ends = [low[0] / high[1], low[1] / high[0]];
  const confidence = head.layers[layer].confidence;
  const [lower] = balanceInterval(low[0], high[1], confidence);
  const [, upper] = balanceInterval(low[1], high[0], confidence);
  const said =
    ends[0] === ends[1] ? ratioWords(ends[0], words) : ratioBounds(store, ends) || words.no_counts;
  const interval = Number.isFinite(upper)
    ? `${ratioWords(lower, words)}–${ratioWords(upper, words)}`
    : filled(words.at_least, { least: ratioWords(lower, words) });
  const line = element("p", "", "card-value");
  line.append(element("strong", said), " ", element("span", `${store.intervalTitle()} ${interval}`, "hint"));
  return line;
}

/** @param {number[]} range @param {any} words */
function rangeWords([least, most], words) {
  const [from, to] = [countWords(least, words), countWords(most, words)];
  return least === most ? from : `${from}–${to}`;
}

// Select the areas whose inner point lies in a polygon file's polygons.
async function choosePolygon(store, file) {
  const { words, shapes } = store;
  const { polygons, refused } = await polygonsIn(file);
  if (refused) {
    say(words[refused]);
    return;
  }
  const chosen = [];
  for (let area = 0; area < shapes.count; area++) {
    const point = swerefInside(store, area);
    const times = polygons.map((rings) => rings.filter((ring) => pointInRing(ring, ...point)));
    if (times.some((rings) => rings.length % 2)) chosen.push(area);
  }
  store.selection.clear();
  store.toggle(chosen, true);
  say(filled(words.polygon_chosen, { n: countWords(chosen.length, words) }));
  if (chosen.length) store.show(chosen);
}

// A point inside an area, in SWEREF 99 TM whatever the map is in.
function swerefInside({ head, shapes }, area) {
  const [x, y] = shapes.inside;
  const { lat, lng } = latLng(shapes, x[area], y[area]);
  return head.basemap ? swerefOf([lng, lat]) : [lng, lat];
}
