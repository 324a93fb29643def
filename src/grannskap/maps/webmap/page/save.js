// What can be taken away: the shown table as CSV, the map as PNG, print, a link to the view.
// @ts-check

import { countWords, filled } from "./numbers.js";
import { byId, element, labelsOf } from "./colours.js";
import { say } from "./search.js";
import { savePicture } from "./picture.js";
import { hashOf } from "./link.js";
import { layerTitle } from "./state.js";
import { isEmbedded } from "./embed.js";

export function addSaving(store, map, view) {
  const on = (id, action) => byId(id).addEventListener("click", action);
  on("csv", () => save(new Blob([csvOf(view)], { type: "text/csv" }), fileName(store, "csv")));
  on("png", () => savePicture(store, map));
  on("print", () => {
    const table = byId("print-table").checked;
    document.documentElement.classList.toggle("with-table", table);
    window.print();
  });
  addPrinting(map);
  on("full", () => fullScreen(store));
  on("link", () => showLink(store));
}

// The town, the measure, the year and the group, in letters that every system takes.
export function fileName(store, ending) {
  const title = layerTitle(store);
  const said = fileWords(document.title);
  const rest = fileWords(title);
  return `${rest.startsWith(said) ? rest : `${said}-${rest}`}.${ending}`;
}

export function fileWords(text) {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 100);
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// As Swedish Excel reads it: semicolons, decimal comma, a mark that says UTF-8.
function csvOf(view) {
  const columns = view.columns.flatMap((column) => csvColumns(view.store, column));
  const rows = view.order.map((area) => columns.map((column) => column.text(area)));
  const lines = [columns.map((column) => column.title), ...rows, [], ...csvFoot(view)];
  return "\ufeff" + lines.map((line) => line.map(csvCell).join(";")).join("\r\n") + "\r\n";
}

// Under the numbers: what they are, which areas they cover, and whose they are.
function csvFoot({ store, order }) {
  const { words, head, shapes } = store;
  const { source, subtitle, caption } = store.style();
  const counted = { shown: order.length, all: shapes.count };
  for (const key of Object.keys(counted)) counted[key] = countWords(counted[key], words);
  const filters = [filled(words.csv_rows, counted), ...filterWords(store)];
  const lines = [layerTitle(store), subtitle, caption, filters.join("; "), head.source || source, today(store)];
  return lines.filter(Boolean).map((line) => [line]);
}

// What legend and histogram have picked out, in words.
function filterWords(store) {
  const { classes, range, words } = store;
  const labels = labelsOf(store.style());
  const said = [...classes].sort((a, b) => a - b).map((look) => labels[look]);
  const ends = (range ?? []).map((end) => (Number.isFinite(end) ? plainNumber(end, words) : ""));
  const parts = [said.join(", "), range ? `${words.from} ${ends[0]} ${words.to} ${ends[1]}` : ""];
  return parts.filter(Boolean).map((part) => `${words.filter}: ${part}`);
}

function plainNumber(value, { decimal }) {
  return String(Number(value.toPrecision(6))).replace(".", decimal);
}

export function today({ head, words }) {
  return filled(words.made_on, { date: new Date().toLocaleDateString(head.language === "sv" ? "sv-SE" : "en-GB") });
}

// A value's column is followed by those of its bounds, of its interval and of its status.
function csvColumns({ words }, { title, text, plain, bounds, bound, ...more }) {
  const { interval, intervalTitle, status } = more;
  const called = { least: words.least, most: words.most };
  const sides = (bounds ?? []).map((side) => ({
    title: `${title}: ${called[side]}`,
    text: (area) => bound(side, area),
  }));
  const others = [
    interval && { title: `${title}: ${intervalTitle}`, text: interval },
    status && { title: `${title}: ${words.status}`, text: status },
  ];
  return [{ title, text: plain ?? text }, ...sides, ...others.filter(Boolean)];
}

// A cell that a spreadsheet could take for a formula gets an apostrophe; numbers do not.
function csvCell(text) {
  const number = /^-?\d+([.,]\d+)?$/.test(text);
  const safe = !number && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[;"\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

function fullScreen(store) {
  const stage = document.querySelector(".map-side");
  const done = document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen?.();
  (done ?? Promise.reject(new Error("none"))).catch(() => say(store.words.no_full_screen));
}

// Paper has its own width: the map is drawn for it, shows what it showed, and goes back after.
function addPrinting(map) {
  let bounds = null;
  const root = document.documentElement;
  const turn = (printing) => {
    bounds = printing ? map.getBounds() : bounds;
    root.classList.toggle("printing", printing);
    map.invalidateSize({ animate: false, pan: false });
    if (bounds) map.fitBounds(bounds, { animate: false });
  };
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
}

// The link is shown, marked and copied; a frame without an address has only the state to give.
function showLink(store) {
  const input = element("input", "", "link");
  input.readOnly = true;
  const address = location.protocol === "about:" ? "" : location.href.split("#")[0];
  input.value = address + hashOf(store, isEmbedded());
  input.setAttribute("aria-label", store.words.link);
  byId("message").replaceChildren(`${store.words.link_copied} `, input);
  input.select();
  document.execCommand("copy");
}
