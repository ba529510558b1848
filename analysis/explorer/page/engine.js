// The engine of filters: no page, no names of facets, nothing but typed arrays. Tested on its own with node.
//
// Models alike in every facet are one cell. A filter marks with one bit the cells that it refuses; a facet counts the cells that no
// other filter refuses, so that it shows what choosing one of its values would give.
"use strict";

/**
 * @typedef {Uint8Array | Uint16Array | Uint32Array} Codes
 * @typedef {{id: string, size: number, codes: Codes, sets: number[][] | null}} Facet  size: number of values; codes: value (or set) of each cell
 * @typedef {{facets: Facet[], count: Uint32Array, rowCell: Codes, names: string[]}} Data  count: models in each cell; rowCell: cell of each named model
 * @typedef {{total: number, named: number, facets: Uint32Array[]}} Counts  total: models that pass; named: those with a name; facets: models by value
 */

class Engine {
  /** @param {Data} data */
  constructor(data) {
    if (data.facets.length > 31) throw new RangeError("at most 31 facets");
    this.data = data;
    this.refused = new Uint32Array(data.count.length); // one bit a facet
    this.found = /** @type {Uint8Array | null} */ (null); // named models that the search finds; null without a search
    this.weight = data.count; // models of each cell that the search finds
    this.query = "";
    const lower = data.names.map((name) => name.toLowerCase());
    this.text = lower.join("\n"); // every name in lower case, one a line
    this.starts = new Uint32Array(lower.length + 1); // where each name begins in the text
    let at = 0;
    lower.forEach((name, row) => { this.starts[row] = at; at += name.length + 1; });
    this.starts[lower.length] = at;
  }

  /**
   * Let pass only models with one of these values; null lets all pass.
   * @param {number} facet @param {Iterable<number> | null} values
   */
  filter(facet, values) {
    const { codes, sets, size } = this.data.facets[facet];
    const bit = 1 << facet, keep = ~bit;
    const chosen = values === null ? null : new Set(values);
    const refuses = new Uint8Array(sets ? sets.length : size);
    if (chosen) refuses.forEach((_, code) => { refuses[code] = (sets ? sets[code].some((value) => chosen.has(value)) : chosen.has(code)) ? 0 : 1; });
    const { refused } = this;
    for (let cell = 0; cell < refused.length; cell++) refused[cell] = refuses[codes[cell]] ? refused[cell] | bit : refused[cell] & keep;
  }

  /**
   * Let pass only named models whose name holds every word, whatever their case.
   * @param {string} query
   */
  search(query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.join(" ") === this.query) return;
    this.query = words.join(" ");
    if (!words.length) { this.found = null; this.weight = this.data.count; return; }
    this.found = this.matches(words.sort((a, b) => b.length - a.length));
    this.weight = new Uint32Array(this.data.count.length);
    for (let row = 0; row < this.found.length; row++) this.weight[this.data.rowCell[row]] += this.found[row];
  }

  /**
   * Named models whose name holds every word: the longest word is sought in all names at once.
   * @param {string[]} words @returns {Uint8Array}
   */
  matches(words) {
    const found = new Uint8Array(this.data.names.length);
    let row = 0;
    for (let at = this.text.indexOf(words[0]); at >= 0; at = this.text.indexOf(words[0], this.starts[row + 1])) {
      row = this.rowAt(at);
      const name = this.text.slice(this.starts[row], this.starts[row + 1] - 1);
      found[row] = words.every((word) => name.includes(word)) ? 1 : 0;
      if (row + 1 >= found.length) break;
    }
    return found;
  }

  /**
   * The name that a place in the text belongs to.
   * @param {number} at @returns {number}
   */
  rowAt(at) {
    let low = 0, high = this.starts.length - 1;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= at) low = middle; else high = middle;
    }
    return low;
  }

  /**
   * Models that pass all filters, and for every facet the models by value that pass all other filters.
   * @returns {Counts}
   */
  count() {
    const { facets } = this.data, { refused, weight } = this;
    const sums = facets.map(({ sets, size }) => new Uint32Array(sets ? sets.length : size));
    const codes = facets.map((facet) => facet.codes);
    let total = 0;
    for (let cell = 0; cell < refused.length; cell++) {
      const bits = refused[cell], n = weight[cell];
      if (n === 0 || (bits & (bits - 1)) !== 0) continue;
      if (bits === 0) {
        total += n;
        for (let facet = 0; facet < codes.length; facet++) sums[facet][codes[facet][cell]] += n;
      } else {
        const facet = 31 - Math.clz32(bits);
        sums[facet][codes[facet][cell]] += n;
      }
    }
    let named = 0;
    for (let row = 0; row < this.data.rowCell.length; row++) named += this.passes(row) ? 1 : 0;
    return { total, named, facets: sums.map((sum, facet) => spread(sum, facets[facet])) };
  }

  /**
   * Whether a named model passes all filters and is found by the search.
   * @param {number} row @returns {boolean}
   */
  passes(row) {
    return this.refused[this.data.rowCell[row]] === 0 && (this.found === null || this.found[row] === 1);
  }

  /**
   * Models by value of one facet and by value of another, among those that pass every filter but the first facet's own.
   * @param {number} facet @param {number} other @param {number} value value of the other facet that is counted @returns {Uint32Array}
   */
  countWith(facet, other, value) {
    const { codes, size } = this.data.facets[facet], others = this.data.facets[other].codes;
    const sums = new Uint32Array(size), keep = ~(1 << facet);
    for (let cell = 0; cell < codes.length; cell++) {
      if ((this.refused[cell] & keep) === 0 && others[cell] === value) sums[codes[cell]] += this.weight[cell];
    }
    return sums;
  }

  /**
   * Named models that pass, in an order.
   * @param {Uint32Array} order named models in that order @param {number} [most] how many are wanted @returns {Uint32Array}
   */
  rows(order, most = Infinity) {
    const passing = new Uint32Array(Math.min(order.length, most));
    let n = 0;
    for (let place = 0; place < order.length && n < passing.length; place++) if (this.passes(order[place])) passing[n++] = order[place];
    return passing.subarray(0, n);
  }
}

/**
 * Counts of sets of values as counts of values.
 * @param {Uint32Array} sums @param {Facet} facet @returns {Uint32Array}
 */
function spread(sums, facet) {
  const { sets } = facet;
  if (!sets) return sums;
  const counts = new Uint32Array(facet.size);
  sets.forEach((members, code) => members.forEach((value) => { counts[value] += sums[code]; }));
  return counts;
}

/**
 * Named models by a column of numbers, missing ones last; the first column's ties keep the order of the rows.
 * @param {ArrayLike<number>} column @param {boolean} descending @returns {Uint32Array}
 */
function orderBy(column, descending) {
  const order = Uint32Array.from({ length: column.length }, (_, row) => row), sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const x = column[a], y = column[b];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) === Number.isNaN(y) ? a - b : Number.isNaN(x) ? 1 : -1;
    return sign * (x - y) || a - b;
  });
}

