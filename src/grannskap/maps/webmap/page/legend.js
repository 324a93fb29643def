// The legend: every class with its count; a press shows only that class.
// @ts-check

import { countWords } from "./numbers.js";
import { shorter } from "./bounds.js";
import { byId, element, labelsOf, swatch } from "./colours.js";
import { edgeWords } from "./histogram.js";
import { isEmbedded } from "./embed.js";

export function addLegend(store) {
  const list = byId("classes");
  const draw = () => {
    const rows = legendRows(store);
    const kinds = store.style().categories.length > 0;
    list.replaceChildren(...(kinds ? kindRows(store, rows) : barRows(store, rows)));
    list.classList.toggle("long", kinds);
  };
  store.on((what) => {
    if (what === "layer") draw();
    if (what === "filter") {
      list.querySelectorAll("button").forEach((button) => {
        button.setAttribute("aria-pressed", store.classes.has(Number(button.dataset.class)));
      });
    }
  });
}

function legendRows(store) {
  const style = store.style();
  const labels = labelsOf(style);
  const counts = labels.map(() => 0);
  for (let area = 0; area < store.shapes.count; area++) counts[store.classOf(area)]++;
  const rows = labels.map((words, look) => ({
    look,
    count: counts[look],
    row: legendRow(store, words, look, counts[look]),
  }));
  return rows.filter(({ look, count }) => look < style.labels.length || count > 0);
}

// Kinds have a row each; embedded, where room is short, those that the map shows.
function kindRows(store, rows) {
  const shown = rows.filter(({ count }) => count > 0 || !isEmbedded());
  return [...shown.map(({ row }) => row), ...signRows(store)];
}

// Numbers stand in one bar with ticks at the breaks; what is not known stands under it.
function barRows(store, rows) {
  const style = store.style();
  const classes = rows.filter(({ look }) => look < style.labels.length);
  const bar = element("li", "", "bar-row");
  const cells = element("ul", "", "bar");
  classes.forEach(({ row, look }) => {
    const edge = style.edges[look];
    if (edge !== undefined) row.append(element("span", tickWords(edge, style, store.words), "tick"));
    cells.append(row);
  });
  bar.append(cells);
  const [low, high] = style.poles;
  if (low || high) {
    const ends = element("p", "", "ends");
    ends.append(element("span", low), element("span", high));
    bar.append(ends);
  }
  const others = rows.filter(({ look, count }) => look >= style.labels.length && count > 0);
  return [bar, ...others.map(({ row }) => row), ...signRows(store)];
}

// A break without trailing zeros.
function tickWords(edge, style, words) {
  return shorter(edgeWords(edge, style, words), words);
}

// Areas of which the class alone is known, and those whose class is in doubt.
function signRows(store) {
  return [
    ...countedRow(store, store.bounded, store.words.bounded, "swatch dot"),
    ...countedRow(store, store.doubtful, store.words.doubtful, "swatch dot doubt"),
  ];
}

function countedRow(store, marked, words, look) {
  let count = 0;
  for (let area = 0; area < store.shapes.count; area++) if (marked(area)) count++;
  if (!count) return [];
  const row = element("li", "", "bounded");
  row.append(
    element("span", "", look),
    element("span", words, "label-of-mark"),
    element("span", countWords(count, store.words), "count-of-mark"),
  );
  return [row];
}

function legendRow(store, words, look, count) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.class = look;
  button.setAttribute("aria-pressed", store.classes.has(look));
  button.append(
    swatch(store, look),
    element("span", words, "label"),
    element("span", countWords(count, store.words), "count"),
  );
  button.addEventListener("click", (event) => pressClass(store, look, event));
  const row = document.createElement("li");
  row.append(button);
  return row;
}

// Only this class; with Shift or Ctrl this class too; once more: all again.
function pressClass(store, look, event) {
  const more = event.shiftKey || event.ctrlKey || event.metaKey;
  const classes = new Set(more ? store.classes : []);
  if (store.classes.has(look)) classes.delete(look);
  else classes.add(look);
  store.filter({ classes });
}
