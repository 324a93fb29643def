// The map as a picture that can stand alone in a report.
// @ts-check

import { sums } from "./decode.js";
import { outline } from "./shapes.js";
import { byId } from "./colours.js";
import { FRONTIER_SCALE, STROKE } from "./frontiers.js";
import { arcsPath, paintAreas, setSteps, stepsToLayer } from "./paint.js";
import { sideTitle, sides } from "./compare.js";
import { fileName, save, today } from "./save.js";
import { layerTitle, storeAt } from "./state.js";

const PICTURE_TOP = 64;
const PICTURE_SIDE = 250;

// The picture holds what a report needs: title, map, legend, scale bar and source.
export function savePicture(store, map) {
  const size = map.getSize();
  const ratio = 2;
  const tall = size.y + PICTURE_TOP + 40;
  const canvas = document.createElement("canvas");
  canvas.width = (size.x + PICTURE_SIDE) * ratio;
  canvas.height = tall * ratio;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const corner = map.containerPointToLayerPoint([0, 0]);
  const view = stepsToLayer(map, store.shapes, corner);
  view.y += PICTURE_TOP;
  pen.save();
  pen.beginPath();
  pen.rect(0, PICTURE_TOP * ratio, size.x * ratio, size.y * ratio);
  pen.clip();
  paintAreas(pen, store, view, { ratio, width: size.x, height: size.y + PICTURE_TOP });
  pictureOther(store, pen, view, { ratio, width: size.x, height: size.y + PICTURE_TOP });
  pictureFrontiers(store, pen, view, ratio);
  pictureOverlays(store, pen, view, ratio);
  pictureDots(store, pen, view);
  pictureHighlights(store, pen, view, ratio);
  pen.restore();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pictureWords(store, map, pen, size, tall);
  canvas.toBlob((blob) => save(blob, fileName(store, "png")));
}

// The other side of the line, where two maps are compared, and which is which.
function pictureOther(store, pen, view, size) {
  if (store.other < 0) return;
  const { ratio, width, height } = size;
  const x = (width * store.line) / 100;
  const [left, right] = sides(store);
  pen.save();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.beginPath();
  pen.rect(left === store.other ? 0 : x, 0, left === store.other ? x : width - x, height);
  pen.clip();
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, width, height);
  paintAreas(pen, storeAt(store, store.other), view, size);
  pen.restore();
  pen.save();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = "#111111";
  pen.fillRect(x - 1.5, PICTURE_TOP, 3, height);
  pen.font = "600 14px system-ui, sans-serif";
  const [before, after] = [left, right].map((layer) => sideTitle(store, layer));
  pen.fillText(before, x - pen.measureText(before).width - 10, PICTURE_TOP + 20);
  pen.fillText(after, x + 10, PICTURE_TOP + 20);
  pen.restore();
}

function pictureDots(store, pen, view) {
  const ink = "#111111";
  pictureMarks(store, pen, view, { marked: store.bounded, line: ink, fill: "#ffffff", radius: 3 });
  pictureMarks(store, pen, view, { marked: store.doubtful, line: "#ffffff", fill: ink, radius: 2.2 });
}

function pictureMarks(store, pen, view, { marked, line, fill, radius }) {
  const [x, y] = store.shapes.inside;
  pen.lineWidth = 1.2 / view.size;
  pen.strokeStyle = line;
  pen.fillStyle = fill;
  for (let area = 0; area < store.shapes.count; area++) {
    if (!marked(area)) continue;
    pen.beginPath();
    pen.arc(x[area], y[area], radius / view.size, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
}

function pictureHighlights(store, pen, view, ratio) {
  store.head.highlights.forEach((highlight, i) => {
    if (!isShown(highlight.name)) return;
    const areas = [...store.columns.get(`highlight${i}.areas`)];
    const path = highlight.whole
      ? arcsPath(store.shapes, outline(store.shapes, areas))
      : linesPath(store, `highlight${i}`);
    const strokes = [
      { colour: "#ffffff", width: 6 },
      { colour: "#111111", width: 2.8 },
    ];
    for (const { colour, width } of strokes) {
      pen.strokeStyle = colour;
      pen.lineWidth = width / view.size;
      pen.stroke(path);
    }
    if (highlight.polygon) pictureDashes(store, pen, view, `highlight${i}.polygon`);
  });
  pictureLabels(pen, ratio);
}

function pictureDashes(store, pen, view, key) {
  pen.strokeStyle = "#111111";
  pen.lineWidth = 1.4 / view.size;
  pen.setLineDash([6 / view.size, 4 / view.size]);
  pen.stroke(linesPath(store, key));
  pen.setLineDash([]);
}

// Labels stand where they stand on the screen.
function pictureLabels(pen, ratio) {
  const frame = byId("map_grannskap").getBoundingClientRect();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.font = "600 13px system-ui, sans-serif";
  for (const node of document.querySelectorAll(".highlight-label:not(.covered)")) {
    const box = node.getBoundingClientRect();
    const [x, y] = [box.left - frame.left, box.top - frame.top + PICTURE_TOP];
    pen.fillStyle = "#ffffff";
    pen.fillRect(x, y, box.width, box.height);
    pen.fillStyle = "#111111";
    pen.fillText(node.textContent, x + 7, y + box.height - 6);
  }
}

function pictureOverlays(store, pen, view, ratio) {
  store.head.overlays.forEach((overlay, i) => {
    if (!isShown(overlay.label)) return;
    setSteps(pen, view, ratio);
    pen.strokeStyle = overlay.colour;
    pen.lineWidth = 2.5 / view.size;
    if (overlay.kind === "points") {
      pen.fillStyle = overlay.colour;
      pen.fill(dotsPath(store, `overlay${i}`, 5 / view.size));
      return;
    }
    const path = linesPath(store, `overlay${i}`);
    const step = overlay.kind === "dashed" ? [8 / view.size, 6 / view.size] : [];
    pen.setLineDash(step);
    pen.stroke(path);
    pen.setLineDash([]);
  });
}

function pictureFrontiers(store, pen, view, ratio) {
  if (!isShown(store.words.frontiers)) return;
  setSteps(pen, view, ratio);
  pen.lineCap = "round";
  const cased = (path, weight) => {
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = 2 * weight;
    pen.stroke(path);
    pen.strokeStyle = "#1a1c1f";
    pen.lineWidth = weight;
    pen.stroke(path);
  };
  store.head.frontiers.forEach(({ width, side }, i) => {
    if (side) cased(linesPath(store, `frontier${i}.strokes`), STROKE / view.size);
    cased(linesPath(store, `frontier${i}`), (width * FRONTIER_SCALE) / view.size);
  });
  pen.lineCap = "butt";
}

function isShown(words) {
  const rows = [...document.querySelectorAll("#toggles label")];
  return rows.find((row) => row.textContent === words)?.querySelector("input").checked;
}

function linesPath(store, key) {
  const path = new Path2D();
  eachLine(store, key, (x, y, first) => (first ? path.moveTo(x, y) : path.lineTo(x, y)));
  return path;
}

function dotsPath(store, key, radius) {
  const path = new Path2D();
  eachLine(store, key, (x, y) => {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  });
  return path;
}

function eachLine({ columns }, key, visit) {
  const [x, y] = [sums(columns.get(`${key}.x`)), sums(columns.get(`${key}.y`))];
  let at = 0;
  for (const length of columns.get(`${key}.lengths`)) {
    for (let i = 0; i < length; i++, at++) visit(x[at], y[at], i === 0);
  }
}

function pictureWords(store, map, pen, size, tall) {
  const style = store.style();
  pen.fillStyle = "#111111";
  pen.font = "600 20px system-ui, sans-serif";
  const subject = layerTitle(store);
  const title = subject.includes(document.title) ? subject : `${document.title}: ${subject}`;
  pen.fillText(title, 12, 28, size.x + PICTURE_SIDE - 24);
  pen.font = "14px system-ui, sans-serif";
  pen.fillText(style.caption, 12, 50, size.x + PICTURE_SIDE - 24);
  const source = [byId("source").textContent, today(store)].join(". ");
  pen.fillText(source, 12, tall - 14, size.x + PICTURE_SIDE - 24);
  pictureLegend(store, pen, size.x + 16);
  pictureScale(map, pen, size, tall - 56);
}

function pictureLegend(store, pen, x) {
  pen.font = "600 14px system-ui, sans-serif";
  pen.fillText(byId("legend-title").textContent, x, PICTURE_TOP + 16);
  pen.font = "14px system-ui, sans-serif";
  /** @type {any[]} */
  const rows = [...document.querySelectorAll("#classes button")];
  rows.forEach((row, i) => {
    const y = PICTURE_TOP + 28 + i * 24;
    pen.fillStyle = store.fillOf(Number(row.dataset.class), pen);
    pen.fillRect(x, y, 26, 16);
    pen.strokeStyle = "#777777";
    pen.strokeRect(x, y, 26, 16);
    pen.fillStyle = "#111111";
    pen.fillText(row.querySelector(".label").textContent, x + 36, y + 13, PICTURE_SIDE - 60);
  });
  pictureMark(pen, x, rows.length);
}

// Under the classes, where the map has marked areas.
function pictureMark(pen, x, rows) {
  const label = document.querySelector("#classes .label-of-mark");
  if (!label) return;
  const y = PICTURE_TOP + 28 + rows * 24;
  pen.beginPath();
  pen.arc(x + 13, y + 8, 4, 0, 2 * Math.PI);
  pen.strokeStyle = "#111111";
  pen.stroke();
  pen.fillText(label.textContent, x + 36, y + 13, PICTURE_SIDE - 60);
}

function pictureScale(map, pen, size, bottom) {
  /** @type {any} */
  const bar = document.querySelector(".leaflet-control-scale-line");
  if (!bar) return;
  const wide = parseFloat(bar.style.width);
  const x = size.x - wide - 16;
  pen.fillStyle = "#ffffffe6";
  pen.fillRect(x - 8, bottom - 34, wide + 16, 32);
  pen.fillStyle = "#111111";
  pen.fillText(bar.textContent, x, bottom - 14);
  pen.fillRect(x, bottom - 8, wide, 3);
}
