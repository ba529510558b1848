// The panel of one model: what it discloses, its own words, and why it is judged so.
"use strict";

const QUANTITIES = /** @type {Record<string, string>} */ ({ emissions: "Emissions", energy: "Energy", duration: "Time", power: "Power", hardware: "Hardware", region: "Place",
  provider: "Cloud or centre", intensity: "Carbon intensity", pue: "PUE", water: "Water", flop: "FLOP", tool: "Tool", "training-type": "Training type" });

/** A quantity that was stated. @param {any[]} claim @returns {string} */
function amount([quantity, outcome, , , , value, label]) {
  if (outcome === "unreadable") return "unreadable";
  if (outcome === "not-reported") return "a placeholder: not reported";
  if (value === null) return label || "stated";
  if (quantity === "emissions") return `${grams(value)} CO2eq`;
  const units = /** @type {Record<string, string>} */ ({ energy: "kWh", duration: "h", power: "W", intensity: "g/kWh", water: "L", flop: "FLOP" });
  return `${value.toLocaleString("en-US", { maximumSignificantDigits: 4 })} ${units[quantity] || ""}`.trim();
}

/**
 * Rows of the panel.
 * @param {any} model the facts of the model, see factsOf in explorer.js @param {any} head @param {any[][]} claims @returns {Node[]}
 */
function panelOf(model, head, claims) {
  const { verdict } = model;
  const level = head.levels.find((/** @type {any} */ each) => each.id === verdict.level);
  const ladder = head.levels.map((/** @type {any} */ each) => make("li", each === level ? { className: "own", "aria-current": "true" } : {}, each.title));
  const facts = model.facts.map((/** @type {[string, string]} */ [name, value]) => [make("dt", {}, name), make("dd", {}, value)]).flat();
  const said = claims.map((claim) => make("li", {}, make("strong", {}, `${QUANTITIES[claim[0]] || claim[0]}: ${amount(claim)}`),
    make("q", {}, claim[2]), make("span", { className: "muted" }, `${claim[3]}${claim[4] && claim[4] !== "unknown" ? `, ${claim[4]}` : ""}${claim[7] ? `, of ${claim[7]}` : ""}`)));
  const findings = head.probes.map((/** @type {any} */ probe, /** @type {number} */ place) => {
    const sign = verdict.outcomes[place];
    const help = (sign === "n" || sign === "u") && verdict.next.includes(probe.id) ? [make("div", { className: "muted" }, `To add: ${probe.remedy}`)] : [];
    return make("tr", {}, make("td", {}, probe.question, ...help), make("td", { className: `sign-${sign === "?" ? "x" : sign === "-" ? "o" : sign}` }, head.outcomes[sign]));
  });
  return [
    make("ol", { className: "ladder", "aria-label": "Levels of disclosure" }, ...ladder),
    make("p", {}, make("strong", {}, `${level ? level.title : "Not assessed"}. `), `${verdict.reason.charAt(0).toUpperCase()}${verdict.reason.slice(1)}.`, level ? ` Score ${verdict.score} of 100; ${Math.round(100 * verdict.coverage)} % of what applies was seen.` : ""),
    make("dl", {}, ...facts),
    make("h3", {}, "What it states, in its own words"),
    said.length ? make("ul", { className: "claims" }, ...said) : make("p", {}, "Nothing about emissions, energy, hardware, time or place was found."),
    make("h3", {}, "Why it is judged so"),
    make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Findings" }, make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Question"), make("th", { scope: "col" }, "Answer"))), make("tbody", {}, ...findings))),
  ];
}
