// Numbers as they are written everywhere: the same digits in card, table, tooltip and CSV.
// A code is 0 (missing), 1 (infinite), 2 (minus infinite) or 3 + the folded number, counted
// in units of its last decimal, so that nothing is rounded twice.
// @ts-check

import { unfold } from "./decode.js";

export const TIMES = "×";
export const MISSING = 0;
const INFINITE = 1;
export const MINUS_INFINITE = 2;

export function numberOf(code, style) {
  if (code === MISSING) return NaN;
  if (code === INFINITE) return Infinity;
  if (code === MINUS_INFINITE) return -Infinity;
  return unfold(code - 3) / 10 ** style.decimals;
}

export function codeWords(code, style, words) {
  if (code === MISSING) return "–";
  if (code === INFINITE) return "∞";
  if (code === MINUS_INFINITE) return "−∞";
  const whole = unfold(code - 3);
  if (style.quantity === "ratio") {
    const large = Math.abs(whole) >= 1000;
    return digits(large ? whole / 100 : whole, large ? 0 : 2, words) + TIMES;
  }
  const number = digits(whole, style.decimals, words);
  return style.quantity === "share" ? number + words.percent : number;
}

// The number alone, for a spreadsheet: no unit, no thousands mark.
export function codePlain(code, style, words) {
  const plain = { ...words, thousands: "", minus: "-", percent: "" };
  return codeWords(code, style, plain).replace(TIMES, "").replace("–", "");
}

// `whole` counts units of the last decimal.
export function digits(whole, decimals, words) {
  const text = String(Math.abs(whole)).padStart(decimals + 1, "0");
  const end = text.length - decimals;
  const units = text.slice(0, end).replace(/\B(?=(\d{3})+$)/g, words.thousands);
  const rest = decimals ? words.decimal + text.slice(end) : "";
  return (whole < 0 ? words.minus : "") + units + rest;
}

export function ratioWords(value, words) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return "∞";
  const decimals = Math.abs(value) >= 9.995 ? 0 : 2;
  return digits(Math.round(value * 10 ** decimals), decimals, words) + TIMES;
}

export function countWords(value, words) {
  return digits(value, 0, words);
}

// "{n} areas" with its numbers in place.
export function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
