// What the reader chose, and the address that says it: #q=bert&level=stated&sort=-downloads&model=org/name
"use strict";

/** @typedef {{query: string, chosen: Map<string, Set<string>>, sort: string, model: string}} State */

const FIRST_SORT = "-emissions";

/**
 * State that an address says; names of facets that the page does not have are passed over.
 * @param {string} hash @param {string[]} facets @returns {State}
 */
function stateOf(hash, facets) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const chosen = new Map(facets.filter((id) => said.has(id)).map((id) => [id, new Set(said.getAll(id))]));
  return { query: said.get("q") || "", chosen, sort: said.get("sort") || FIRST_SORT, model: said.get("model") || "" };
}

/** Address of a state. @param {State} state @returns {string} */
function hashOf(state) {
  const said = new URLSearchParams();
  if (state.query) said.set("q", state.query);
  for (const [id, values] of state.chosen) for (const value of values) said.append(id, value);
  if (state.sort !== FIRST_SORT) said.set("sort", state.sort);
  if (state.model) said.set("model", state.model);
  return said.toString();
}

