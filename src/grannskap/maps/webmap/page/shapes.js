// Areas as rings of arcs. Every shared border is one arc, so neighbours stay neighbours.
// Points are whole steps from the grid's origin, eastwards and northwards.
// @ts-check

import { sums } from "./decode.js";

export function decodeShapes({ head, columns }) {
  const column = (name) => columns.get(`border.${name}`);
  const [x, y] = [sums(column("x")), sums(column("y"))];
  const offsets = runningSum(column("lengths"));
  const arcs = sums(column("arcs"));
  const shapes = {
    count: head.codes.length,
    grid: head.grid,
    x,
    y,
    offsets,
    rings: ringsOf(column("rings"), column("parts"), arcs, column("backwards")),
    inside: [sums(columns.get("inside.x")), sums(columns.get("inside.y"))],
  };
  shapes.owners = ownersOf(shapes.rings, offsets.length - 1);
  const arcBoxes = Array.from({ length: offsets.length - 1 }, (_, arc) => arcBox(shapes, arc));
  shapes.boxes = shapes.rings.map((rings) => boxOf(arcBoxes, rings));
  return shapes;
}

export function runningSum(lengths) {
  const offsets = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => (offsets[i + 1] = offsets[i] + length));
  return offsets;
}

// Per area its rings, per ring its arcs: n forwards, ~n backwards.
function ringsOf(ringCounts, partCounts, arcs, backwards) {
  let ring = 0;
  let part = 0;
  return Array.from(ringCounts, (count) =>
    Array.from({ length: count }, () =>
      Array.from({ length: partCounts[ring++] }, () => {
        const arc = backwards[part] ? ~arcs[part] : arcs[part];
        part++;
        return arc;
      }),
    ),
  );
}

// The one or two areas on the sides of every arc (more where areas overlap).
function ownersOf(rings, arcCount) {
  const owners = Array.from({ length: arcCount }, () => []);
  rings.forEach((ofArea, area) => {
    for (const ring of ofArea) for (const arc of ring) owners[arc < 0 ? ~arc : arc].push(area);
  });
  return owners;
}

function arcBox({ x, y, offsets }, arc) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = offsets[arc]; i < offsets[arc + 1]; i++) grow(box, x[i], y[i]);
  return box;
}

function boxOf(arcBoxes, rings) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (const arc of ring) {
      const ofArc = arcBoxes[arc < 0 ? ~arc : arc];
      grow(box, ofArc[0], ofArc[1]);
      grow(box, ofArc[2], ofArc[3]);
    }
  }
  return box;
}

function grow(box, x, y) {
  if (x < box[0]) box[0] = x;
  if (y < box[1]) box[1] = y;
  if (x > box[2]) box[2] = x;
  if (y > box[3]) box[3] = y;
}

// Walk a ring once round; the point that two arcs share is met once.
export function eachPoint(shapes, ring, visit) {
  const { x, y, offsets } = shapes;
  for (const arc of ring) {
    const number = arc < 0 ? ~arc : arc;
    const [from, to] = [offsets[number], offsets[number + 1]];
    if (arc < 0) for (let i = to - 1; i > from; i--) visit(x[i], y[i]);
    else for (let i = from; i < to - 1; i++) visit(x[i], y[i]);
  }
}

export function latLng(shapes, x, y) {
  const [east, north, step] = shapes.grid;
  return shapes.unproject(east + x * step, north + y * step);
}

export function ringLatLngs(shapes, ring) {
  const points = [];
  eachPoint(shapes, ring, (x, y) => points.push(latLng(shapes, x, y)));
  return points;
}

export function arcLatLngs(shapes, arc) {
  const points = [];
  for (let i = shapes.offsets[arc]; i < shapes.offsets[arc + 1]; i++) {
    points.push(latLng(shapes, shapes.x[i], shapes.y[i]));
  }
  return points;
}

// The outline of several areas together: arcs that an odd number of them has.
export function outline(shapes, areas) {
  const times = new Map();
  for (const area of areas) {
    for (const ring of shapes.rings[area]) {
      for (const arc of ring) {
        const number = arc < 0 ? ~arc : arc;
        times.set(number, (times.get(number) ?? 0) + 1);
      }
    }
  }
  return [...times].filter(([, n]) => n % 2).map(([arc]) => arc);
}

// Arcs between areas whose places differ, and the outer rim: municipality borders.
export function bordersBetween(shapes, placeOf) {
  const arcs = [];
  shapes.owners.forEach((areas, arc) => {
    if (areas.length === 2 && placeOf[areas[0]] !== placeOf[areas[1]]) arcs.push(arc);
  });
  return arcs;
}

export function boxAround(shapes, areas) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const area of areas) {
    const [west, south, east, north] = shapes.boxes[area];
    grow(box, west, south);
    grow(box, east, north);
  }
  return box;
}

/** @param {any} shapes @param {number[]} box */
export function boundsOf(shapes, [west, south, east, north]) {
  return L.latLngBounds(latLng(shapes, west, south), latLng(shapes, east, north));
}

// The area that holds a point (even–odd rule), or −1.
export function areaAt(shapes, x, y) {
  for (let area = shapes.count - 1; area >= 0; area--) {
    const [west, south, east, north] = shapes.boxes[area];
    if (x < west || x > east || y < south || y > north) continue;
    if (isInside(shapes, shapes.rings[area], x, y)) return area;
  }
  return -1;
}

function isInside(shapes, rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    const points = [];
    eachPoint(shapes, ring, (px, py) => points.push([px, py]));
    if (pointInRing(points, x, y)) inside = !inside;
  }
  return inside;
}

export function pointInRing(points, x, y) {
  let inside = false;
  let [beforeX, beforeY] = points[points.length - 1];
  for (const [px, py] of points) {
    const crosses = py > y !== beforeY > y;
    if (crosses && x < ((beforeX - px) * (y - py)) / (beforeY - py) + px) inside = !inside;
    [beforeX, beforeY] = [px, py];
  }
  return inside;
}
