// The page in another's frame, or asked for by #embed: title, legend, map, source, and a way out.
// @ts-check

import { byId } from "./colours.js";
import { boxAround } from "./shapes.js";
import { hashOf } from "./link.js";

// A frame without an address of its own (a notebook's) has no other way to the whole page.
export function isEmbedded() {
  const asked = new URLSearchParams(location.hash.slice(1)).has("embed");
  const framed = window.self !== window.top && location.protocol !== "about:";
  return asked || framed;
}

export function markEmbedded() {
  document.documentElement.classList.toggle("embed", isEmbedded());
}

// The page around may ask how high its frame should be (`grannskap:hello`); only the page that
// asked is answered, then and whenever the height changes. Nothing else is said or listened to.
const host = { origin: null, answer: () => {} };

export function listenForHost() {
  window.addEventListener("message", ({ source, origin, data }) => {
    if (window.parent === window || source !== window.parent) return;
    if (data?.type !== "grannskap:hello") return;
    host.origin = origin === "null" ? "*" : origin;
    host.answer();
  });
}

function tellHeight(store, map) {
  host.answer = () => {
    if (host.origin === null) return;
    const message = { type: "grannskap:height", height: wantedHeight(store, map) };
    window.parent.postMessage(message, host.origin);
  };
  let wide = 0;
  new ResizeObserver(() => {
    if (window.innerWidth === wide) return;
    wide = window.innerWidth;
    host.answer();
  }).observe(document.documentElement);
  store.on((what) => what === "layer" && host.answer());
  host.answer();
}

// As high as the map needs for its width, and what stands above and below it.
function wantedHeight(store, map) {
  const [west, south, east, north] = boxAround(store.shapes, store.shapes.rings.keys());
  const size = map.getSize();
  const rest = window.innerHeight - size.y;
  const shape = Math.max(0.6, Math.min(1.5, (north - south) / (east - west)));
  return Math.round(Math.max(400, rest + size.x * shape));
}

// One finger, or the wheel, scrolls the page around; two fingers and the buttons move the map.
export function addEmbed(store, map) {
  if (!isEmbedded()) return;
  map.scrollWheelZoom.disable();
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
  const link = byId("whole");
  store.on((what) => {
    if (what !== "hover") link.href = wholeAddress(store);
  });
  tellHeight(store, map);
}

function wholeAddress(store) {
  return location.href.split("#")[0] + hashOf(store, false);
}
