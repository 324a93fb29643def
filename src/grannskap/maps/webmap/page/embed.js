// The page in another's frame, or asked for by #embed: title, legend, map, source, and a way out.

// A frame without an address of its own (a notebook's) has no other way to the whole page.
function isEmbedded() {
  const asked = new URLSearchParams(location.hash.slice(1)).has("embed");
  const framed = window.self !== window.top && location.protocol !== "about:";
  return asked || framed;
}

function markEmbedded() {
  document.documentElement.classList.toggle("embed", isEmbedded());
}

// One finger, or the wheel, scrolls the page around; two fingers and the buttons move the map.
function addEmbed(store, map) {
  if (!isEmbedded()) return;
  map.scrollWheelZoom.disable();
  if (matchMedia("(pointer: coarse)").matches) map.dragging.disable();
  const link = document.getElementById("whole");
  store.on((what) => {
    if (what !== "hover") link.href = wholeAddress(store);
  });
}

function wholeAddress(store) {
  return location.href.split("#")[0] + hashOf(store, false);
}

// Numbers stand in one bar with ticks at the breaks; what is not known stands under it.
function embeddedRows(store, rows) {
  const style = store.style();
  if (style.categories.length) return rows.filter(({ count }) => count > 0).map(({ row }) => row);
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
  return [bar, ...others.map(({ row }) => row), ...boundedRow(store)];
}

// A break without trailing zeros.
function tickWords(edge, style, words) {
  return shorter(edgeWords(edge, style, words), words);
}
