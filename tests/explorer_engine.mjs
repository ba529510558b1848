// The engine of filters on its own: every count against a plain loop over the models, for many random states.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const folder = new URL("../analysis/explorer/page/", import.meta.url);
const load = (name, wanted) => vm.runInThisContext(`(() => {${readFileSync(new URL(`${name}.js`, folder), "utf8")}; return {${wanted}}; })()`);
const { Engine, orderBy } = load("engine", "Engine, orderBy");
const { csvCell, grams, median, share, size } = load("words", "csvCell, grams, median, share, size");
const { stateOf, hashOf } = load("state", "stateOf, hashOf");

function generator(seed) {
  return () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };
}

/** Models with two plain facets and one of sets; the first 60 have names; cells as the packing makes them. */
function world(draw, n = 400) {
  const sets = [[0], [1], [2], [0, 1], [1, 2]];
  const models = Array.from({ length: n }, (_, number) => ({ a: Math.floor(draw() * 4), b: Math.floor(draw() * 300), flags: Math.floor(draw() * 5), name: number < 60 ? `Lab-${number % 7}/İ-Model-${number}` : null }));
  const keys = new Map();
  const cell = models.map(({ a, b, flags }) => {
    const key = `${a},${b},${flags}`;
    if (!keys.has(key)) keys.set(key, { a, b, flags, n: 0, place: keys.size });
    keys.get(key).n++;
    return keys.get(key).place;
  });
  const cells = [...keys.values()];
  const facets = [{ id: "a", size: 4, codes: Uint8Array.from(cells, (each) => each.a), sets: null }, { id: "b", size: 300, codes: Uint16Array.from(cells, (each) => each.b), sets: null }, { id: "flags", size: 3, codes: Uint8Array.from(cells, (each) => each.flags), sets }];
  const data = { facets, count: Uint32Array.from(cells, (each) => each.n), rowCell: Uint32Array.from(cell.slice(0, 60)), names: models.slice(0, 60).map((each) => each.name) };
  return { models, data, sets };
}

test("counts equal a loop over the models in every state", () => {
  const draw = generator(7), { models, data, sets } = world(draw), engine = new Engine(data);
  const values = (model, facet) => facet === 0 ? [model.a] : facet === 1 ? [model.b] : sets[model.flags];
  const chosen = [null, null, null];
  let query = "";
  for (let step = 0; step < 200; step++) {
    const facet = Math.floor(draw() * 4);
    if (facet === 3) engine.search(query = ["", "lab-3", "MODEL-1 lab", "i̇-model-5", "nothing", "/"][Math.floor(draw() * 6)]);
    else engine.filter(facet, chosen[facet] = draw() < 0.3 ? null : Array.from({ length: 1 + Math.floor(draw() * 3) }, () => Math.floor(draw() * data.facets[facet].size)));
    const words = query.toLowerCase().split(" ").filter(Boolean);
    const found = models.filter(({ name }) => !words.length || (name !== null && words.every((word) => name.toLowerCase().includes(word))));
    const passes = (model, but) => chosen.every((those, place) => place === but || those === null || values(model, place).some((value) => those.includes(value)));
    const passing = found.filter((model) => passes(model, -1)), counts = engine.count();
    assert.equal(counts.total, passing.length);
    assert.equal(counts.named, passing.filter((model) => model.name).length);
    counts.facets.forEach((sums, place) => sums.forEach((n, value) => {
      assert.equal(n, found.filter((model) => passes(model, place) && values(model, place).includes(value)).length);
    }));
    engine.countWith(1, 0, 2).forEach((n, value) => assert.equal(n, found.filter((model) => passes(model, 1) && model.a === 2 && model.b === value).length));
    const order = orderBy(data.rowCell, true);
    assert.equal(engine.rows(order).length, counts.named);
    assert.equal(engine.rows(order, 5).length, Math.min(5, counts.named));
  }
});

test("an order puts missing numbers last both ways", () => {
  assert.deepEqual([...orderBy(Float64Array.of(2, NaN, 3, 1), true)], [2, 0, 3, 1]);
  assert.deepEqual([...orderBy(Float64Array.of(2, NaN, 3, 1), false)], [3, 0, 2, 1]);
});

test("no model, no name, no facet", () => {
  const engine = new Engine({ facets: [], count: new Uint32Array(0), rowCell: new Uint8Array(0), names: [] });
  engine.search("x");
  assert.deepEqual(engine.count(), { total: 0, named: 0, facets: [] });
});

test("numbers in words", () => {
  assert.deepEqual([[3], [4, 1], [9, 1, 2]].map(median), [3, 2.5, 2]);
  assert.deepEqual([0, 0.5, 12.34, 999.9, 24_688_000, NaN].map(grams), ["0 g", "500 mg", "12.3 g", "1 kg", "24.7 t", ""]);
  assert.deepEqual([0, 1234, 6_738_415_616, 1.76e11].map(size), ["0", "1.23k", "6.74B", "176B"]);
  assert.deepEqual([[1, 3], [0, 5], [1, 1e6], [999_999, 1e6], [5, 5], [0, 0]].map(([part, all]) => share(part, all)), ["33.3 %", "0 %", "less than 0.01 %", "more than 99.99 %", "100 %", "0 %"]);
});

test("cells of CSV are quoted and are no formulas; negative numbers stay numbers", () => {
  assert.deepEqual(["=cmd()", "a,b", 'say "x"', "two\nlines", "@x", -1.5, NaN, null].map(csvCell), ["'=cmd()", '"a,b"', '"say ""x"""', '"two\nlines"', "'@x", "-1.5", "", ""]);
});

test("the address holds the state", () => {
  const state = { query: "bert & co", chosen: new Map([["licence", new Set(["other: a,b", "mit"])]]), sort: "downloads", model: "a/b" };
  assert.deepEqual(stateOf(`#${hashOf(state)}`, ["licence", "level"]), state);
  assert.equal(hashOf(stateOf("", ["level"])), "");
  assert.equal(stateOf("#foreign=1", ["level"]).chosen.size, 0);
});
