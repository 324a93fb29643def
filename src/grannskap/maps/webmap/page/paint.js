// Painting on a canvas: for the country's map and for the picture that is saved.

// One path per area, in steps; a canvas transform brings it to the screen.
function areaPaths(shapes) {
  return shapes.rings.map((rings) => {
    const path = new Path2D();
    for (const ring of rings) {
      let first = true;
      eachPoint(shapes, ring, (x, y) => {
        if (first) path.moveTo(x, y);
        else path.lineTo(x, y);
        first = false;
      });
      path.closePath();
    }
    return path;
  });
}

function arcsPath(shapes, arcs) {
  const path = new Path2D();
  for (const arc of arcs) {
    const [from, to] = [shapes.offsets[arc], shapes.offsets[arc + 1]];
    path.moveTo(shapes.x[from], shapes.y[from]);
    for (let i = from + 1; i < to; i++) path.lineTo(shapes.x[i], shapes.y[i]);
  }
  return path;
}

// Where steps lie on the canvas: pixels per step, and the pixel of the origin.
function stepsToLayer(map, shapes, corner) {
  const [east, north, step] = shapes.grid;
  const crs = map.options.crs;
  const scale = crs.scale(map.getZoom());
  const place = (x, y) => crs.transformation.transform(L.point(x, y), scale);
  const origin = place(east, north).subtract(map.getPixelOrigin()).subtract(corner);
  const size = place(east + step, north).x - place(east, north).x;
  return { x: origin.x, y: origin.y, size };
}

function setSteps(context, view, ratio) {
  const { x, y, size } = view;
  context.setTransform(size * ratio, 0, 0, -size * ratio, x * ratio, y * ratio);
}

// One fill per class: shared borders inside a class leave no seam.
function paintAreas(context, store, paths, view, { ratio, width, height }) {
  const { x, y, size } = view;
  const seen = [-x / size, (y - height) / size, (width - x) / size, y / size];
  const visible = visibleAreas(store.shapes, seen);
  const looks = new Map();
  for (const area of visible) {
    const look = store.lookOf(area);
    if (!looks.has(look)) looks.set(look, new Path2D());
    looks.get(look).addPath(paths.areas[area]);
  }
  setSteps(context, view, ratio);
  context.lineJoin = "round";
  for (const [look, path] of looks) {
    context.fillStyle = store.fillOf(look, context);
    context.fill(path, "nonzero");
    context.strokeStyle = context.fillStyle;
    context.lineWidth = 0.4 / size;
    context.stroke(path);
  }
  paintBorders(context, store, paths, view, visible.length);
}

function visibleAreas(shapes, [west, south, east, north]) {
  const found = [];
  shapes.boxes.forEach((box, area) => {
    if (box[0] < east && box[2] > west && box[1] < north && box[3] > south) found.push(area);
  });
  return found;
}

// Thousands of borders on one screen would hide the colours: they come when zoomed in.
function paintBorders(context, store, paths, view, areas) {
  context.strokeStyle = store.colours.border;
  if (areas < 2500) {
    context.lineWidth = 0.6 / view.size;
    context.stroke(paths.borders);
  }
  context.strokeStyle = store.colours.municipality;
  context.lineWidth = (areas < 2500 ? 1.2 : 0.5) / view.size;
  context.stroke(paths.municipalities);
}

function hatchOn(context, colour, background) {
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = background;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, "repeat");
  // The pattern is measured in screen pixels, whatever the transform of the shapes.
  pattern.setTransform(context.getTransform().inverse());
  return pattern;
}
