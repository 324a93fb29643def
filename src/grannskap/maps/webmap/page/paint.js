// Painting on a canvas: for the country's map and for the picture that is saved.
// @ts-check

import { bordersBetween, eachPoint } from "./shapes.js";

const LEAST_PIXELS = 1.25;
const MANY = 2500;

// Paths for one scale: points are moved to a grid of a pixel or so, the same one for all areas,
// so that neighbours still share their border; points that then fall together are left out.
function pathsAt(store, size) {
  const level = Math.max(0, Math.floor(Math.log2(LEAST_PIXELS / size)));
  const paths = (store.paths ??= new Map());
  if (!paths.has(level)) paths.set(level, makePaths(store, thinned(store.shapes, 2 ** level)));
  return paths.get(level);
}

function makePaths({ head, shapes }, thin) {
  const places = head.municipality ? bordersBetween(shapes, head.municipality.of) : [];
  return {
    areas: thin.rings.map((rings) => ringsPath(thin, rings)),
    borders: arcsPath(thin, [...shapes.owners.keys()]),
    municipalities: arcsPath(thin, places),
  };
}

function thinned(shapes, least) {
  if (least <= 1) return shapes;
  const thin = {
    ...shapes,
    x: new Int32Array(shapes.x.length),
    y: new Int32Array(shapes.y.length),
    offsets: new Uint32Array(shapes.offsets.length),
  };
  for (let arc = 0; arc + 1 < shapes.offsets.length; arc++) {
    thin.offsets[arc + 1] = thinArc(shapes, arc, least, thin, thin.offsets[arc]);
  }
  return thin;
}

// Where the points that are kept end.
function thinArc(shapes, arc, least, thin, from) {
  let to = from;
  for (let i = shapes.offsets[arc]; i < shapes.offsets[arc + 1]; i++) {
    const px = Math.round(shapes.x[i] / least) * least;
    const py = Math.round(shapes.y[i] / least) * least;
    if (to > from && px === thin.x[to - 1] && py === thin.y[to - 1]) continue;
    thin.x[to] = px;
    thin.y[to] = py;
    to++;
  }
  return to;
}

// One path in steps; a canvas transform brings it to the screen.
function ringsPath(shapes, rings) {
  const path = new Path2D();
  for (const ring of rings) {
    let first = true;
    eachPoint(shapes, ring, (x, y) => {
      if (first) path.moveTo(x, y);
      else path.lineTo(x, y);
      first = false;
    });
    if (!first) path.closePath();
  }
  return path;
}

export function arcsPath(shapes, arcs) {
  const path = new Path2D();
  for (const arc of arcs) {
    const [from, to] = [shapes.offsets[arc], shapes.offsets[arc + 1]];
    path.moveTo(shapes.x[from], shapes.y[from]);
    for (let i = from + 1; i < to; i++) path.lineTo(shapes.x[i], shapes.y[i]);
  }
  return path;
}

// Where steps lie on the canvas: pixels per step, and the pixel of the origin.
export function stepsToLayer(map, shapes, corner) {
  const [east, north, step] = shapes.grid;
  const crs = map.options.crs;
  const scale = crs.scale(map.getZoom());
  const place = (x, y) => crs.transformation.transform(L.point(x, y), scale);
  const origin = place(east, north).subtract(map.getPixelOrigin()).subtract(corner);
  const size = place(east + step, north).x - place(east, north).x;
  return { x: origin.x, y: origin.y, size };
}

export function setSteps(context, view, ratio) {
  const { x, y, size } = view;
  context.setTransform(size * ratio, 0, 0, -size * ratio, x * ratio, y * ratio);
}

// Areas one by one, class by class: many small fills are faster than a few vast ones.
export function paintAreas(context, store, view, { ratio, width, height }) {
  const { x, y, size } = view;
  const paths = pathsAt(store, size * ratio);
  const seen = [-x / size, (y - height) / size, (width - x) / size, y / size];
  const visible = visibleAreas(store.shapes, seen);
  const looks = new Map();
  for (const area of visible) {
    const look = store.lookOf(area);
    if (!looks.has(look)) looks.set(look, []);
    looks.get(look).push(area);
  }
  setSteps(context, view, ratio);
  context.lineJoin = "round";
  // Where two fills meet, both are half transparent: a line below lets nothing shine through.
  if (visible.length <= MANY) {
    context.strokeStyle = store.colours.border;
    context.lineWidth = 1.5 / size;
    context.stroke(paths.borders);
  }
  for (const [look, areas] of looks) {
    context.fillStyle = store.fillOf(look, context);
    for (const area of areas) context.fill(paths.areas[area]);
  }
  paintBorders(context, store, paths, view, visible.length);
}

/** @param {any} shapes @param {number[]} box */
function visibleAreas(shapes, [west, south, east, north]) {
  const found = [];
  shapes.boxes.forEach((box, area) => {
    if (box[0] < east && box[2] > west && box[1] < north && box[3] > south) found.push(area);
  });
  return found;
}

// Borders cover the seams between fills; thousands on one screen are drawn thin and pale, so
// that they do not hide the colours.
function paintBorders(context, store, paths, view, areas) {
  const many = areas > MANY;
  context.strokeStyle = store.colours.border;
  context.globalAlpha = many ? 0.35 : 1;
  context.lineWidth = (many ? 0.5 : 0.6) / view.size;
  context.stroke(paths.borders);
  context.globalAlpha = 1;
  context.strokeStyle = store.colours.municipality;
  context.lineWidth = (many ? 0.4 : 1.2) / view.size;
  context.stroke(paths.municipalities);
}
