// Small maps side by side: every year of what is shown, or where there is one year every group.
// @ts-check

import { boxAround } from "./shapes.js";
import { byId, element } from "./colours.js";
import { paintAreas } from "./paint.js";
import { storeAt } from "./state.js";

const PANEL_WIDTH = 200;

export function addMultiples(store) {
  const button = byId("multiples-button");
  const box = byId("multiples");
  const view = { store, button, box };
  button.addEventListener("click", () => {
    box.hidden = !box.hidden;
    drawMultiples(view);
  });
  store.on((what) => {
    if (what === "layer" || what === "filter") drawMultiples(view);
  });
}

// Layers that differ from the one shown in their year alone, or else in their group alone.
function panelLayers({ head, layer }) {
  const own = head.layers[layer];
  const alike = (keys) =>
    [...head.layers.keys()].filter((i) => keys.every((key) => head.layers[i][key] === own[key]));
  const years = alike(["name", "group"]);
  const found = years.length > 1 ? years : alike(["name", "year"]);
  return found.length > 1 ? found.sort((a, b) => (head.layers[a].year ?? 0) - (head.layers[b].year ?? 0)) : [];
}

function drawMultiples({ store, button, box }) {
  const layers = panelLayers(store);
  const { head, words } = store;
  const byYear = new Set(layers.map((layer) => head.layers[layer].year)).size > 1;
  button.hidden = !layers.length;
  button.textContent = byYear ? words.all_years : words.all_groups;
  button.setAttribute("aria-expanded", String(!box.hidden && layers.length > 0));
  if (box.hidden) return;
  const focused = box.contains(document.activeElement);
  const panels = layers.map((layer) => {
    const { year, group } = head.layers[layer];
    return panel(store, layer, byYear ? year : group);
  });
  box.replaceChildren(...panels);
  if (focused) box.querySelector('[aria-pressed="true"]')?.focus();
}

function panel(store, layer, title) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "panel";
  button.setAttribute("aria-pressed", String(layer === store.layer));
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  button.append(element("strong", title), canvas);
  button.addEventListener("click", () => store.choose(layer));
  paintPanel(canvas, storeAt(store, layer));
  return button;
}

function paintPanel(canvas, view) {
  const [west, south, east, north] = boxAround(view.shapes, view.shapes.rings.keys());
  const ratio = window.devicePixelRatio || 1;
  const height = Math.round(Math.min(320, (PANEL_WIDTH * (north - south)) / (east - west)));
  const size = Math.min(PANEL_WIDTH / (east - west), height / (north - south)) * 0.97;
  canvas.width = PANEL_WIDTH * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${PANEL_WIDTH}px`;
  canvas.style.height = `${height}px`;
  const place = {
    x: PANEL_WIDTH / 2 - ((west + east) / 2) * size,
    y: height / 2 + ((south + north) / 2) * size,
    size,
  };
  paintAreas(canvas.getContext("2d"), view, place, { ratio, width: PANEL_WIDTH, height });
}
