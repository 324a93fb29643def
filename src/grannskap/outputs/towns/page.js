// The search and the order of the table on the page of all towns; the page is whole without it.
"use strict";
(() => {
  const body = /** @type {HTMLTableSectionElement} */ (document.querySelector("tbody"));
  const search = /** @type {HTMLInputElement} */ (document.getElementById("search"));
  const found = /** @type {HTMLElement} */ (document.getElementById("found"));
  const rows = /** @type {HTMLTableRowElement[]} */ ([...body.rows]);
  const shapes = new Map(
    [.../** @type {NodeListOf<SVGPathElement>} */ (document.querySelectorAll("path[data-town]"))].map(
      (shape) => [shape.dataset.town, shape],
    ),
  );
  const language = document.documentElement.lang;

  /** @param {string} text Letters without marks and capitals, so that "malmo" finds Malmö. */
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const sought = new Map(
    rows.map((row) => [row, plain([...row.cells].slice(0, 2).map((cell) => cell.textContent).join(" "))]),
  );

  const filter = () => {
    const words = plain(search.value).split(/\s+/u).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => sought.get(row)?.includes(word));
      shapes.get(row.dataset.town)?.classList.toggle("faint", row.hidden);
      left += row.hidden ? 0 : 1;
    }
    found.textContent = words.length ? `${left} ${found.dataset.of} ${found.dataset.all}` : "";
  };

  /**
   * Compare two cells; what is not known comes last, whichever way.
   * @param {HTMLElement} one
   * @param {HTMLElement} other
   * @param {number} way
   */
  const compare = (one, other, way) => {
    if (one.dataset.number === undefined) {
      return way * (one.dataset.by ?? "").localeCompare(other.dataset.by ?? "", language);
    }
    const [a, b] = [one.dataset.number, other.dataset.number ?? ""];
    if (a === "" || b === "") return Number(a === "") - Number(b === "");
    const value = (/** @type {string} */ text) => (text === "inf" ? Infinity : Number(text));
    return value(a) === value(b) ? 0 : way * (value(a) < value(b) ? -1 : 1);
  };

  /** @param {HTMLTableCellElement} heading */
  const sort = (heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending"
      || (heading.getAttribute("aria-sort") === "none" && heading.classList.contains("number"));
    for (const other of document.querySelectorAll("[aria-sort]")) other.setAttribute("aria-sort", "none");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const at = heading.cellIndex;
    const way = down ? -1 : 1;
    body.append(...[...rows].sort((a, b) => compare(a.cells[at], b.cells[at], way)));
  };

  /** @param {string | undefined} town @param {boolean} on */
  const mark = (town, on) => {
    shapes.get(town)?.classList.toggle("marked", on);
    rows.find((row) => row.dataset.town === town)?.classList.toggle("marked", on);
  };

  search.addEventListener("input", filter);
  for (const button of document.querySelectorAll("thead button")) {
    button.addEventListener("click", () => {
      const heading = /** @type {HTMLTableCellElement} */ (button.parentElement);
      sort(heading);
    });
  }
  for (const one of [...rows, ...shapes.values()]) {
    for (const [event, on] of /** @type {[string, boolean][]} */ ([
      ["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false],
    ])) {
      one.addEventListener(event, () => mark(one.dataset.town, on));
    }
  }
})();
