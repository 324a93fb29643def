// Colours of classes are the style's; those of the page follow light and dark surroundings.
// @ts-check

import { FADED } from "./state.js";

export function readColours() {
  const root = getComputedStyle(document.documentElement);
  const names = ["border", "municipality", "faded", "hatch", "plate", "ink"];
  return Object.fromEntries(names.map((name) => [name, root.getPropertyValue(`--${name}`).trim()]));
}

export function addColours(store) {
  store.colours = readColours();
  store.head.styles.forEach((style, i) => {
    for (let look = 0; look < labelsOf(style).length; look++) {
      const hatch = hatchOf(style, look);
      if (hatch) addPattern(`hatch-${i}-${look}`, hatch, store.colours.hatch, colourOf(style, look));
    }
  });
  Object.assign(store, colouring(store));
}

// How a class is painted: as an SVG fill, or on a canvas.
export function colouring(store) {
  const place = () => store.head.layers[store.layer].style;
  return {
    paintOf: (look) =>
      hatchOf(store.style(), look) ? `url(#hatch-${place()}-${look})` : colourOf(store.style(), look),
    fillOf: (look, context) => {
      if (look === FADED) return store.colours.faded;
      const [hatch, colour] = [hatchOf(store.style(), look), colourOf(store.style(), look)];
      return hatch ? hatchOn(context, hatch, store.colours.hatch, colour) : colour;
    },
  };
}

// After the style's own classes come its gaps: why an area has no value.
export function labelsOf(style) {
  return [...style.labels, ...style.gaps.map((gap) => gap.label)];
}

export function colourOf(style, look) {
  return style.colours[look] ?? style.gaps[look - style.labels.length].colour;
}

function hatchOf(style, look) {
  return style.gaps[look - style.labels.length]?.hatch ?? style.hatches[look] ?? "";
}

// Matplotlib's hatch letters as lines on a tile of 8 by 8.
function hatchLines(hatch) {
  const lines = {
    "/": [[0, 8, 8, 0], [-2, 2, 2, -2], [6, 10, 10, 6]],
    "\\": [[0, 0, 8, 8], [-2, 6, 2, 10], [6, -2, 10, 2]],
    "-": [[0, 4, 8, 4]],
    "|": [[4, 0, 4, 8]],
    ".": [[1, 2, 3, 2], [5, 6, 7, 6]],
    o: [[3, 3, 5, 5], [5, 3, 3, 5]],
  }; // prettier-ignore
  const letters = new Set(hatch.replace(/x/gi, "/\\").replace(/[+]/g, "-|").toLowerCase());
  return [...letters].flatMap((letter) => lines[letter] ?? lines["."]);
}

function addPattern(id, hatch, colour, background) {
  const pattern = svgNode("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
  pattern.append(svgNode("rect", { width: 8, height: 8, fill: background }));
  for (const [x1, y1, x2, y2] of hatchLines(hatch)) {
    pattern.append(svgNode("line", { x1, y1, x2, y2, stroke: colour, "stroke-width": 1.4 }));
  }
  byId("patterns").append(pattern);
}

function hatchOn(context, hatch, colour, background) {
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext("2d");
  if (background !== "none") {
    pen.fillStyle = background;
    pen.fillRect(0, 0, 8, 8);
  }
  pen.strokeStyle = colour;
  for (const [x1, y1, x2, y2] of hatchLines(hatch)) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  // The pattern is measured in screen pixels, whatever the transform of the shapes.
  pattern.setTransform(context.getTransform().inverse());
  return pattern;
}

// A small square of the class's colour.
export function swatch(store, look) {
  if (hatchOf(store.style(), look)) {
    const box = svgNode("svg", { class: "swatch", "aria-hidden": "true" });
    box.append(svgNode("rect", { width: "100%", height: "100%", fill: store.paintOf(look) }));
    return box;
  }
  const box = element("span", "", "swatch");
  box.style.backgroundColor = colourOf(store.style(), look);
  return box;
}

export function svgNode(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/**
 * The part of the page of this name, which the template has.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id);
}

export function element(name, text = "", className = "") {
  const node = document.createElement(name);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}
