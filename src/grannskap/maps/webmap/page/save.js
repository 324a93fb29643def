// What can be taken away: the shown table as CSV, the map as PNG, print, a link to the view.

function addSaving(store, map, view) {
  const on = (id, action) => document.getElementById(id).addEventListener("click", action);
  on("csv", () => save(new Blob([csvOf(view)], { type: "text/csv" }), fileName(store, "csv")));
  on("png", () => savePicture(store, map));
  on("print", () => window.print());
  on("full", () => fullScreen(store));
  on("link", () => showLink(store));
}

function fileName(store, ending) {
  const { name, year, group } = store.head.layers[store.layer];
  const parts = [name, year, group].filter(Boolean).join("-");
  return `${parts.replace(/[^\p{L}\p{N}_-]+/gu, "-")}.${ending}`;
}

function save(blob, name) {
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
  const lines = [columns.map((column) => column.title), ...rows];
  return "\ufeff" + lines.map((line) => line.map(csvCell).join(";")).join("\r\n") + "\r\n";
}

// A value's column is followed by those of its interval and of its status.
function csvColumns(store, { title, text, plain, interval, note }) {
  const { words } = store;
  const more = [
    interval && { title: `${title}: ${words.interval}`, text: interval },
    note && { title: `${title}: ${words.status}`, text: note },
  ];
  return [{ title, text: plain ?? text }, ...more.filter(Boolean)];
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

// The link is shown, marked and copied; a frame without an address has only the state to give.
function showLink(store) {
  const input = element("input", "", "link");
  input.readOnly = true;
  const address = location.protocol === "about:" ? "" : location.href.split("#")[0];
  input.value = address + hashOf(store);
  input.setAttribute("aria-label", store.words.link);
  document.getElementById("message").replaceChildren(`${store.words.link_copied} `, input);
  input.select();
  document.execCommand("copy");
}

// The picture holds what a report needs: title, map, legend, scale bar and source.
function savePicture(store, map) {
  const size = map.getSize();
  const ratio = 2;
  const tall = size.y + 64 + 40;
  const canvas = document.createElement("canvas");
  canvas.width = size.x * ratio;
  canvas.height = tall * ratio;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const corner = map.containerPointToLayerPoint([0, 0]);
  const view = stepsToLayer(map, store.shapes, corner);
  view.y += 64;
  pen.save();
  pen.beginPath();
  pen.rect(0, 64 * ratio, size.x * ratio, size.y * ratio);
  pen.clip();
  paintAreas(pen, store, view, { ratio, width: size.x, height: size.y + 64 });
  pictureRings(store, pen, view);
  pen.restore();
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pictureWords(store, map, pen, size, tall);
  canvas.toBlob((blob) => save(blob, fileName(store, "png")));
}

function pictureRings(store, pen, view) {
  store.head.rings.forEach((_, i) => {
    const areas = [...store.columns.get(`ring${i}.areas`)];
    pen.strokeStyle = "#111111";
    pen.lineWidth = 2.5 / view.size;
    pen.stroke(arcsPath(store.shapes, outline(store.shapes, areas)));
  });
}

function pictureWords(store, map, pen, size, tall) {
  const style = store.style();
  const { year, group } = store.head.layers[store.layer];
  pen.fillStyle = "#111111";
  pen.font = "600 20px system-ui, sans-serif";
  pen.fillText([style.title, group, year].filter(Boolean).join(", "), 12, 28, size.x - 24);
  pen.font = "14px system-ui, sans-serif";
  pen.fillText([style.unit, style.caption].filter(Boolean).join(" · "), 12, 50, size.x - 24);
  pen.fillText(document.getElementById("source").textContent, 12, tall - 14, size.x - 24);
  pictureLegend(store, pen, tall - 56);
  pictureScale(map, pen, size, tall - 56);
}

function pictureLegend(store, pen, bottom) {
  const rows = [...document.querySelectorAll("#classes button")];
  const height = rows.length * 20 + 12;
  pen.fillStyle = "#ffffffe6";
  pen.fillRect(8, bottom - height, 210, height);
  rows.forEach((row, i) => {
    const y = bottom - height + 8 + i * 20;
    pen.fillStyle = store.fillOf(Number(row.dataset.class), pen);
    pen.fillRect(16, y, 24, 14);
    pen.strokeStyle = "#777777";
    pen.strokeRect(16, y, 24, 14);
    pen.fillStyle = "#111111";
    pen.fillText(row.querySelector(".label").textContent, 48, y + 12, 160);
  });
}

function pictureScale(map, pen, size, bottom) {
  const bar = document.querySelector(".leaflet-control-scale-line");
  if (!bar) return;
  const wide = parseFloat(bar.style.width);
  const x = size.x - wide - 16;
  pen.fillStyle = "#ffffffe6";
  pen.fillRect(x - 8, bottom - 34, wide + 16, 32);
  pen.fillStyle = "#111111";
  pen.fillText(bar.textContent, x, bottom - 14);
  pen.fillRect(x, bottom - 8, wide, 3);
}
