// What is not shown to us: the least and the most that a value can be, in words.
// @ts-check

import { MISSING, TIMES, codeWords, filled } from "./numbers.js";

export function boundWords(store, area, layer) {
  const [least, most] = ["least", "most"].map((side) => store.column(side, layer)?.[area] ?? MISSING);
  return boundsInWords(store, least, most, (code) => codeBare(code, store.style(layer), store.words));
}

// A bound that says nothing is missing: then the other one stands alone.
function boundsInWords({ words }, least, most, write) {
  const [low, high] = [least, most].map((code) => (code === MISSING ? "" : write(code)));
  if (low && low === high) return low;
  if (low && high) return filled(words.between, { least: low, most: high });
  if (low) return filled(words.at_least, { least: shorter(low, words) });
  return high ? filled(words.at_most, { most: shorter(high, words) }) : "";
}

// Bounds of a balance, rounded away from what they hold, as codes of hundredths.
/** @param {any} store @param {number[]} bounds */
export function ratioBounds(store, [least, most]) {
  const style = { quantity: "ratio", decimals: 2 };
  const coded = (value, round) => {
    const hundredths = round(value * 100);
    return 3 + 2 * (hundredths >= 1000 ? 100 * round(value) : hundredths);
  };
  // What arithmetic errs by in the last bits is no reason to round away.
  const from = least > 0 && Number.isFinite(least) ? coded(least + 1e-9, Math.floor) : MISSING;
  const to = Number.isFinite(most) ? coded(most - 1e-9, Math.ceil) : MISSING;
  return boundsInWords(store, from, to, (code) => codeBare(code, style, store.words));
}

// A ratio without its "×".
function codeBare(code, style, words) {
  return codeWords(code, style, words).replace(TIMES, "");
}

// 0,50 is 0,5 and 4,00 is 4.
export function shorter(text, { decimal }) {
  const [units, rest] = text.split(decimal);
  if (rest === undefined) return text;
  const digitsOnly = rest.match(/^\d+/)[0];
  const kept = digitsOnly.replace(/0+$/, "");
  return units + (kept ? decimal + kept : "") + rest.slice(digitsOnly.length);
}
