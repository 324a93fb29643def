// Colours of classes are the style's; those of the page follow light and dark surroundings.

function readColours() {
  const root = getComputedStyle(document.documentElement);
  const names = ["border", "municipality", "faded", "hatch", "ground", "text"];
  return Object.fromEntries(names.map((name) => [name, root.getPropertyValue(`--${name}`).trim()]));
}

function addColours(store) {
  store.colours = readColours();
  addPattern("hatch-missing", store.colours.hatch, "#ffffff");
  const isMissing = (look) => look === missingClass(store.style());
  store.paintOf = (look) => (isMissing(look) ? "url(#hatch-missing)" : store.style().colours[look]);
  store.fillOf = (look, context) => {
    if (look === FADED) return store.colours.faded;
    if (isMissing(look)) return hatchOn(context, store.colours.hatch, "#ffffff");
    return store.style().colours[look];
  };
}

// A small square of the class's colour.
function swatch(store, look) {
  const box = document.createElement("span");
  box.className = "swatch";
  if (look === missingClass(store.style())) box.classList.add("hatched");
  else box.style.backgroundColor = store.style().colours[look];
  return box;
}

function element(name, text = "", className = "") {
  const node = document.createElement(name);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}
