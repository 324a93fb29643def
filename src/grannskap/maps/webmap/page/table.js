// The same numbers as a table: sortable, and its focus is the map's.
// @ts-check

import { unfold } from "./decode.js";
import { MINUS_INFINITE, codePlain, countWords, digits, filled } from "./numbers.js";
import { byId, element, swatch } from "./colours.js";
import { columnHead, rowHead } from "./card.js";
import { layerFor, layerTitle } from "./state.js";

const ROWS_AT_ONCE = 2000;
const MORE_ROWS = 500;
const ROOMY_COLUMNS = 7;

export function addTable(store) {
  const table = byId("table");
  const view = { store, table, rows: new Map(), order: [], sort: { key: "code", down: false } };
  view.limit = store.large ? MORE_ROWS : ROWS_AT_ONCE;
  view.later = () => {
    clearTimeout(view.timer);
    view.timer = setTimeout(() => drawTable(view), 0);
  };
  store.on((what) => {
    if (what === "layer" || what === "filter") view.later();
    if (what === "focus" || what === "hover") markRows(view, what);
    if (what === "selection") markChosen(view);
  });
  table.tBodies[0].addEventListener("click", (event) => clickRow(view, event));
  table.tBodies[0].addEventListener("keydown", (event) => keyRow(view, event));
  byId("more").addEventListener("click", () => {
    view.limit += MORE_ROWS;
    drawTable(view);
  });
  return view;
}

// Area, place, and each indicator of the year and group that are shown.
function tableColumns(store) {
  const { head, words } = store;
  const current = head.layers[store.layer];
  /** @type {any[]} */
  const columns = [{ key: "code", title: words.area, text: (area) => head.codes[area], first: true }];
  if (head.names || head.regso) {
    columns.push({ key: "name", title: words.name, text: (area) => store.name(area) });
  }
  if (head.municipality?.names.length > 1) {
    columns.push({ key: "place", title: words.municipality, text: (area) => store.place(area) });
  }
  const names = [...new Set(head.layers.map((layer) => layer.name))];
  const shown = names.map((name) => layerFor(head, { ...current, name }));
  return [...columns, ...shown.map((layer) => valueColumn(store, layer))];
}

function valueColumn(store, layer) {
  const { head } = store;
  const style = store.style(layer);
  return {
    key: `layer${layer}`,
    layer,
    title: layerTitle(store, layer),
    head: layerTitle(store, layer, false),
    number: !style.categories.length,
    text: (area) => store.value(area, layer),
    interval: head.layers[layer].interval ? (area) => store.interval(area, layer) : null,
    intervalTitle: store.intervalTitle(layer),
    note: (area) => store.note(area, layer),
    plain: (area) =>
      style.categories.length
        ? store.value(area, layer).replace("–", "")
        : exactPlain(store, area, layer),
    bounds: ["least", "most"].filter((side) => store.column(side, layer)),
    bound: (side, area) => codePlain(store.column(side, layer)[area], style, store.words),
    status: (area) => (store.known(area, layer) ? "" : store.status(area, layer)),
    order: (area) => {
      if (!style.categories.length) return store.exact(area, layer);
      return store.known(area, layer) ? store.classOf(area, layer) : -1;
    },
  };
}

// In a file a number has all the digits that the page carries.
function exactPlain(store, area, layer) {
  const style = store.style(layer);
  const code = store.code(area, layer);
  const rest = store.column("rest", layer);
  if (!rest || code <= MINUS_INFINITE) return codePlain(code, style, store.words);
  const words = { ...store.words, thousands: "", minus: "-" };
  return digits(100 * unfold(code - 3) + unfold(rest[area]), style.decimals + 2, words);
}

function drawTable(view) {
  const { store, table } = view;
  keepRows(view);
  view.order = sortedAreas(view);
  drawHead(view);
  const { year, group, special } = store.head.layers[store.layer];
  const caption = byId("table-caption");
  caption.textContent = [year, special ? group : ""].filter(Boolean).join(", ");
  caption.hidden = !caption.textContent;
  const shown = view.order.slice(0, view.limit);
  for (const area of shown) if (!view.rows.has(area)) view.rows.set(area, makeRow(view, area));
  for (const area of shown) colourRow(view, area);
  // Laying out thousands of rows anew takes time: only when there are others, or in other order.
  const lines = shown.map((area) => view.rows.get(area));
  const body = table.tBodies[0];
  const same = body.rows.length === lines.length && lines.every((line, i) => body.rows[i] === line);
  if (!same) body.replaceChildren(...lines);
  byId("more").hidden = view.order.length <= view.limit;
  const values = { shown: shown.length, all: view.order.length, total: store.shapes.count };
  for (const key of Object.keys(values)) values[key] = countWords(values[key], store.words);
  byId("table-count").textContent = filled(store.words.rows, values);
  markRows(view, "draw");
  markChosen(view);
}

// Rows stay as they are while the year and the group do: only their colour changes.
function keepRows(view) {
  const columns = tableColumns(view.store);
  const layers = String(columns.map((column) => column.layer));
  if (layers === view.layers) return;
  Object.assign(view, { columns, layers, rows: new Map() });
}

function sortedAreas(view) {
  const { store, columns, sort } = view;
  const column = columns.find(({ key }) => key === sort.key) ?? columns[0];
  const areas = [];
  for (let area = 0; area < store.shapes.count; area++) if (store.passes(area)) areas.push(area);
  const value = column.order ?? column.text;
  const values = areas.map(value);
  const place = new Map(areas.map((area, i) => [area, values[i]]));
  const collator = new Intl.Collator(store.head.language);
  const sign = sort.down ? -1 : 1;
  const absent = (v) => v === "" || v === -1 || Number.isNaN(v);
  return areas.sort((a, b) => {
    const [p, q] = [place.get(a), place.get(b)];
    if (absent(p) || absent(q)) return Number(absent(p)) - Number(absent(q));
    if (p === q) return a - b;
    return sign * (typeof p === "string" ? collator.compare(p, q) : p - q);
  });
}

function drawHead(view) {
  const line = document.createElement("tr");
  for (const column of view.columns) {
    const head = columnHead("");
    dressCell(head, column);
    head.classList.toggle("current", column.layer === view.store.layer);
    const button = element("button", column.head ?? column.title);
    button.type = "button";
    button.dataset.key = column.key;
    const sorted = view.sort.key === column.key;
    head.ariaSort = sorted ? (view.sort.down ? "descending" : "ascending") : "none";
    button.addEventListener("click", () => {
      view.sort = { key: column.key, down: sorted ? !view.sort.down : Boolean(column.number) };
      drawTable(view);
      view.table.tHead.querySelector(`[data-key="${column.key}"]`).focus();
    });
    head.append(button);
    line.append(head);
  }
  view.table.classList.toggle("dense", view.columns.length > ROOMY_COLUMNS);
  view.table.tHead.replaceChildren(line);
}

function makeRow(view, area) {
  const line = document.createElement("tr");
  line.dataset.area = area;
  line.dataset.deso = view.store.head.codes[area];
  line.tabIndex = -1;
  for (const column of view.columns) {
    const cell = column.first ? rowHead("") : document.createElement("td");
    cell.textContent = column.text(area);
    dressCell(cell, column);
    const notes = [column.interval?.(area), column.note?.(area)].filter(Boolean);
    for (const note of notes) cell.append(" ", element("small", note));
    if (column.first) cell.prepend(element("span", "", "swatch"));
    line.append(cell);
  }
  return line;
}

function dressCell(cell, { key, layer, number }) {
  cell.classList.toggle("number", Boolean(number));
  cell.classList.toggle("value-cell", layer !== undefined);
  cell.classList.toggle("place-cell", key === "place");
}

function colourRow({ store, rows, columns }, area) {
  const line = rows.get(area);
  line.firstChild.firstChild.replaceWith(swatch(store, store.classOf(area)));
  columns.forEach(({ layer }, i) => line.cells[i].classList.toggle("current", layer === store.layer));
}

// One row can be reached with Tab; the arrows go on from there.
function markRows(view, what) {
  const { store, rows, table } = view;
  for (const line of table.querySelectorAll("tr.hovered, tr.focused, tr[tabindex='0']")) {
    line.classList.remove("hovered", "focused");
    line.tabIndex = -1;
  }
  rows.get(store.hovered)?.classList.add("hovered");
  const focused = rows.get(store.focused);
  focused?.classList.add("focused");
  const reachable = focused ?? table.tBodies[0].rows[0];
  if (reachable) reachable.tabIndex = 0;
  if (what === "focus" && focused) intoView(focused);
}

function intoView(line) {
  const box = byId("scroll");
  const top = line.offsetTop - box.querySelector("thead").offsetHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  const below = line.offsetTop + line.offsetHeight - box.clientHeight;
  if (below > box.scrollTop) box.scrollTop = below;
}

function markChosen(view) {
  for (const [area, line] of view.rows) {
    const chosen = view.store.selection.has(area);
    line.classList.toggle("chosen-row", chosen);
    // A row of a table, unlike one of a grid, cannot be said to be selected.
    if (chosen) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

function clickRow(view, event) {
  const line = event.target.closest("tr");
  if (line) view.store.press(Number(line.dataset.area), event);
}

function keyRow(view, event) {
  const line = event.target.closest("tr");
  const { store } = view;
  const area = Number(line.dataset.area);
  const lines = view.table.tBodies[0].rows;
  const at = line.sectionRowIndex;
  const goals = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 };
  if (event.key in goals) {
    const goal = lines[Math.max(0, Math.min(lines.length - 1, goals[event.key]))];
    store.focus(Number(goal.dataset.area));
    goal.focus({ preventScroll: true });
  } else if (event.key === "Enter") store.focus(area, true);
  else if (event.key === " ") store.toggle([area], !store.selection.has(area));
  else return;
  event.preventDefault();
}
