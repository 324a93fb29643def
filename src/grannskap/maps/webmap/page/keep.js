// What was chosen, taken home: as a piece of the project file, and as a file of polygons.
// @ts-check

import { byId } from "./colours.js";
import { filled } from "./numbers.js";
import { swerefOf } from "./sweref.js";
import { eachPoint, pointInRing } from "./shapes.js";
import { say } from "./search.js";
import { fileWords, save } from "./save.js";

export function addKeeping(store) {
  const name = byId("place-name");
  const keep = byId("keep");
  byId("copy-place").addEventListener("click", () => copyPlace(store, name));
  byId("save-selection").addEventListener("click", () => {
    const text = JSON.stringify(selectedPolygons(store, name.value.trim()));
    save(new Blob([text], { type: "application/geo+json" }), selectionName(store, name.value.trim()));
  });
  store.on((what) => {
    if (what !== "selection") return;
    keep.hidden = !store.selection.size;
    byId("copied").hidden = true;
  });
}

function copyPlace(store, input) {
  const name = input.value.trim();
  if (!name) {
    say(store.words.name_wanted);
    input.focus();
    return;
  }
  const box = byId("copied");
  box.textContent = placePiece(store, name);
  box.hidden = false;
  const range = document.createRange();
  range.selectNodeContents(box);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.execCommand("copy");
  say(filled(store.words.place_copied, { name }));
}

// As TOML reads it: JSON's strings are TOML's basic strings, but for the mark of deletion.
function placePiece({ head, selection }, name) {
  const quoted = (text) => JSON.stringify(text).replaceAll("\u007f", "\\u007f");
  const codes = [...selection].sort((a, b) => a - b).map((area) => head.codes[area]);
  const lines = [];
  for (let i = 0; i < codes.length; i += 6) {
    lines.push(`    ${codes.slice(i, i + 6).map(quoted).join(", ")},`);
  }
  return ["[[neighbourhoods]]", `name = ${quoted(name)}`, "areas = [", ...lines, "]", ""].join("\n");
}

function selectionName(store, name) {
  return `${fileWords(name || `${document.title} ${store.words.selection}`)}.geojson`;
}

// Areas as the page draws them (simplified), in SWEREF 99 TM, which the file declares.
function selectedPolygons(store, name) {
  const { head, selection, shapes } = store;
  const features = [...selection].sort((a, b) => a - b).map((area) => ({
    type: "Feature",
    properties: { deso: head.codes[area], name: store.name(area), neighbourhood: name },
    geometry: { type: "MultiPolygon", coordinates: polygonsAround(store, shapes.rings[area]) },
  }));
  return {
    type: "FeatureCollection",
    name: name || document.title,
    crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::3006" } },
    features,
  };
}

// Rings that lie in an odd number of the others are holes in the smallest that holds them.
function polygonsAround(store, rings) {
  const corners = rings.map((ring) => ringCorners(store, ring));
  const holders = corners.map((ring) =>
    corners.filter((other) => other !== ring && pointInRing(other, ...ring[0])),
  );
  const polygons = new Map();
  corners.forEach((ring, i) => {
    if (holders[i].length % 2 === 0) polygons.set(ring, [turned(ring, 1)]);
  });
  corners.forEach((ring, i) => {
    if (holders[i].length % 2 === 0) return;
    const around = holders[i].reduce((a, b) => (Math.abs(ringArea(b)) < Math.abs(ringArea(a)) ? b : a));
    polygons.get(around)?.push(turned(ring, -1));
  });
  return [...polygons.values()];
}

function ringCorners({ head, shapes }, ring) {
  const [east, north, step] = shapes.grid;
  const points = [];
  eachPoint(shapes, ring, (x, y) => {
    const at = [east + x * step, north + y * step];
    if (!head.basemap) points.push(at.map((metres) => Math.round(metres * 10) / 10));
    else {
      const { lat, lng } = shapes.unproject(...at);
      points.push(swerefOf([lng, lat]).map((metres) => Math.round(metres * 10) / 10));
    }
  });
  return points;
}

function ringArea(ring) {
  return ring.reduce((sum, [x, y], i) => {
    const [px, py] = ring[(i || ring.length) - 1];
    return sum + (px * y - x * py) / 2;
  }, 0);
}

// Closed, and counter-clockwise outside, clockwise around holes, as the format wants.
function turned(ring, sign) {
  const right = Math.sign(ringArea(ring)) === sign ? ring : ring.toReversed();
  return [...right, right[0]];
}
