// The page: state, facets, sentence, plots, table, panel. Every change goes through update().
"use strict";

const PAGE = 50, SHORT = 8, MOST_MONTHS = 1;
/** Flags that say that an amount is no measurement of the model's own training, or cannot be right. */
const DOUBTS = new Set(["placeholder", "implausible", "contradicted", "inherited", "copied-card", "near-duplicate", "constant", "exercise", "family-total", "component"]);

/** @param {ArrayLike<number>} counts @returns {number} */
const amountsIn = (counts) => Array.from(counts).reduce((a, b) => a + b, 0);

/**
 * The page at work; what it returns can be asked from the browser's console as hfCarbon.
 * @param {Packed} packed
 */
function explorer({ head, columns }) {
  const facets = head.facets.map((/** @type {any} */ facet) => ({ ...facet, size: facet.values.length, codes: columns[`cell.${facet.id}`] }));
  const places = new Map(facets.map((/** @type {any} */ facet, /** @type {number} */ place) => [facet.id, place]));
  const engine = new Engine({ facets, count: columns["cell.count"], rowCell: columns["row.cell"], names: head.names });
  const column = /** @type {Record<string, any>} */ ({ emissions: columns["row.emissions_gco2e"], parameters: columns["row.parameters_count"],
    downloads: columns["row.downloads_count"], likes: columns["row.likes_count"], score: columns["row.verdict"] });
  const orders = /** @type {Record<string, Uint32Array>} */ ({});
  const ids = facets.map((/** @type {any} */ facet) => facet.id);
  let state = stateOf(location.hash, ids), claims = /** @type {Map<number, any[][]>} */ (new Map()), shown = PAGE;
  let counts = engine.count(), passing = /** @type {Uint32Array} */ (new Uint32Array(0)), redraw = () => {};
  const reporters = head.names.map((/** @type {string} */ _, /** @type {number} */ row) => row).filter((/** @type {number} */ row) => !Number.isNaN(column.emissions[row]));
  let reporting = /** @type {number[]} */ ([]); // those of them that pass
  const owners = new Map(reporters.map((/** @type {number} */ row) => [row, head.names[row].includes("/") ? head.names[row].split("/")[0] : "(no owner known)"]));
  const scores = Float64Array.from(columns["row.verdict"], (code) => head.verdicts[code].score);
  column.score = scores;

  /** Value of a facet of a named model, in words. @param {number} row @param {string} id @returns {string} */
  function valueOf(row, id) {
    const place = places.get(id);
    if (place === undefined) return "";
    const facet = facets[place], code = facet.codes[columns["row.cell"][row]];
    return facet.sets ? facet.sets[code].map((/** @type {number} */ each) => facet.labels[each]).join(", ") : facet.labels[code];
  }
  const wordOf = (/** @type {number} */ row, /** @type {string} */ name) => head.dictionaries[name][columns[`row.${name}`][row]];
  const verdictOf = (/** @type {number} */ row) => head.verdicts[columns["row.verdict"][row]];
  const evidenceOf = (/** @type {number} */ row) => { // words that name a unit say more than the bare number of the metadata
    const found = (claims.get(row) || []).filter((claim) => claim[0] === "emissions" && claim[1] === "reported");
    const same = found.filter((claim) => Math.abs(claim[5] - column.emissions[row]) <= 0.01 * column.emissions[row]);
    return same.find((claim) => /[a-z]/i.test(claim[2])) || same[0] || found[0];
  };
  const report = places.get("outcome") ?? -1, reportedCode = facets[report]?.values.indexOf("reported") ?? -1;

  const flags = places.get("flag") ?? -1, doubts = facets[flags]?.sets?.map((/** @type {number[]} */ set) => set.some((value) => DOUBTS.has(facets[flags].values[value])));
  const isDoubtful = (/** @type {number} */ row) => flags >= 0 && doubts[facets[flags].codes[columns["row.cell"][row]]];

  function orderOf() {
    const name = state.sort.replace("-", "");
    orders[state.sort] ??= orderBy(column[name] || column.emissions, state.sort.startsWith("-"));
    return orders[state.sort];
  }

  // Facets: built once, their numbers change.
  const boxes = facets.map((/** @type {any} */ facet) => {
    if (facet.id === "month") return monthBox(facet);
    const list = make("ul"), rows = facet.values.map((/** @type {string} */ value, /** @type {number} */ place) => {
      const box = make("input", { type: "checkbox" }), count = make("span", { className: "count" }), bar = make("span", { className: "bar" });
      box.addEventListener("change", () => { choose(facet.id, value, box.checked); });
      const item = make("li", {}, make("label", {}, box, make("span", { className: "value" }, facet.labels[place]), count, bar));
      list.append(item);
      return { box, count, bar, item };
    });
    const all = make("button", { type: "button", className: "more", hidden: facet.size <= SHORT + 2 }, `Show all ${facet.size}`);
    let isOpen = facet.size <= SHORT + 2;
    all.addEventListener("click", () => { isOpen = !isOpen; all.textContent = isOpen ? "Show fewer" : `Show all ${facet.size}`; update(); });
    at("facets").append(make("details", { open: ["level", "outcome", "domain"].includes(facet.id) || state.chosen.has(facet.id) }, make("summary", {}, facet.title), list, all));
    return (/** @type {Uint32Array} */ sums) => {
      const most = sums.reduce((a, b) => Math.max(a, b), 1), chosen = state.chosen.get(facet.id) || new Set();
      rows.forEach((/** @type {any} */ row, /** @type {number} */ place) => {
        row.box.checked = chosen.has(facet.values[place]);
        row.item.hidden = !isOpen && place >= SHORT && !row.box.checked;
        if (row.item.hidden) return;
        row.count.textContent = whole(sums[place]);
        row.bar.style.width = `${(100 * sums[place]) / most}%`;
        row.item.className = sums[place] || row.box.checked ? "" : "empty";
      });
    };
  });

  /** Two lists, from and to. @param {any} facet */
  function monthBox(facet) {
    const options = () => facet.values.map((/** @type {string} */ value, /** @type {number} */ place) => make("option", { value }, facet.labels[place]));
    const from = make("select", {}, make("option", { value: "" }, "the first"), ...options()), to = make("select", {}, make("option", { value: "" }, "the last"), ...options());
    const chooseMonths = () => {
      const values = facet.values, low = from.value ? values.indexOf(from.value) : 0, high = to.value ? values.indexOf(to.value) : values.length - 1;
      setMonths(from.value || to.value ? values.slice(Math.min(low, high), Math.max(low, high) + 1) : []);
    };
    from.addEventListener("change", chooseMonths); to.addEventListener("change", chooseMonths);
    at("facets").append(make("details", { open: state.chosen.has("month") }, make("summary", {}, facet.title), make("p", {}, make("label", {}, "From ", from), " ", make("label", {}, "to ", to))));
    return () => {
      const chosen = facet.values.filter((/** @type {string} */ value) => state.chosen.get("month")?.has(value));
      from.value = chosen[0] || ""; to.value = chosen[chosen.length - 1] || "";
    };
  }

  /** @param {string[]} values */
  function setMonths(values) { if (values.length) state.chosen.set("month", new Set(values)); else state.chosen.delete("month"); changed(); }

  /** @param {string} id @param {string} value @param {boolean} on */
  function choose(id, value, on) {
    const chosen = new Set(state.chosen.get(id));
    if (on) chosen.add(value); else chosen.delete(value);
    if (chosen.size) state.chosen.set(id, chosen); else state.chosen.delete(id);
    changed();
  }

  function changed() { shown = PAGE; remember(); update(); }

  function remember() {
    const hash = hashOf(state);
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  /** Values chosen of a facet in words. @param {any} facet @returns {string} */
  function chosenWords(facet) {
    const chosen = facet.values.map((/** @type {string} */ value, /** @type {number} */ place) => state.chosen.get(facet.id)?.has(value) ? facet.labels[place] : "").filter(Boolean);
    if (facet.id === "month" && chosen.length > MOST_MONTHS) return `${chosen[0]} to ${chosen[chosen.length - 1]}`;
    return chosen.length ? chosen.join(" or ") : "nothing this page holds";
  }

  function renderSentence() {
    const amounts = reporting.map((row) => column.emissions[row]), sure = reporting.filter((row) => !isDoubtful(row)).map((row) => column.emissions[row]);
    const without = sure.length === amounts.length ? "" : `, ${sure.length ? `${grams(median(sure))} without` : "all of"} the ${whole(amounts.length - sure.length)} whose amount is no measurement of its own training or is implausible`;
    const words = [make("strong", {}, whole(counts.total)), ` of ${many(head.models, "model", "models")} ${counts.total === 1 ? "matches" : "match"}`];
    const said = facets.filter((/** @type {any} */ facet) => state.chosen.has(facet.id)).map((/** @type {any} */ facet) => `${facet.title.toLowerCase()} ${chosenWords(facet)}`);
    if (engine.query) said.unshift(`name with “${engine.query}”`);
    words.push(said.length ? `: ${said.join("; ")}. ` : ". ");
    if (counts.total) words.push(make("strong", {}, whole(amounts.length)), ` (${share(amounts.length, counts.total)}) ${amounts.length === 1 ? "reports" : "report"} a training emission that could be read`, amounts.length ? `; the median is ${grams(median(amounts))} CO2eq${without}.` : ".");
    at("sentence").replaceChildren(...words);
    at("chips").replaceChildren(...facets.filter((/** @type {any} */ facet) => state.chosen.has(facet.id)).map((/** @type {any} */ facet) => {
      const chip = make("button", { type: "button", className: "chip", "aria-label": `Remove filter: ${facet.title}` }, `${facet.title}: ${chosenWords(facet)} ×`);
      chip.addEventListener("click", () => { state.chosen.delete(facet.id); changed(); at("search").focus(); });
      return chip;
    }));
    at("reset").hidden = !state.chosen.size && !state.query;
    const held = head.named < head.models ? `The page holds ${whole(head.named)} of ${whole(head.models)} names: every model that states something, and the most downloaded.` : `The page holds all ${whole(head.named)} names.`;
    at("names").textContent = engine.query && !engine.found?.includes(1) ? `No name holds “${engine.query}”. ${held}` : held;
  }

  function renderPlots() {
    const points = /** @type {{x: number, y: number, row: number}[]} */ ([]);
    let zero = 0, noSize = 0;
    for (const row of reporting) {
      const y = column.emissions[row], x = column.parameters[row];
      if (!(x > 0)) noSize++; else if (!(y > 0)) zero++; else points.push({ x, y, row });
    }
    points.sort((a, b) => a.x - b.x);
    const left = [noSize ? `${whole(noSize)} without a known size` : "", zero ? `${whole(zero)} of 0 g` : ""].filter(Boolean).join(" and ");
    const title = points.length ? `${many(points.length, "model", "models")} by size and emissions` : "No model to draw: none that matches has both emissions and a size";
    at("sizes-title").textContent = left ? `${title} (not drawn: ${left})` : title;
    const month = places.get("month");
    const dates = month === undefined ? [] : facets[month].values.map((/** @type {string} */ value, /** @type {number} */ place) => ({ value, place })).filter((/** @type {any} */ each) => each.value !== "not-known");
    const of = month === undefined ? [] : counts.facets[month], reported = month === undefined ? [] : engine.countWith(month, report, reportedCode);
    const bars = dates.map((/** @type {any} */ each) => reported[each.place]), best = bars.indexOf(bars.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b), 0));
    const all = bars.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
    const undated = amountsIn(reported) - all, noMonth = undated ? ` (not drawn: ${whole(undated)} without a known month)` : "";
    at("months-title").textContent = all ? `${many(all, "reporting model", "reporting models")} by month; most in ${dates[best].value} (${whole(bars[best])})${noMonth}` : `No reporting model in any month${noMonth}`;
    const monthWords = (/** @type {number} */ place) => `${dates[place].value}: ${whole(bars[place])} of ${many(of[dates[place].place], "model", "models")} (${share(bars[place], of[dates[place].place])})`;
    at("months-table").tBodies[0].replaceChildren(...dates.map((/** @type {any} */ each, /** @type {number} */ place) => make("tr", {}, make("td", {}, each.value), make("td", { className: "number" }, whole(of[each.place])), make("td", { className: "number" }, whole(bars[place])), make("td", { className: "number" }, share(bars[place], of[each.place])))));
    redraw = () => {
      const sizes = { points, words: (/** @type {number} */ row) => `${head.names[row]}: ${size(column.parameters[row])} parameters, ${grams(column.emissions[row])}`, say: (/** @type {string} */ text) => { at("sizes-said").textContent = text; }, open };
      const months = { months: dates.map((/** @type {any} */ each) => each.value), reporting: bars, words: monthWords, say: (/** @type {string} */ text) => { at("months-said").textContent = text; }, choose: (/** @type {number} */ place) => setMonths([dates[place].value]) };
      if (points.length) drawSizes(at("sizes"), sizes); else clear(at("sizes"));
      if (all) drawMonths(at("months"), months); else clear(at("months"));
    };
    redraw();
  }

  function renderTable() {
    const rows = Array.from(passing.subarray(0, shown), (row) => {
      const name = make("button", { type: "button", className: "name" }, head.names[row]), claim = evidenceOf(row), level = verdictOf(row).level;
      name.addEventListener("click", () => open(row));
      const link = head.linked ? [make("a", { href: hubAddress(head.names[row]), rel: "noopener noreferrer", target: "_blank", "aria-label": `${head.names[row]} on the Hub`, title: "On the Hub" }, "↗")] : [];
      return make("tr", {}, make("td", {}, make("span", { className: "model" }, name, ...link)), make("td", { className: "tight" }, valueOf(row, "level")), make("td", { className: "number" }, grams(column.emissions[row]), ""),
        make("td", {}, Number.isNaN(column.emissions[row]) ? "" : valueOf(row, "unit")), make("td", { className: "words" }, claim ? clipped(claim[2]) : ""),
        make("td", { className: "number" }, size(column.parameters[row])), make("td", {}, valueOf(row, "domain")), make("td", { className: "number" }, Number.isNaN(column.downloads[row]) ? "" : whole(column.downloads[row])),
        make("td", { className: "number" }, level === "unknown" ? "" : whole(scores[row])), make("td", { className: "tight" }, valueOf(row, "month")));
    });
    at("models").tBodies[0].replaceChildren(...rows);
    at("models").querySelectorAll("th[data-sort]").forEach((/** @type {HTMLElement} */ cell) => {
      const name = cell.dataset.sort, mine = state.sort.replace("-", "") === name;
      if (mine) cell.setAttribute("aria-sort", state.sort.startsWith("-") ? "descending" : "ascending"); else cell.removeAttribute("aria-sort");
    });
    const nameless = counts.total - passing.length, first = Math.min(shown, passing.length);
    at("listed").textContent = `${whole(first)} of ${many(passing.length, "model", "models")} shown.${nameless ? ` ${many(nameless, "more matches but its name is", "more match but their names are")} not in this page.` : ""}`;
    at("more").hidden = passing.length <= shown;
    at("download").textContent = `Download ${many(passing.length, "model", "models")} (CSV)`;
    at("download").disabled = !passing.length;
  }

  function renderOwners() {
    const totals = new Map();
    for (const row of reporting) {
      const owner = owners.get(row);
      totals.set(owner, (totals.get(owner) || 0) + 1);
    }
    const top = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 12);
    at("owners-box").hidden = !top.length;
    at("owners-title").textContent = `${many(totals.size, "organisation or person", "organisations and people")} behind the reporting models`;
    at("owners").replaceChildren(...top.map(([owner, n]) => {
      const button = make("button", { type: "button" }, `${owner} ${whole(n)}`);
      button.disabled = owner.startsWith("(");
      button.addEventListener("click", () => { at("search").value = state.query = `${owner}/`; changed(); });
      return make("li", {}, button);
    }));
  }

  /** Facts of a model for its panel. @param {number} row */
  function factsOf(row) {
    const facts = [["Training emissions", Number.isNaN(column.emissions[row]) ? valueOf(row, "outcome") : `${grams(column.emissions[row])} CO2eq`]];
    if (!Number.isNaN(column.emissions[row])) {
      facts.push(["Unit", `${valueOf(row, "unit")}${wordOf(row, "emissions_decided_by") ? ` (rule: ${wordOf(row, "emissions_decided_by")})` : ""}`], ["Covers", wordOf(row, "emissions_scope")], ["Taken from", wordOf(row, "emissions_source")], ["Doubts", valueOf(row, "flag")]);
    }
    const energy = columns["row.energy_kwh"][row];
    facts.push(["Energy", Number.isNaN(energy) ? "" : `${energy.toLocaleString("en-US", { maximumSignificantDigits: 4 })} kWh`], ["Estimated by", valueOf(row, "route") === "none" ? "" : valueOf(row, "route")]);
    for (const [title, name] of [["Hardware", "hardware"], ["Place", "region"], ["Tool", "tool"], ["Card", "card_status"]]) facts.push([title, wordOf(row, name)]);
    for (const id of ["domain", "library", "generator", "licence", "month"]) facts.push([facets[places.get(id) ?? 0].title, valueOf(row, id)]);
    facts.push(["Parameters", size(column.parameters[row])], ["Downloads in 30 days", Number.isNaN(column.downloads[row]) ? "" : whole(column.downloads[row])]);
    return { verdict: verdictOf(row), facts: facts.filter(([, value]) => value) };
  }

  /** @param {number} row */
  function open(row) {
    state.model = head.names[row];
    remember();
    at("panel-title").textContent = head.names[row];
    const link = head.linked ? [make("p", {}, make("a", { href: hubAddress(head.names[row]), rel: "noopener noreferrer", target: "_blank" }, "Look at it on the Hub"))] : [];
    at("panel-body").replaceChildren(...link, ...panelOf(factsOf(row), head, claims.get(row) || []));
    if (!at("panel").open) at("panel").showModal();
    at("panel").scrollTop = 0;
  }

  function openAddressed() {
    const row = state.model ? head.names.indexOf(state.model) : -1;
    if (row >= 0) open(row); else if (at("panel").open) at("panel").close();
  }

  function csv() {
    const titles = ["model", "level", "score", "outcome", "emissions_gco2e", "unit_status", "doubts", "decided_by", "scope", "parameters_count", "downloads_count", "likes_count", "domain", "library", "generator", "licence", "month", "evidence"];
    const lines = Array.from(passing, (row) => [head.names[row], verdictOf(row).level, scores[row], valueOf(row, "outcome"), column.emissions[row], valueOf(row, "unit"), valueOf(row, "flag"),
      wordOf(row, "emissions_decided_by"), wordOf(row, "emissions_scope"), column.parameters[row], column.downloads[row], column.likes[row], valueOf(row, "domain"), valueOf(row, "library"), valueOf(row, "generator"), valueOf(row, "licence"), valueOf(row, "month"), evidenceOf(row)?.[2] || ""].map(csvCell).join(","));
    return [titles.join(","), ...lines].join("\r\n") + "\r\n";
  }

  function update() {
    const start = performance.now();
    facets.forEach((/** @type {any} */ facet, /** @type {number} */ place) => {
      const chosen = state.chosen.get(facet.id), key = chosen ? JSON.stringify([...chosen]) : "";
      if (facet.key === key) return;
      facet.key = key;
      engine.filter(place, chosen ? [...chosen].map((value) => facet.values.indexOf(value)) : null);
    });
    engine.search(state.query);
    counts = engine.count();
    passing = engine.rows(orderOf());
    reporting = reporters.filter((/** @type {number} */ row) => engine.passes(row));
    boxes.forEach((/** @type {any} */ render, /** @type {number} */ place) => render(counts.facets[place]));
    renderSentence(); renderTable(); renderOwners(); renderPlots();
    document.documentElement.dataset.took = String(performance.now() - start);
  }

  at("search").value = state.query;
  at("search").addEventListener("input", () => { state.query = at("search").value.trim(); changed(); });
  at("reset").addEventListener("click", () => { state = { ...stateOf("", ids), sort: state.sort }; at("search").value = ""; changed(); at("search").focus(); });
  at("more").addEventListener("click", () => { shown += PAGE; renderTable(); });
  at("download").addEventListener("click", () => download(`${head.snapshot}-${passing.length}-models.csv`, csv()));
  at("panel").addEventListener("close", () => { state.model = ""; remember(); });
  at("panel-close").addEventListener("click", () => at("panel").close());
  at("models").querySelectorAll("th[data-sort] button").forEach((/** @type {HTMLElement} */ button) => button.addEventListener("click", () => {
    const name = /** @type {HTMLElement} */ (button.parentElement).dataset.sort || "";
    state.sort = state.sort === `-${name}` ? name : `-${name}`;
    changed();
  }));
  addEventListener("hashchange", () => { state = stateOf(location.hash, ids); at("search").value = state.query; shown = PAGE; update(); openAddressed(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName || "")) { event.preventDefault(); at("search").focus(); }
  });
  let wait = 0;
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(() => { at("sizes").width = at("months").width = 0; redraw(); }, 150); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());
  if (matchMedia("(max-width: 60rem)").matches) at("filters").open = false;
  at("main").hidden = false;
  update();
  document.documentElement.dataset.ready = String(performance.now());
  readClaims().then((found) => { claims = found; renderTable(); openAddressed(); document.documentElement.dataset.claims = "read"; });
  return { facets, counts: () => counts, passing: () => Array.from(passing, (row) => head.names[row]), csv };
}

readData().then(explorer).then((page) => { /** @type {any} */ (globalThis).hfCarbon = page; }).catch((error) => {
  at("sentence").textContent = `This browser could not unpack the page (${error instanceof Error ? error.message : error}). Use a current Chrome, Firefox or Safari.`;
});
