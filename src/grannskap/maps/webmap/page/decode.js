// The payload: letters for gzip of a head (JSON) and columns of whole numbers in byte planes.

async function readPayload(text) {
  const packed = new Blob([bytesOf(text.trim())]);
  const plain = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(plain).arrayBuffer());
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

// Every column lies as one to four planes: all lowest bytes first, the highest last.
function columnsOf(bytes, sizes) {
  const columns = new Map();
  let at = 0;
  for (const [name, n, width] of sizes) {
    const values = new Uint32Array(n);
    for (let shift = 0; shift < 8 * width; shift += 8, at += n) {
      for (let i = 0; i < n; i++) values[i] |= bytes[at + i] << shift;
    }
    columns.set(name, values);
  }
  return columns;
}

function unfold(value) {
  return value % 2 ? -(value + 1) / 2 : value / 2;
}

// From folded steps between numbers to the numbers.
function sums(folded) {
  const values = new Int32Array(folded.length);
  let sum = 0;
  for (let i = 0; i < folded.length; i++) {
    sum += unfold(folded[i]);
    values[i] = sum;
  }
  return values;
}
