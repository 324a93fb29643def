// The card: every number of one area, with interval and status.
// @ts-check

import { countWords, filled } from "./numbers.js";
import { byId, element, swatch } from "./colours.js";
import { frontierParts } from "./frontiers.js";
import { layerTitle, regsoOf } from "./state.js";

const CARD_AT_MOST = 384;
const ROOM_FOR_TITLES = 125;
const ROOM_FOR_WAY = 30.4;

export function addCard(store) {
  const card = byId("card");
  const hint = card.firstElementChild;
  store.on((what) => {
    if (!["hover", "focus", "layer"].includes(what)) return;
    const area = store.hovered >= 0 ? store.hovered : store.focused;
    card.classList.toggle("pinned", area >= 0 && area === store.focused);
    if (area < 0) card.replaceChildren(hint, ...extremes(store));
    else card.replaceChildren(...cardParts(store, area));
    if (what === "focus" && area >= 0) keepMapInSight();
  });
  keepRoom(store, card);
}

// What stands below the card must not jump while the pointer wanders over the map.
function keepRoom(store, card) {
  card.replaceChildren(...cardParts(store, 0));
  card.style.minHeight = `${Math.min(card.offsetHeight, CARD_AT_MOST)}px`;
}

// On a phone the card covers the lower part of the screen: the map moves up.
function keepMapInSight() {
  if (matchMedia("(max-width: 40rem)").matches) {
    byId("frame").scrollIntoView({ block: "start" });
  }
}

// While no area is shown: the highest and the lowest, as ways in.
function extremes(store) {
  if (store.style().categories.length) return [];
  const values = Array.from(store.column("value"), (_, area) => store.exact(area));
  const areas = [...values.keys()].filter((area) => !Number.isNaN(values[area]));
  areas.sort((a, b) => (values[a] === values[b] ? a - b : values[b] - values[a]));
  const part = (title, rows) => {
    const list = element("ul", "", "ways");
    list.append(...rows);
    return [element("h3", title), list];
  };
  const { words } = store;
  if (areas.length < 6) return part(words.all_areas, areas.map((area) => wayIn(store, area)));
  const some = waysAtMost(areas.length);
  return [
    ...part(words.highest, waysIn(store, areas, some)),
    ...part(words.lowest, waysIn(store, areas.toReversed(), some)),
  ];
}

// The first of a list; of several that share the last one's value, all are counted and none named.
function waysIn(store, areas, most) {
  const value = (at) => store.exact(areas[at]);
  if (areas.length <= most || value(most) !== value(most - 1)) {
    return areas.slice(0, most).map((area) => wayIn(store, area));
  }
  const first = areas.findIndex((area) => store.exact(area) === value(most));
  const equal = areas.filter((area) => store.exact(area) === value(most));
  const row = element("li", "", "hint");
  const counted = { n: countWords(equal.length, store.words), value: store.value(areas[most]) };
  row.append(filled(store.words.equals, counted));
  return [...areas.slice(0, first).map((area) => wayIn(store, area)), row];
}

// As many as fill the room that the card keeps for an area's numbers.
function waysAtMost(areas) {
  const room = parseFloat(byId("card").style.minHeight) || 0;
  const fitting = Math.floor((room - ROOM_FOR_TITLES) / (2 * ROOM_FOR_WAY));
  return Math.max(3, Math.min(fitting, 6, Math.floor(areas / 2)));
}

function wayIn(store, area) {
  const button = document.createElement("button");
  button.type = "button";
  const name = store.name(area) || store.head.codes[area];
  button.append(swatch(store, store.classOf(area)), ` ${name} `);
  if (name !== store.head.codes[area]) button.append(element("small", store.head.codes[area]));
  button.append(element("strong", store.value(area)));
  button.addEventListener("click", () => store.focus(area, true));
  const row = document.createElement("li");
  row.append(button);
  return row;
}

function cardParts(store, area) {
  const { head } = store;
  const top = element("div", "", "card-top");
  const title = element("h3", store.name(area) || head.codes[area]);
  const value = element("p", "", "card-value");
  value.classList.toggle("words", store.style().categories.length > 0);
  const said = store.value(area) === "–" ? store.status(area) : store.value(area);
  value.append(swatch(store, store.classOf(area)), element("strong", said));
  const notes = [said === store.note(area) ? "" : store.note(area)];
  const interval = store.interval(area);
  if (interval) notes.push(`${store.intervalTitle()} ${interval}`);
  for (const note of notes.filter(Boolean)) value.append(" ", element("span", note, "hint"));
  top.append(title, element("p", cardPlace(store, area), "hint"), value);
  if (area === store.focused) top.prepend(closeButton(store));
  return [top, cardTable(store, area), ...frontierParts(store, area)];
}

function closeButton(store) {
  const button = element("button", "×", "close");
  button.type = "button";
  button.setAttribute("aria-label", store.words.close);
  button.addEventListener("click", () => store.focus(-1));
  return button;
}

function cardPlace(store, area) {
  const { head } = store;
  const parts = [head.codes[area], store.place(area), regsoOf(head, area)];
  const unique = parts.filter((part, i) => part && parts.indexOf(part) === i);
  const title = store.name(area) || head.codes[area];
  return unique.filter((part) => part !== title).join(" · ");
}

// Rows are indicators and groups, columns are years.
function cardTable(store, area) {
  const { layers } = store.head;
  const years = [...new Set(layers.map((layer) => layer.year))].sort();
  const rows = [...new Set(layers.map((layer) => JSON.stringify([layer.name, layer.group])))];
  const table = document.createElement("table");
  table.append(element("caption", store.words.all_numbers, "unseen"));
  if (years.length > 1 || years[0] !== null) {
    const line = table.createTHead().insertRow();
    line.append(columnHead(store.words.indicator), ...years.map((year) => columnHead(year ?? "")));
  }
  const body = table.createTBody();
  for (const row of rows) {
    const [name, group] = JSON.parse(row);
    const found = years.map((year) =>
      layers.findIndex((l) => l.name === name && l.group === group && l.year === year),
    );
    const line = body.insertRow();
    const any = found.find((i) => i >= 0);
    line.classList.toggle("current", found.includes(store.layer));
    line.append(rowHead(layerTitle(store, any, false)));
    for (const layer of found) cardCell(store, area, layer, line.insertCell());
  }
  return table;
}

function cardCell(store, area, layer, cell) {
  if (layer < 0) return;
  cell.append(element("span", store.value(area, layer), "value"));
  const status = store.column("status", layer)[area] ? store.status(area, layer) : "";
  const notes = [store.interval(area, layer), store.note(area, layer), status];
  for (const note of new Set(notes.filter(Boolean))) cell.append(element("small", note));
}

export function columnHead(text) {
  const head = element("th", text);
  head.scope = "col";
  return head;
}

export function rowHead(text) {
  const head = element("th", text);
  head.scope = "row";
  return head;
}
