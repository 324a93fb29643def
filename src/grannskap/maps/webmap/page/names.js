// Names of places on the map: more of them the closer one looks, none over another.
// @ts-check

import { boxAround } from "./shapes.js";
import { stepsToLayer } from "./paint.js";
import { MapCanvas } from "./canvas.js";
import { toggled } from "./marks.js";

const NAME_SIZE = 12;
const NAME_GAP = 6;

export function addNames(store, map) {
  const places = namedPlaces(store);
  if (!places.length) return;
  const pane = map.createPane("names");
  pane.style.zIndex = 460;
  pane.style.pointerEvents = "none";
  const canvas = new MapCanvas((pen, corner, size) => writeNames(store, map, places, { pen, corner, size }), {
    pane: "names",
  });
  toggled(map, store.words.place_names, [canvas], { kind: "names" });
  store.on((what) => what === "names" && map.hasLayer(canvas) && canvas.paint());
}

// Municipalities, where there are several, stand before RegSO; the larger before the smaller.
function namedPlaces(store) {
  const { municipality, regso } = store.head;
  const kinds = [];
  if (municipality && municipality.names.length > 1) kinds.push({ ...municipality, weight: 600 });
  if (regso) kinds.push({ ...regso, weight: 400 });
  return kinds.flatMap(({ names, of, weight }) => {
    const members = names.map(() => []);
    of.forEach((place, area) => members[place]?.push(area));
    const places = names.map((name, i) => placeNamed(store, name, members[i], weight));
    return places.filter((place) => place.name && place.box[0] < place.box[2]).sort((a, b) => sideOf(b) - sideOf(a));
  });
}

function sideOf({ box }) {
  return (box[2] - box[0]) * (box[3] - box[1]);
}

// A name stands inside the area of its place that lies nearest to the middle.
function placeNamed({ shapes }, name, areas, weight) {
  const box = boxAround(shapes, areas);
  const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const away = (area) =>
    Math.hypot(shapes.inside[0][area] - middle[0], shapes.inside[1][area] - middle[1]);
  const nearest = areas.reduce((a, b) => (away(b) < away(a) ? b : a), areas[0]);
  return { name, weight, box, x: shapes.inside[0][nearest], y: shapes.inside[1][nearest] };
}

function writeNames(store, map, every, { pen, corner, size }) {
  const said = new Set(labelNodes(map).map((node) => node.textContent));
  const places = every.filter(({ name }) => !said.has(name));
  const view = stepsToLayer(map, store.shapes, corner);
  const shift = map.containerPointToLayerPoint([0, 0]).subtract(corner);
  const taken = labelBoxes(map).map(([l, t, r, b]) => [l + shift.x, t + shift.y, r + shift.x, b + shift.y]);
  pen.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  for (const place of places) {
    const [x, y] = [view.x + place.x * view.size, view.y - place.y * view.size];
    pen.font = `${place.weight} ${NAME_SIZE}px system-ui, sans-serif`;
    const half = pen.measureText(place.name).width / 2 + NAME_GAP / 2;
    const box = [x - half, y - NAME_SIZE / 2 - 2, x + half, y + NAME_SIZE / 2 + 2];
    const room = (place.box[2] - place.box[0]) * view.size;
    const outside = box[2] < 0 || box[0] > size.width || box[3] < 0 || box[1] > size.height;
    if (outside || 2 * half > room || taken.some((other) => meets(box, other))) continue;
    taken.push(box);
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = 3;
    pen.strokeText(place.name, x, y);
    pen.fillStyle = "#1a1c1f";
    pen.fillText(place.name, x, y);
  }
}

function meets(a, b) {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}

// The labels of rings and overlays that are seen, and where they stand in the map.
function labelNodes(map) {
  const labels = ".highlight-label:not(.covered), .overlay-label:not(.covered)";
  return [...map.getPane("tooltipPane").querySelectorAll(labels)];
}

function labelBoxes(map) {
  const frame = map.getContainer().getBoundingClientRect();
  return labelNodes(map).map((node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top];
  });
}
