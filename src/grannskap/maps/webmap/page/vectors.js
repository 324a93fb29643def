// Up to some two thousand areas: one SVG path each, by Leaflet.
// @ts-check

import { ringLatLngs } from "./shapes.js";
import { FADED } from "./state.js";

export function vectorAreas(store, map) {
  const { shapes } = store;
  const renderer = L.svg({ padding: 0.6 });
  const layers = shapes.rings.map((rings, area) => vectorArea(store, renderer, rings, area));
  const group = L.layerGroup(layers).addTo(map);
  layers.forEach((layer, area) => {
    describe(layer.getElement(), store, area);
    dress(layer, store, area);
  });
  return {
    count: layers.length,
    refresh: () => layers.forEach((layer, area) => dress(layer, store, area)),
    remove: () => group.remove(),
  };
}

function vectorArea(store, renderer, rings, area) {
  const latLngs = rings.map((ring) => ringLatLngs(store.shapes, ring));
  const layer = L.polygon(latLngs, {
    renderer,
    smoothFactor: 0,
    weight: 0.6,
    color: store.colours.border,
    fillOpacity: 1,
    bubblingMouseEvents: false,
  });
  layer.on("mouseover", () => store.hover(area));
  layer.on("mouseout", () => store.hover(-1));
  layer.on("click", (event) => store.press(area, event.originalEvent));
  return layer;
}

function describe(path, store, area) {
  path.setAttribute("role", "img");
  path.setAttribute("data-deso", store.head.codes[area]);
}

function dress(layer, store, area) {
  const look = store.lookOf(area);
  const path = layer.getElement();
  path.setAttribute("fill", look === FADED ? store.colours.faded : store.paintOf(look));
  path.setAttribute("aria-label", store.sentence(area));
  path.classList.toggle("faded", look === FADED);
}
