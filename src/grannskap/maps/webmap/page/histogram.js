// How the values spread: bars in the legend's colours; a stretch can be brushed.
// @ts-check

import { digits, filled } from "./numbers.js";
import { byId, colourOf, svgNode } from "./colours.js";
import { FADED } from "./state.js";

const BINS = 32;
const PLOT = { width: 360, height: 110, base: 88, left: 8, right: 352 };

export function addHistogram(store) {
  const box = byId("histogram");
  const view = { store, box, inputs: ["from", "to"].map((id) => byId(id)) };
  store.on((what) => {
    if (what === "layer" || what === "filter") drawHistogram(view);
    if (what === "layer" || what === "filter") showRange(view);
  });
  for (const input of view.inputs) input.addEventListener("change", () => typeRange(view));
  byId("unbrush").addEventListener("click", () => {
    store.filter({ range: null, points: null, classes: new Set() });
  });
  addBrush(view);
}

// Ratios are spread on a log scale: 2 and 1/2 lie equally far from 1.
function histogramScale(store) {
  const log = store.style().scale === "log";
  const to = log ? Math.log : (v) => v;
  const values = [];
  for (let area = 0; area < store.shapes.count; area++) {
    const value = to(store.number(area));
    if (Number.isFinite(value)) values.push(value);
  }
  let low = values.reduce((a, b) => Math.min(a, b), Infinity);
  let high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
  const width = PLOT.right - PLOT.left;
  return {
    ok: values.length > 1,
    bin: (value) => {
      const share = (to(value) - low) / (high - low);
      return Math.max(0, Math.min(BINS - 1, Math.floor(share * BINS)));
    },
    x: (value) => PLOT.left + ((to(value) - low) / (high - low)) * width,
    value: (x) => {
      const at = low + ((x - PLOT.left) / width) * (high - low);
      return log ? Math.exp(at) : at;
    },
  };
}

function drawHistogram(view) {
  const { store } = view;
  const side = byId("histogram-side");
  side.hidden = store.style().categories.length > 0;
  view.scale = side.hidden ? { ok: false } : histogramScale(store);
  if (!view.scale.ok) {
    side.hidden = true;
    return;
  }
  const svg = svgNode("svg", { viewBox: `0 0 ${PLOT.width} ${PLOT.height}`, role: "img" });
  svg.setAttribute("aria-label", filled(store.words.histogram_alt, { title: store.style().title }));
  svg.append(...histogramBars(view), ...histogramAxis(view));
  if (store.range) svg.append(rangeMark(view));
  view.box.replaceChildren(svg);
}

// Each bar is a pile of its classes; areas that are filtered out are grey, on top.
function histogramBars({ store, scale }) {
  const bins = Array.from({ length: BINS }, () => new Map());
  for (let area = 0; area < store.shapes.count; area++) {
    const value = store.number(area);
    if (Number.isNaN(value)) continue;
    const bin = bins[scale.bin(value)];
    const look = store.lookOf(area);
    bin.set(look, (bin.get(look) ?? 0) + 1);
  }
  const totals = bins.map((bin) => [...bin.values()].reduce((a, b) => a + b, 0));
  const most = totals.reduce((a, b) => Math.max(a, b), 1);
  const wide = (PLOT.right - PLOT.left) / BINS;
  return bins.flatMap((bin, i) => {
    let y = PLOT.base;
    const looks = [...bin].sort(([a], [b]) => Number(b === FADED) - Number(a === FADED) || a - b).reverse();
    return looks.sort(([a]) => (a === FADED ? 1 : -1)).map(([look, n]) => {
      const height = (n / most) * (PLOT.base - 6);
      y -= height;
      const fill = look === FADED ? store.colours.faded : colourOf(store.style(), look);
      return svgNode("rect", {
        x: PLOT.left + i * wide + 0.5, y, width: wide - 1, height, fill, class: "pile",
      }); // prettier-ignore
    });
  });
}

function histogramAxis({ store, scale }) {
  const style = store.style();
  const line = svgNode("line", {
    x1: PLOT.left, x2: PLOT.right, y1: PLOT.base + 0.5, y2: PLOT.base + 0.5, class: "axis",
  }); // prettier-ignore
  const per = style.quantity === "share" ? 100 : 1;
  const at = (edge) => scale.x(edge * per);
  const inside = style.edges.filter((edge) => at(edge) > PLOT.left && at(edge) < PLOT.right);
  let last = -Infinity;
  const ticks = inside.flatMap((edge) => {
    const x = at(edge);
    const tick = svgNode("line", { x1: x, x2: x, y1: PLOT.base, y2: PLOT.base + 4, class: "axis" });
    if (x - last < 34) return [tick];
    last = x;
    const text = svgNode("text", { x, y: PLOT.base + 16, "text-anchor": "middle" });
    text.textContent = edgeWords(edge, style, store.words);
    return [tick, text];
  });
  return [line, ...ticks];
}

export function edgeWords(edge, style, words) {
  const scale = style.quantity === "share" ? 100 : 1;
  const decimals = style.quantity === "ratio" ? 2 : style.quantity === "share" ? 0 : style.decimals;
  const text = digits(Math.round(edge * scale * 10 ** decimals), decimals, words);
  return style.quantity === "share" ? text + words.percent : text;
}

function rangeMark({ store, scale }) {
  const [from, to] = store.range.map((value, i) =>
    Number.isFinite(value) ? clamp(scale.x(value)) : [PLOT.left, PLOT.right][i],
  );
  return svgNode("rect", { x: from, y: 0, width: Math.max(1, to - from), height: PLOT.base, class: "brush" });
}

function clamp(x) {
  return Math.max(PLOT.left, Math.min(PLOT.right, x));
}

function addBrush(view) {
  let from = null;
  const at = (event) => {
    const box = view.box.getBoundingClientRect();
    return clamp(((event.clientX - box.left) / box.width) * PLOT.width);
  };
  view.box.addEventListener("pointerdown", (event) => {
    from = at(event);
    view.box.setPointerCapture(event.pointerId);
  });
  view.box.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const ends = [from, at(event)].sort((a, b) => a - b);
    if (ends[1] - ends[0] < 2) return;
    view.store.filter({ range: ends.map(view.scale.value) });
  });
  view.box.addEventListener("pointerup", (event) => {
    if (from !== null && Math.abs(at(event) - from) < 2) view.store.filter({ range: null });
    from = null;
  });
}

// The same stretch in numbers, for those who type.
function typeRange(view) {
  const read = (input, open) => {
    const value = parseFloat(input.value.replace(",", ".").replace(/\s/g, ""));
    return Number.isNaN(value) ? open : value;
  };
  const range = [read(view.inputs[0], -Infinity), read(view.inputs[1], Infinity)];
  const open = range[0] === -Infinity && range[1] === Infinity;
  view.store.filter({ range: open ? null : range });
}

function showRange({ store, inputs }) {
  inputs.forEach((input, i) => {
    if (input === document.activeElement) return;
    const value = store.range?.[i] ?? NaN;
    const decimals = store.style().decimals;
    const whole = Math.round(value * 10 ** decimals);
    const plain = { ...store.words, thousands: "", minus: "-" };
    input.value = Number.isFinite(whole) ? digits(whole, decimals, plain) : "";
  });
}
