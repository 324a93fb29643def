// What lies over the areas: municipality borders, highlights, overlays, selection and focus.
// @ts-check

import { sums } from "./decode.js";
import { arcLatLngs, bordersBetween, latLng, outline, runningSum } from "./shapes.js";
import { byId, element } from "./colours.js";
import { addNames } from "./names.js";

export function addMarks(store, map) {
  const pane = map.createPane("marks");
  pane.style.zIndex = 450;
  pane.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "marks", padding: 0.6 });
  const line = (arcs, className) =>
    L.polyline(
      arcs.map((arc) => arcLatLngs(store.shapes, arc)),
      { renderer, pane: "marks", interactive: false, smoothFactor: 0, className },
    );
  if (store.head.municipality && !store.large) {
    const borders = bordersBetween(store.shapes, store.head.municipality.of);
    line(borders, "municipality-line").addTo(map);
  }
  store.head.highlights.forEach((highlight, i) => {
    toggled(map, highlight.name, highlightMarks(store, highlight, i, line, renderer), { kind: "highlight" });
  });
  store.head.overlays.forEach((overlay, i) => {
    toggled(map, overlay.label, overlayMarks(store, overlay, i, renderer), overlay);
  });
  const settle = () => {
    clearLabels(map);
    store.tell("names");
  };
  map.on("zoomend", settle);
  addNames(store, map);
  settle();
  followMarks(store, map, line, renderer);
}

// A black line in a white one can be seen on every colour.
function highlightMarks(store, highlight, i, line, renderer) {
  const areas = [...store.columns.get(`highlight${i}.areas`)];
  const polygon = (key, className) =>
    L.polygon(lineLatLngs(store, key), {
      renderer, pane: "marks", interactive: false, className, fill: false,
    }); // prettier-ignore
  const shape = (className) =>
    highlight.whole
      ? line(outline(store.shapes, areas), className)
      : polygon(`highlight${i}`, className);
  const shapes = [shape("highlight-under"), shape("highlight-line")];
  // The polygon that names it, where what was measured is not quite that.
  if (highlight.polygon) {
    const named = ["highlight-polygon-under", "highlight-polygon"];
    shapes.push(...named.map((className) => polygon(`highlight${i}.polygon`, className)));
  }
  const bounds = shapes[0].getBounds();
  const top = L.latLng(bounds.getNorth(), bounds.getCenter().lng);
  return [...shapes, label(highlight.label, top, "highlight-label")];
}

function label(text, latlng, className) {
  const words = element("span", text);
  const options = { permanent: true, direction: "top", className, interactive: false };
  return L.tooltip(options).setLatLng(latlng).setContent(words);
}

// Labels that would lie on one another: the ones added first stay.
function clearLabels(map) {
  const taken = [];
  for (const node of map.getPane("tooltipPane").querySelectorAll(".highlight-label, .overlay-label")) {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const meets = taken.some((t) => left < t[1] && right > t[0] && top < t[3] && bottom > t[2]);
    node.classList.toggle("covered", meets);
    if (!meets) taken.push([left, right, top, bottom]);
  }
}

export function lineLatLngs(store, key) {
  const { columns, shapes } = store;
  const [x, y] = [sums(columns.get(`${key}.x`)), sums(columns.get(`${key}.y`))];
  const offsets = runningSum(columns.get(`${key}.lengths`));
  return Array.from({ length: offsets.length - 1 }, (_, i) =>
    Array.from({ length: offsets[i + 1] - offsets[i] }, (_point, j) =>
      latLng(shapes, x[offsets[i] + j], y[offsets[i] + j]),
    ),
  );
}

function overlayMarks(store, overlay, i, renderer) {
  const lines = lineLatLngs(store, `overlay${i}`);
  const owner = store.columns.get(`overlay${i}.owner`);
  const options = {
    renderer, pane: "marks", interactive: false, color: overlay.colour, weight: 2.5,
  }; // prettier-ignore
  const nameAt = (line) => overlay.names[owner[line]] ?? "";
  if (overlay.kind === "points") {
    return lines.flatMap((points, n) => pointMarks(points, nameAt(n), options));
  }
  if (overlay.kind === "lines") return [L.polyline(lines, options)];
  const look = { fill: false, dashArray: overlay.kind === "dashed" ? "8 6" : null };
  const shapes = [...new Set(owner)].map((n) =>
    L.polygon(
      lines.filter((_, at) => owner[at] === n),
      { ...options, ...look },
    ),
  );
  const names = shapes.flatMap((shape, n) =>
    overlay.names[n] ? [label(overlay.names[n], shape.getBounds().getCenter(), "overlay-label")] : [],
  );
  return [...shapes, ...names];
}

function pointMarks(points, name, options) {
  return points.flatMap((at) => {
    const look = { ...options, radius: 5, weight: 1.5, color: "#ffffff", fillOpacity: 1 };
    const dot = L.circleMarker(at, { ...look, fillColor: options.color });
    return name ? [dot, label(name, at, "overlay-label")] : [dot];
  });
}

// A checkbox that shows and hides some marks.
/** @param {any} map @param {string} words @param {any[]} marks @param {any} look */
export function toggled(map, words, marks, { kind, colour, on = true }) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = on;
  const swatch = document.createElement("span");
  swatch.className = `mark ${kind}`;
  if (colour) swatch.style.borderColor = colour;
  const row = document.createElement("label");
  row.append(box, swatch, words);
  byId("toggles").append(row);
  const show = () => {
    marks.forEach((mark) => (box.checked ? mark.addTo(map) : mark.remove()));
    clearLabels(map);
  };
  box.addEventListener("change", show);
  show();
  return box;
}

// A hollow dot on areas that are coloured by their bounds alone, a full one on those in doubt.
function markDots(store, renderer) {
  return [
    ...dotsOf(store, store.bounded, { renderer, radius: 3, className: "bounded-dot" }),
    ...dotsOf(store, store.doubtful, { renderer, radius: 2.2, className: "doubtful-dot" }),
  ];
}

function dotsOf(store, marked, look) {
  const [x, y] = store.shapes.inside;
  const areas = [...store.shapes.rings.keys()].filter((area) => marked(area));
  return areas.map((area) =>
    L.circleMarker(latLng(store.shapes, x[area], y[area]), {
      ...look, pane: "marks", interactive: false,
    }),
  ); // prettier-ignore
}

// Outlines of the selected areas and of the one in focus, and dots of the layer that is shown.
function followMarks(store, map, line, renderer) {
  const drawn = {};
  const dots = L.layerGroup().addTo(map);
  const draw = (name, areas) => {
    drawn[name]?.remove();
    drawn[name] = areas.length ? line(outline(store.shapes, areas), name).addTo(map) : null;
  };
  store.on((what) => {
    if (what === "layer") {
      dots.clearLayers();
      markDots(store, renderer).forEach((dot) => dots.addLayer(dot));
    }
    if (what === "selection") draw("selected-line", [...store.selection]);
    if (what === "focus" || what === "hover") {
      draw("hovered-line", store.hovered >= 0 ? [store.hovered] : []);
      draw("focused-line-under", store.focused >= 0 ? [store.focused] : []);
      draw("focused-line", store.focused >= 0 ? [store.focused] : []);
    }
  });
}
