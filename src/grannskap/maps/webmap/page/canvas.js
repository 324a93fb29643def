// A canvas that moves with the map: for more areas than SVG can carry, for a second map, for names.
// @ts-check

import { areaAt } from "./shapes.js";
import { paintAreas, stepsToLayer } from "./paint.js";

export const MapCanvas = L.Renderer.extend({
  initialize(draw, options = {}) {
    L.Renderer.prototype.initialize.call(this, { padding: 0.2, ...options });
    this.draw = draw;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this.context = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = Math.round(size.x * ratio);
    this._container.height = Math.round(size.y * ratio);
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this.paint();
  },

  paint() {
    const { context } = this;
    const size = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this._container.width, this._container.height);
    this.draw(context, this._bounds.min, { ratio, width: size.x, height: size.y });
  },
});

// The areas as a store that `seen` gives shows them.
export function areaCanvas(map, seen, options) {
  return new MapCanvas((context, corner, size) => {
    const store = seen();
    paintAreas(context, store, stepsToLayer(map, store.shapes, corner), size);
  }, options);
}

export function canvasAreas(store, map) {
  const canvas = areaCanvas(map, () => store).addTo(map);
  const under = (event) => areaAt(store.shapes, ...stepsAt(store.shapes, event.latlng));
  let latest = null; // where the pointer is, not where it was when the frame was asked for
  map.on("mousemove", (event) => {
    if (map.dragging.moving()) return;
    const waiting = latest !== null;
    latest = event;
    if (waiting) return;
    requestAnimationFrame(() => {
      if (latest) store.hover(under(latest));
      latest = null;
    });
  });
  map.on("mouseout", () => {
    latest = null;
    store.hover(-1);
  });
  map.on("click", (event) => {
    const area = under(event);
    if (area >= 0) store.press(area, event.originalEvent);
  });
  return {
    count: store.shapes.count,
    refresh: () => canvas._map && canvas._bounds && canvas.paint(),
    remove: () => canvas.remove(),
  };
}

function stepsAt(shapes, latlng) {
  const [east, north, step] = shapes.grid;
  const { x, y } = shapes.project(latlng);
  return [(x - east) / step, (y - north) / step];
}
