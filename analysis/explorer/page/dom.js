// Building the page: text is only ever set as text.
"use strict";

/** Element of the page by its id. @param {string} id @returns {any} */
const at = (id) => document.getElementById(id);

/**
 * A new element.
 * @param {string} tag @param {Record<string, any>} [properties] @param {(Node | string)[]} children @returns {any}
 */
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && name !== "list") /** @type {any} */ (node)[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Address of a model on the Hub. @param {string} name @returns {string} */
const hubAddress = (name) => `https://huggingface.co/${name.split("/").map(encodeURIComponent).join("/")}`;

/** Hand a text to the reader as a file. @param {string} name @param {string} text */
function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
