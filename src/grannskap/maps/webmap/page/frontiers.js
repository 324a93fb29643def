// Frontiers: lines between areas, wider where the balances of both sides differ more.
// @ts-check

import { byId, element } from "./colours.js";
import { lineLatLngs, toggled } from "./marks.js";

export const FRONTIER_SCALE = 1.6;
export const STROKE = 1;
const TOUCH_WIDTH = 8;

export function addFrontiers(store, map) {
  const { frontiers } = store.head;
  if (!frontiers.length) return;
  const pane = map.createPane("frontiers");
  pane.style.zIndex = 445;
  pane.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "frontiers", padding: 0.6 });
  const marks = frontiers.flatMap((frontier, i) => frontierMarks(store, frontier, i, renderer));
  const key = frontierKey(frontiers);
  const box = toggled(map, store.words.frontiers, marks, { kind: "lines", on: false });
  const follow = () => key.classList.toggle("hidden", !box.checked);
  box.addEventListener("change", follow);
  byId("toggles").append(key);
  follow();
}

// All lines of one width, in a white casing; over them what the pointer meets, each with its words.
function frontierMarks(store, frontier, i, renderer) {
  const lines = lineLatLngs(store, `frontier${i}`);
  const weight = frontier.width * FRONTIER_SCALE;
  const look = (className, wide, of = lines) =>
    L.polyline(of, {
      renderer, pane: "frontiers", interactive: false, smoothFactor: 0, className, weight: wide,
    }); // prettier-ignore
  const cased = (wide, of) => [look("frontier-under", 2 * wide, of), look("frontier-line", wide, of)];
  const side = frontier.side ? cased(STROKE, lineLatLngs(store, `frontier${i}.strokes`)) : [];
  const shown = [...side, ...cased(weight)];
  if (store.large) return shown;
  const owner = store.columns.get(`frontier${i}.owner`);
  const touched = lines.map((line, at) => {
    const options = { renderer, pane: "frontiers", className: "frontier-touch", weight: TOUCH_WIDTH };
    const words = frontierWords(store, i, owner[at]);
    return L.polyline(line, options).bindTooltip(words, { sticky: true, className: "frontier-tip" });
  });
  return [...shown, ...touched];
}

function frontierWords(store, i, line) {
  const [one, other] = frontierSides(store, i, line).map((area) => frontierName(store, area));
  const text = element("span");
  text.append(
    element("strong", `${one} – ${other}`),
    element("br"),
    store.head.frontiers[i].says[line],
  );
  return text;
}

function frontierSides(store, i, line) {
  return ["first", "second"].map((side) => store.columns.get(`frontier${i}.${side}`)[line]);
}

function frontierName(store, area) {
  const code = store.head.codes[area];
  const name = store.name(area);
  return name ? `${name} (${code.slice(4)})` : code;
}

function frontierKey(frontiers) {
  const key = element("ul", "", "frontier-key");
  for (const { label, width } of frontiers) {
    const sign = element("span", "", "mark lines");
    sign.style.borderTopWidth = `${width * FRONTIER_SCALE}px`;
    const row = document.createElement("li");
    row.append(sign, label);
    key.append(row);
  }
  const [{ side }] = frontiers;
  if (side) {
    const row = document.createElement("li");
    row.append(element("span", "", "mark strokes"), side);
    key.append(row);
  }
  return key;
}

// The frontiers of an area in its card, where a keyboard reads them too.
export function frontierParts(store, area) {
  const rows = store.head.frontiers.flatMap((frontier, i) =>
    frontier.says.flatMap((says, line) => {
      const sides = frontierSides(store, i, line);
      if (!sides.includes(area)) return [];
      const row = document.createElement("li");
      const [one, other] = sides.map((side) => frontierName(store, side));
      row.append(element("strong", `${one} – ${other}`), ` ${says}`);
      return [row];
    }),
  );
  if (!rows.length) return [];
  const list = element("ul", "", "frontiers");
  list.append(...rows.toReversed());
  return [element("h3", store.words.frontiers), list];
}
