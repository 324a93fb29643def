// A scatterplot (Moran's: an area's value against its neighbours'), linked by brushing.
// @ts-check

import { unfold } from "./decode.js";
import { digits, filled } from "./numbers.js";
import { byId, colourOf } from "./colours.js";
import { FADED } from "./state.js";

const MARGIN = 26;

export function addScatter(store) {
  if (!store.head.scatter.length) return;
  const side = byId("scatter-side");
  side.hidden = false;
  const canvas = byId("scatter");
  const plot = store.head.scatter[0];
  byId("scatter-title").textContent = plot.title;
  const slope = plot.slope === null ? [] : [slopeWords(plot, store.words)];
  canvas.setAttribute("aria-label", [`${plot.title}. ${plot.x}`, plot.y, ...slope].join("; "));
  const view = { store, canvas, plot, points: scatterPoints(store), box: null };
  fillQuadrants(view);
  store.on((what) => {
    if (what !== "selection") drawScatter(view);
  });
  window.addEventListener("resize", () => drawScatter(view));
  addScatterBrush(view);
}

function scatterPoints(store) {
  const [x, y] = ["x", "y"].map((side) => store.columns.get(`scatter0.${side}`));
  const points = [];
  for (let area = 0; area < x.length; area++) {
    if (x[area] && y[area]) {
      points.push({ area, x: unfold(x[area] - 1) / 1000, y: unfold(y[area] - 1) / 1000 });
    }
  }
  return points;
}

function scatterScale({ canvas, points }) {
  const { width, height } = canvas.getBoundingClientRect();
  const range = (key) => {
    const values = points.map((point) => point[key]);
    const low = values.reduce((a, b) => Math.min(a, b), 0);
    const high = values.reduce((a, b) => Math.max(a, b), 0);
    return [low, high > low ? high : low + 1];
  };
  const [left, right] = range("x");
  const [bottom, top] = range("y");
  return {
    width,
    height,
    x: (v) => MARGIN + ((v - left) / (right - left)) * (width - MARGIN - 8),
    y: (v) => height - MARGIN - ((v - bottom) / (top - bottom)) * (height - MARGIN - 8),
    ends: [left, right],
  };
}

function drawScatter(view) {
  const { store, canvas, points, plot } = view;
  view.scale = scatterScale(view);
  const { width, height, x, y, ends } = view.scale;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const line = (x0, y0, x1, y1) => {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.stroke();
  };
  pen.strokeStyle = store.colours.hatch;
  line(x(0), 4, x(0), height - MARGIN);
  line(MARGIN, y(0), width - 4, y(0));
  for (const point of points) drawPoint(view, pen, point);
  pen.strokeStyle = store.colours.ink;
  pen.fillStyle = store.colours.ink;
  pen.font = "12px system-ui, sans-serif";
  if (plot.slope !== null) {
    line(x(ends[0]), y(plot.slope * ends[0]), x(ends[1]), y(plot.slope * ends[1]));
    writeSlope(view, pen);
  }
  pen.fillText(plot.x, MARGIN, height - 6);
  pen.rotate(-Math.PI / 2);
  pen.fillText(plot.y, MARGIN - height, 14);
  if (view.box) drawBox(view, pen, ratio);
}

// At the line's right end, on the side that is farther from the plot's edge.
function writeSlope({ plot, scale, store }, pen) {
  const words = slopeWords(plot, store.words);
  const end = scale.y(plot.slope * scale.ends[1]);
  const above = end > scale.height / 3;
  const at = { x: scale.width - pen.measureText(words).width - 10, y: end + (above ? -10 : 24) };
  pen.save();
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = store.colours.plate;
  pen.strokeText(words, at.x, at.y);
  pen.fillText(words, at.x, at.y);
  pen.restore();
}

function slopeWords({ slope }, words) {
  return filled(words.slope, { slope: digits(Math.round(slope * 100), 2, words) });
}

function drawPoint({ store, scale }, pen, point) {
  const look = store.lookOf(point.area);
  const near = point.area === store.hovered || point.area === store.focused;
  pen.beginPath();
  pen.arc(scale.x(point.x), scale.y(point.y), near ? 6 : 3, 0, 2 * Math.PI);
  pen.fillStyle = look === FADED ? store.colours.faded : colourOf(store.style(), look);
  pen.fill();
  pen.lineWidth = near ? 2 : 0.5;
  pen.strokeStyle = near ? store.colours.ink : store.colours.hatch;
  pen.stroke();
  pen.lineWidth = 1;
}

function drawBox(view, pen, ratio) {
  const [x0, y0, x1, y1] = view.box;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.setLineDash([4, 3]);
  pen.strokeRect(Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0));
  pen.setLineDash([]);
}

function addScatterBrush(view) {
  const { canvas, store } = view;
  let from = null;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (from) brushBox(view, [...from, ...at(event)]);
    else store.hover(nearest(view, at(event)));
  });
  canvas.addEventListener("pointerup", (event) => {
    const to = at(event);
    const moved = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (moved < 3) {
      const area = nearest(view, to);
      if (area >= 0) store.press(area, event);
      else brushBox(view, null);
    }
    from = null;
  });
  canvas.addEventListener("pointerleave", () => store.hover(-1));
}

function brushBox(view, box) {
  view.box = box;
  view.store.filter({ points: box && pointsWithin(view, box) });
}

function pointsWithin({ scale, points }, [x0, y0, x1, y1]) {
  const between = (v, a, b) => v >= Math.min(a, b) && v <= Math.max(a, b);
  const inside = points.filter(
    (point) => between(scale.x(point.x), x0, x1) && between(scale.y(point.y), y0, y1),
  );
  return new Set(inside.map((point) => point.area));
}

/** @param {any} view @param {number[]} point */
function nearest({ scale, points }, [x, y]) {
  let best = -1;
  let least = 8;
  for (const point of points) {
    const away = Math.hypot(scale.x(point.x) - x, scale.y(point.y) - y);
    if (away < least) [best, least] = [point.area, away];
  }
  return best;
}

// The four quarters of the plot, for those who do not drag.
function fillQuadrants(view) {
  const { store } = view;
  const select = byId("quadrant");
  const quarters = { "": null, hh: [1, 1], ll: [-1, -1], hl: [1, -1], lh: [-1, 1] };
  for (const key of Object.keys(quarters)) {
    select.append(new Option(store.words[`quadrant_${key || "all"}`], key));
  }
  select.addEventListener("change", () => {
    const signs = quarters[select.value];
    view.box = null;
    const inside = view.points.filter(
      (point) => signs && point.x * signs[0] > 0 && point.y * signs[1] > 0,
    );
    store.filter({ points: signs && new Set(inside.map((point) => point.area)) });
  });
  store.on((what) => {
    if (what === "filter" && !store.points) {
      view.box = null;
      select.value = "";
    }
  });
}
