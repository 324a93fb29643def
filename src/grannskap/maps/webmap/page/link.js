// The state in the address: indicator, year, group, area, class and view.

function hashOf(store) {
  const { name, year, group } = store.head.layers[store.layer];
  const [x, y, zoom] = store.viewNow();
  const state = new URLSearchParams({ i: name, v: [x, y, zoom.toFixed(2)].join(",") });
  if (year !== null) state.set("y", year);
  if (group) state.set("g", group);
  if (store.focused >= 0) state.set("a", store.head.codes[store.focused]);
  if (store.classes.size) state.set("c", [...store.classes].join(","));
  if (store.selection.size && store.selection.size <= 60) {
    state.set("s", [...store.selection].map((area) => store.head.codes[area]).join(","));
  }
  return `#${state}`;
}

function readHash(store) {
  const state = new URLSearchParams(location.hash.slice(1));
  const { head } = store;
  if (state.has("i")) {
    const year = state.has("y") ? Number(state.get("y")) : null;
    const wanted = { name: state.get("i"), year, group: state.get("g") ?? "" };
    store.layer = layerFor(head, wanted);
  }
  store.focused = head.codes.indexOf(state.get("a"));
  const known = legendRows(store).length;
  const classes = (state.get("c") ?? "").split(",").filter(Boolean).map(Number);
  store.classes = new Set(classes.filter((look) => look >= 0 && look < known));
  const chosen = (state.get("s") ?? "").split(",").map((code) => head.codes.indexOf(code));
  store.selection = new Set(chosen.filter((area) => area >= 0));
  const view = (state.get("v") ?? "").split(",").map(Number);
  return view.length === 3 && view.every(Number.isFinite) ? view : null;
}

// In a frame without an origin the address cannot be written, and need not be.
function keepHash(store) {
  let timer = 0;
  const write = () => {
    if (location.protocol === "about:") return;
    try {
      history.replaceState(null, "", hashOf(store));
    } catch {
      clearInterval(timer);
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, 300);
  };
  store.on((what) => what !== "hover" && later());
}
