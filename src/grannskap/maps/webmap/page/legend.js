// The legend: every class with its count; a press shows only that class.

function addLegend(store) {
  const list = document.getElementById("classes");
  const draw = () => {
    const rows = legendRows(store);
    list.replaceChildren(...(isEmbedded() ? embeddedRows(store, rows) : wholeRows(store, rows)));
    list.classList.toggle("long", store.style().categories.length > 0);
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

// Every class of the style, its poles in words, and what is not known on this map.
function wholeRows(store, rows) {
  const style = store.style();
  const shown = rows.map(({ row }) => row);
  const [low, high] = style.poles;
  if (low) shown.unshift(element("li", low, "hint pole"));
  if (high) shown.splice(style.colours.length + 1, 0, element("li", high, "hint pole"));
  return [...shown, ...boundedRow(store)];
}

// Hidden areas that have a class all the same, since all that they can be lies in it.
function boundedRow(store) {
  let count = 0;
  for (let area = 0; area < store.shapes.count; area++) if (store.bounded(area)) count++;
  if (!count) return [];
  const row = element("li", "", "bounded");
  row.append(
    element("span", "", "swatch dot"),
    element("span", store.words.bounded, "label-of-mark"),
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
