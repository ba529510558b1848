// Reading what is packed in the page: gzip by the browser itself, then views on one buffer.
"use strict";

/** @typedef {{head: any, columns: Record<string, any>}} Packed */

/**
 * Bytes of a packed part of the page.
 * @param {string} id @returns {Promise<ArrayBuffer>}
 */
async function unpacked(id) {
  const holder = /** @type {HTMLElement} */ (document.getElementById(id));
  const text = (holder.textContent || "").trim();
  holder.remove();
  const packed = /** @type {any} */ (Uint8Array).fromBase64 ? /** @type {any} */ (Uint8Array).fromBase64(text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/**
 * Head and columns of the packed data.
 * @returns {Promise<Packed>}
 */
async function readData() {
  const buffer = await unpacked("data");
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  /** @type {Record<string, any>} */
  const kinds = { Uint8Array, Uint16Array, Uint32Array, Float64Array };
  /** @type {Record<string, any>} */
  const columns = {};
  for (const [name, [kind, at, size]] of Object.entries(head.columns)) columns[name] = new kinds[kind](buffer, 4 + length + at, size);
  return { head, columns };
}

/**
 * Claims of the models that state something, by row.
 * @returns {Promise<Map<number, any[][]>>}
 */
async function readClaims() {
  const text = new TextDecoder().decode(await unpacked("claims"));
  return new Map(text ? text.split("\n").map((line) => JSON.parse(line)) : []);
}
