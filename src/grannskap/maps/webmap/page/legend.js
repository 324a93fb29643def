// The legend: every class with its count; a press shows only that class.

function addLegend(store) {
  const list = document.getElementById("classes");
  const draw = () => {
    list.replaceChildren(...legendRows(store));
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
  const missing = missingClass(style);
  const labels = missing < style.labels.length ? style.labels : [...style.labels, style.missing_label];
  const counts = labels.map(() => 0);
  for (let area = 0; area < store.shapes.count; area++) counts[legendClass(store, area)]++;
  const rows = labels.map((words, look) => legendRow(store, words, look, counts[look]));
  const [low, high] = style.poles;
  if (low) rows.unshift(element("li", low, "hint pole"));
  if (high) rows.splice(style.colours.length + 1, 0, element("li", high, "hint pole"));
  return rows;
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
