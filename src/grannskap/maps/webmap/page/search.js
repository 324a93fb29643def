// Search by code, name, RegSO, municipality and highlight: arrows choose, Enter goes there.
// @ts-check

import { byId, element } from "./colours.js";

const FOUND_AT_MOST = 8;
const ASKED_AT_LEAST = 2;

export function addSearch(store) {
  const input = byId("search");
  const list = byId("found");
  const view = { store, input, list, targets: searchTargets(store), found: [], at: -1 };
  input.addEventListener("input", () => showFound(view));
  input.addEventListener("focus", () => showFound(view));
  input.addEventListener("blur", () => setTimeout(() => hideFound(view), 150));
  input.addEventListener("keydown", (event) => keySearch(view, event));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) goTo(view, view.found[Number(row.dataset.at)]);
  });
}

function searchTargets(store) {
  const { head, words } = store;
  const group = (kind, { names, of }) => {
    const areas = names.map(() => []);
    of.forEach((name, area) => areas[name]?.push(area));
    const targets = names.map((name, i) => ({ words: name, kind, areas: areas[i], folded: fold(name) }));
    return targets.filter((target) => target.words);
  };
  const highlights = head.highlights.map((highlight, i) => ({
    words: highlight.name,
    kind: words.neighbourhood,
    areas: [...store.columns.get(`highlight${i}.areas`)],
    folded: fold(highlight.name),
  }));
  const areas = head.codes.map((code, area) => {
    const name = head.names?.[area] ?? "";
    const said = [name, code].filter(Boolean).join(" ");
    return { words: said, code, areas: [area], folded: fold(said) };
  });
  return [
    ...highlights.filter((highlight) => highlight.areas.length),
    ...(head.municipality ? group(words.municipality, head.municipality) : []),
    ...(head.regso ? group(words.regso, head.regso) : []),
    ...areas,
  ];
}

// "hjallbo" finds Hjällbo: letters without their marks.
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

// Names before codes; what begins so before what has it at the start of a word, or inside.
function nearness({ folded, code }, asked) {
  const inCode = code && fold(code).includes(asked);
  const inside = ` ${folded}`.includes(` ${asked}`) ? 1 : 2;
  return (inCode ? 3 : 0) + (folded.startsWith(asked) ? 0 : inside);
}

function showFound(view) {
  const asked = fold(view.input.value.trim());
  const long = asked.length >= ASKED_AT_LEAST;
  const all = long ? view.targets.filter((target) => target.folded.includes(asked)) : [];
  const rank = (target) => nearness(target, asked);
  view.found = all.sort((a, b) => rank(a) - rank(b)).slice(0, FOUND_AT_MOST);
  view.at = -1;
  const rows = view.found.map((target, i) => {
    const row = element("li", target.words);
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    row.id = `found-${i}`;
    row.dataset.at = i;
    if (target.kind) row.append(" ", element("small", target.kind));
    return row;
  });
  view.list.replaceChildren(...rows);
  const open = rows.length > 0;
  view.list.hidden = !open;
  view.input.setAttribute("aria-expanded", open);
  view.input.removeAttribute("aria-activedescendant");
}

function hideFound(view) {
  view.list.hidden = true;
  view.input.setAttribute("aria-expanded", "false");
}

function keySearch(view, event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && view.found.length) {
    view.at = (view.at + step + view.found.length) % view.found.length;
    [...view.list.children].forEach((row, i) => row.setAttribute("aria-selected", i === view.at));
    view.input.setAttribute("aria-activedescendant", `found-${view.at}`);
  } else if (event.key === "Enter") goTo(view, view.found[Math.max(0, view.at)]);
  else if (event.key === "Escape") hideFound(view);
  else return;
  event.preventDefault();
}

// One area comes into focus; the areas of a place are selected.
function goTo(view, target) {
  hideFound(view);
  if (!target) {
    if (view.input.value.trim()) say(view.store.words.nothing_found);
    return;
  }
  view.input.value = target.words;
  const { store } = view;
  if (target.areas.length === 1) store.focus(target.areas[0]);
  else {
    store.selection.clear();
    store.toggle(target.areas, true);
  }
  store.show(target.areas);
}

export function say(text) {
  byId("message").textContent = text;
}
