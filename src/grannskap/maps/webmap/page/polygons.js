// Polygons of a GeoJSON file, in SWEREF 99 TM; or why it cannot be used, as a name of our words.
// @ts-check

import { swerefOf } from "./sweref.js";

const POLYGON_BYTES = 20e6;
const POLYGON_POINTS = 200_000;
const POLYGON_DEPTH = 20;

// The names by which files declare the coordinates that are read.
const WGS84 = /(^|[:/])(CRS:?84|(EPSG(:|::|:[\d.]*:|\/[\d.]+\/))?4326)$/i;
const SWEREF99TM = /(^|[:/])(EPSG(:|::|:[\d.]*:|\/[\d.]+\/))?3006$/i;

export async function polygonsIn(file) {
  if (file.size > POLYGON_BYTES) return { refused: "polygon_large" };
  let json;
  try {
    json = JSON.parse((await file.text()).replace(/^\ufeff/, ""));
  } catch {
    return { refused: "polygon_refused" };
  }
  const polygons = polygonsOf(json, 0);
  if (!polygons.length) return { refused: "polygon_refused" };
  const points = polygons.reduce((n, rings) => n + rings.reduce((m, ring) => m + ring.length, 0), 0);
  if (points > POLYGON_POINTS) return { refused: "polygon_large" };
  const found = { polygons, refused: "" };
  return polygons.every(isPolygon) ? inMetres(found, json) : { refused: "polygon_broken" };
}

// What is no polygon is passed over: features without geometry, points and lines.
function polygonsOf(part, depth) {
  if (part === null || typeof part !== "object" || depth > POLYGON_DEPTH) return [];
  const each = (parts) =>
    (Array.isArray(parts) ? parts : []).flatMap((one) => polygonsOf(one, depth + 1));
  if (part.type === "FeatureCollection") return each(part.features);
  if (part.type === "Feature") return polygonsOf(part.geometry ?? null, depth + 1);
  if (part.type === "GeometryCollection") return each(part.geometries);
  if (part.type === "Polygon") return [ringsOfPolygon(part.coordinates)];
  if (part.type !== "MultiPolygon") return [];
  return Array.isArray(part.coordinates) ? part.coordinates.map(ringsOfPolygon) : [[]];
}

function ringsOfPolygon(rings) {
  return Array.isArray(rings) ? rings.map((ring) => (Array.isArray(ring) ? ring : [])) : [];
}

// A ring needs three corners, and comes back to where it began.
function isPolygon(rings) {
  const isPoint = (point) => Array.isArray(point) && point.length >= 2 &&
    Number.isFinite(point[0]) && Number.isFinite(point[1]);
  const closed = (ring) => ring[0][0] === ring.at(-1)[0] && ring[0][1] === ring.at(-1)[1];
  return rings.length > 0 &&
    rings.every((ring) => ring.length >= 4 && ring.every(isPoint) && closed(ring));
}

// In the coordinates that the file declares; without a word, those that lie in Sweden.
function inMetres({ polygons }, json) {
  const declared = declaredCrs(json);
  if (declared !== null && !WGS84.test(declared) && !SWEREF99TM.test(declared)) {
    return { refused: "polygon_crs" };
  }
  const within = ([west, south, east, north]) => (turned) =>
    polygons.every((rings) => rings.every((ring) => ring.every((point) => {
      const [x, y] = turned ? [point[1], point[0]] : point;
      return x >= west && x <= east && y >= south && y <= north;
    })));
  const degrees = within([4, 54, 30, 72]);
  const metres = within([100_000, 5_900_000, 1_200_000, 7_900_000]);
  const isDegrees = declared === null ? degrees(false) : WGS84.test(declared);
  if (isDegrees ? degrees(false) : metres(false)) {
    const point = ([x, y]) => (isDegrees ? swerefOf([x, y]) : [x, y]);
    return { polygons: polygons.map((rings) => rings.map((ring) => ring.map(point))), refused: "" };
  }
  return { refused: degrees(true) || metres(true) ? "polygon_swapped" : "polygon_elsewhere" };
}

function declaredCrs(json) {
  const crs = json.crs ?? null;
  if (crs === null) return null;
  const name = crs.properties?.name ?? crs.properties?.code ?? crs.properties?.href ?? crs;
  return typeof name === "string" || typeof name === "number" ? String(name).trim() : "?";
}
