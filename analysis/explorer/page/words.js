// Numbers in words, the same in the sentence, the table, the panel and the charts.
"use strict";

const STEPS = /** @type {[number, string][]} */ ([[1e6, "t"], [1e3, "kg"], [1, "g"], [1e-3, "mg"]]);
const SIZES = /** @type {[number, string][]} */ ([[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"], [1, ""]]);

const WHOLE = new Intl.NumberFormat("en-US"), THREE = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** @param {number} value @returns {string} */
const whole = (value) => WHOLE.format(value);

/** @param {number} value @param {[number, string][]} steps @param {string} gap @returns {string} */
function scaled(value, steps, gap) {
  const rounded = Number(value.toPrecision(3));
  const [size, unit] = steps.find(([least]) => rounded >= least) || steps[steps.length - 1];
  return `${THREE.format(rounded / size)}${gap}${unit}`.trim();
}

/** Grams as people write them: 1.2 kg. @param {number} value @returns {string} */
const grams = (value) => Number.isNaN(value) ? "" : value === 0 ? "0 g" : scaled(value, STEPS, " ");

/** Parameters as people write them: 7 B. @param {number} value @returns {string} */
const size = (value) => Number.isNaN(value) ? "" : value === 0 ? "0" : scaled(value, SIZES, "");

/** @param {number} part @param {number} all @returns {string} */
function share(part, all) {
  if (!all) return "0 %";
  const value = (100 * part) / all;
  if (part && value < 0.01) return "less than 0.01 %";
  if (part !== all && value > 99.99) return "more than 99.99 %";
  return `${Number(value.toPrecision(value < 1 ? 2 : 3))} %`;
}

/** A noun with its number. @param {number} n @param {string} one @param {string} many @returns {string} */
const many = (n, one, many) => `${whole(n)} ${n === 1 ? one : many}`;

/** The beginning of a text. @param {string} text @returns {string} */
const clipped = (text) => text.length > 120 ? `${text.slice(0, 120)}…` : text;

/** A text as one cell of CSV: quoted where needed, and never a formula. @param {unknown} value @returns {string} */
function csvCell(value) {
  let text = value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
  if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}


/** @param {number[]} values at least one @returns {number} */
function median(values) {
  const sorted = Float64Array.from(values).sort(), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
