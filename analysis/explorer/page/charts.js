// The two plots, drawn by uPlot; every plot shows all models that pass and says how many it cannot show.
"use strict";

const HEIGHT = 260, REACH = 14;
/** Finest difference that is drawn, in parts of a decade: less than a pixel of the widest plot. */
const PIXELS = 200;
const WHOLE_STEPS = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** A colour of the page. @param {string} name @returns {string} */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {HTMLElement} holder @returns {number} */
const widthOf = (holder) => Math.max(240, Math.floor(holder.clientWidth));

/** Axes in the page's colours. @param {string} label @param {(value: number) => string} words @param {object} [more] */
const axis = (label, words, more) => ({
  label, stroke: colour("--muted"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { stroke: colour("--grid"), width: 1 },
  labelSize: 22, labelFont: "12px system-ui, sans-serif", font: "12px system-ui, sans-serif",
  values: (/** @type {any} */ _, /** @type {(number | null)[]} */ ticks) => ticks.map((tick) => tick === null ? "" : words(tick)), ...more,
});

/**
 * The plot of a holder: made once for a width and a scheme of colours, and given new data after that.
 * @param {any} holder keeps the plot and what it shows @param {any} shows what is shown, for the plot's listeners @param {any[]} data
 * @param {() => any} options @param {(plot: any) => void} listen
 */
function draw(holder, shows, data, options, listen) {
  const look = `${holder.width || (holder.width = widthOf(holder))} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  holder.shows = shows;
  if (holder.plot && holder.look === look) { holder.plot.setData(data); return; }
  holder.replaceChildren();
  holder.look = look;
  holder.plot = new uPlot({ width: holder.width, height: HEIGHT, legend: { show: false }, ...options() }, data, holder);
  listen(holder.plot);
}

/** Show nothing. @param {any} holder */
function clear(holder) { holder.replaceChildren(); holder.plot = null; }

/** Ends of an axis of decades. @param {number[]} values @returns {[number, number]} */
function decades(values) {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity), most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  return [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most) + 1e-9)];
}

/** Ticks of an axis of decades, at most seven. @param {any} _ @param {number} __ @param {number} least @param {number} most @returns {number[]} */
function decadeTicks(_, __, least, most) {
  const low = Math.round(Math.log10(least)), high = Math.round(Math.log10(most)), step = Math.ceil((high - low + 1) / 7);
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (___, place) => 10 ** (low + place * step));
}

/** uPlot leaves out labels of logarithmic axes unless it is told not to. @param {any} _ @param {number[]} ticks @returns {number[]} */
const every = (_, ticks) => ticks;

/**
 * Points that would cover each other's pixel drawn once; what is hovered and counted are all of them.
 * @param {{x: number, y: number}[]} points
 */
function distinct(points) {
  const seen = new Set();
  return points.filter(({ x, y }) => {
    const place = Math.round(Math.log10(x) * PIXELS) * 1e6 + Math.round(Math.log10(y) * PIXELS);
    return seen.has(place) ? false : seen.add(place);
  });
}

/**
 * Emissions against size, a point a model.
 * @param {any} holder
 * @param {{points: {x: number, y: number, row: number}[], words: (row: number) => string, say: (text: string) => void, open: (row: number) => void}} shows points in the order of x
 */
function drawSizes(holder, shows) {
  const drawn = distinct(shows.points), xs = drawn.map((point) => point.x), ys = drawn.map((point) => point.y);
  const ends = (/** @type {"x" | "y"} */ name) => () => decades(holder.shows.points.map((/** @type {any} */ point) => point[name]));
  draw(holder, shows, [xs, ys], () => ({
    cursor: { points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false, distr: 3, range: ends("x") }, y: { distr: 3, range: ends("y") } },
    axes: [axis("Parameters", size, { splits: decadeTicks, filter: every }), axis("CO2 equivalent", grams, { size: 72, splits: decadeTicks, filter: every })],
    series: [{}, { stroke: colour("--blue"), paths: () => null, points: { show: true, size: 6, width: 1, stroke: colour("--blue"), fill: colour("--point") } }],
  }), (plot) => {
    let nearest = -1;
    plot.over.addEventListener("mousemove", (/** @type {MouseEvent} */ event) => {
      let best = REACH * REACH;
      nearest = -1;
      holder.shows.points.forEach((/** @type {any} */ point, /** @type {number} */ place) => {
        const dx = plot.valToPos(point.x, "x") - event.offsetX, dy = plot.valToPos(point.y, "y") - event.offsetY;
        if (dx * dx + dy * dy < best) { best = dx * dx + dy * dy; nearest = place; }
      });
      plot.over.style.cursor = nearest < 0 ? "" : "pointer";
      holder.shows.say(nearest < 0 ? "" : holder.shows.words(holder.shows.points[nearest].row));
    });
    plot.over.addEventListener("mouseleave", () => holder.shows.say(""));
    plot.over.addEventListener("click", () => { if (nearest >= 0) holder.shows.open(holder.shows.points[nearest].row); });
  });
}

/**
 * Reporting models by month.
 * @param {any} holder
 * @param {{months: string[], reporting: number[], words: (place: number) => string, say: (text: string) => void, choose: (place: number) => void}} shows
 */
function drawMonths(holder, shows) {
  draw(holder, shows, [shows.months.map((_, place) => place), shows.reporting], () => ({
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    scales: { x: { time: false, range: () => [-0.5, Math.max(shows.months.length, 2) - 0.5] }, y: { range: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ most) => [0, Math.max(1, most * 1.05)] } },
    axes: [axis("Month of creation", (place) => Number.isInteger(place) && shows.months[place] || "", { space: 64, incrs: [1, 2, 3, 6, 12, 24, 60] }),
      axis("Reporting models", (value) => Number.isInteger(value) ? whole(value) : "", { size: 62, incrs: WHOLE_STEPS })],
    series: [{}, { stroke: colour("--blue"), fill: colour("--blue"), width: 0, paths: uPlot.paths.bars({ size: [0.8, 40] }), points: { show: false } }],
  }), (plot) => {
    plot.over.style.cursor = "pointer";
    const here = () => typeof plot.cursor.idx === "number" ? plot.cursor.idx : -1;
    plot.over.addEventListener("mousemove", () => { if (here() >= 0) holder.shows.say(holder.shows.words(here())); });
    plot.over.addEventListener("mouseleave", () => holder.shows.say(""));
    plot.over.addEventListener("click", () => { if (here() >= 0) holder.shows.choose(here()); });
  });
}
