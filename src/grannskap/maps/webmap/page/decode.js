// The payload: letters for gzip of a head (JSON) and columns of whole numbers in byte planes.
// @ts-check

export async function readPayload(text) {
  const gzip = new DecompressionStream("gzip");
  const writer = gzip.writable.getWriter();
  writer.write(bytesOf(text.trim()));
  writer.close();
  const bytes = new Uint8Array(await new Response(gzip.readable).arrayBuffer());
  const size = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  return { head, columns: columnsOf(bytes.subarray(4 + size), head.columns) };
}

// The number of bytes, the alphabet, and five letters for each four bytes.
function bytesOf(text) {
  const [count, alphabet, letters] = text.split(" ");
  const values = new Uint8Array(128);
  [...alphabet].forEach((letter, value) => (values[letter.charCodeAt(0)] = value));
  const bytes = new DataView(new ArrayBuffer((letters.length / 5) * 4));
  for (let i = 0, at = 0; i < letters.length; i += 5, at += 4) {
    let word = 0;
    for (let j = i; j < i + 5; j++) word = word * 85 + values[letters.charCodeAt(j)];
    bytes.setUint32(at, word);
  }
  return new Uint8Array(bytes.buffer, 0, Number(count));
}

// Columns are read when they are first asked for: the first picture needs few of them.
function columnsOf(bytes, sizes) {
  const places = new Map();
  let at = 0;
  for (const [name, n, width] of sizes) {
    places.set(name, { at, n, width });
    at += n * width;
  }
  const known = new Map();
  return {
    get(name) {
      if (!known.has(name) && places.has(name)) known.set(name, columnOf(bytes, places.get(name)));
      return known.get(name);
    },
  };
}

// A column lies as one to four planes: all lowest bytes first, the highest last.
function columnOf(bytes, { at, n, width }) {
  const values = new Uint32Array(n);
  for (let plane = 0; plane < width; plane++) {
    const from = at + plane * n;
    for (let i = 0; i < n; i++) values[i] |= bytes[from + i] << (8 * plane);
  }
  return values;
}

export function unfold(value) {
  return value % 2 ? -(value + 1) / 2 : value / 2;
}

// From folded steps between numbers to the numbers.
export function sums(folded) {
  const values = new Int32Array(folded.length);
  let sum = 0;
  for (let i = 0; i < folded.length; i++) {
    sum += unfold(folded[i]);
    values[i] = sum;
  }
  return values;
}
