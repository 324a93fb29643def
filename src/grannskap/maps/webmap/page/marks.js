// What lies over the areas: municipality borders, rings, overlays, selection and focus.

function addMarks(store, map) {
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
  store.head.overlays.forEach((overlay, i) => {
    toggled(store, map, overlay.label, overlayMarks(store, overlay, i, renderer), overlay);
  });
  store.head.rings.forEach((ring, i) => {
    toggled(store, map, ring.name, ringMarks(store, ring, i, line, renderer), { kind: "ring" });
  });
  followMarks(store, map, line);
}

function ringMarks(store, ring, i, line, renderer) {
  const areas = [...store.columns.get(`ring${i}.areas`)];
  const shape = ring.whole
    ? line(outline(store.shapes, areas), "ring-line")
    : L.polygon(lineLatLngs(store, `ring${i}`), {
        renderer, pane: "marks", interactive: false, className: "ring-line", fill: false,
      }); // prettier-ignore
  const top = L.latLng(shape.getBounds().getNorth(), shape.getBounds().getCenter().lng);
  return [shape, label(ring.label, top)];
}

function label(text, latlng) {
  const words = document.createElement("span");
  words.textContent = text;
  return L.tooltip({
    permanent: true, direction: "top", className: "ring-label", interactive: false,
  })
    .setLatLng(latlng)
    .setContent(words); // prettier-ignore
}

function lineLatLngs(store, key) {
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
  const fill = overlay.kind === "hatch";
  if (fill) addPattern(`overlay-${i}`, overlay.colour, "none");
  const look = { fill, fillColor: `url(#overlay-${i})`, fillOpacity: 1 };
  const shapes = [...new Set(owner)].map((n) =>
    L.polygon(
      lines.filter((_, at) => owner[at] === n),
      { ...options, ...look },
    ),
  );
  const names = shapes.flatMap((shape, n) =>
    overlay.names[n] ? [label(overlay.names[n], shape.getBounds().getCenter())] : [],
  );
  return [...shapes, ...names];
}

function pointMarks(points, name, options) {
  return points.flatMap((at) => {
    const look = { ...options, radius: 5, weight: 1.5, color: "#ffffff", fillOpacity: 1 };
    const dot = L.circleMarker(at, { ...look, fillColor: options.color });
    return name ? [dot, label(name, at)] : [dot];
  });
}

function addPattern(id, colour, background) {
  const make = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const pattern = make("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" });
  pattern.setAttribute("patternTransform", "rotate(45)");
  pattern.append(
    make("rect", { width: 7, height: 7, fill: background }),
    make("line", { x1: 0, y1: 0, x2: 0, y2: 7, stroke: colour, "stroke-width": 1.6 }),
  );
  document.getElementById("patterns").append(pattern);
}

// A checkbox that shows and hides some marks.
function toggled(store, map, words, marks, { kind, colour }) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = true;
  const swatch = document.createElement("span");
  swatch.className = `mark ${kind}`;
  if (colour) swatch.style.borderColor = colour;
  const row = document.createElement("label");
  row.append(box, swatch, words);
  document.getElementById("toggles").append(row);
  const show = () => marks.forEach((mark) => (box.checked ? mark.addTo(map) : mark.remove()));
  box.addEventListener("change", show);
  show();
}

// Outlines of the selected areas and of the one in focus.
function followMarks(store, map, line) {
  const drawn = {};
  const draw = (name, areas) => {
    drawn[name]?.remove();
    drawn[name] = areas.length ? line(outline(store.shapes, areas), name).addTo(map) : null;
  };
  store.on((what) => {
    if (what === "selection") draw("selected-line", [...store.selection]);
    if (what === "focus" || what === "hover") {
      draw("hovered-line", store.hovered >= 0 ? [store.hovered] : []);
      draw("focused-line", store.focused >= 0 ? [store.focused] : []);
    }
  });
}
