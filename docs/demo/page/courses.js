// Time courses of one run, drawn by uPlot, and of the run that was kept beside them.
import uPlot from "uplot";
import model from "model";
import { named, setting } from "./scenario.js";
import { element, number, unitOf, withUnit, words } from "./words.js";

/** What is shown, and the least height of each axis: a healthy site's ripples should look like ripples. */
const shown = [
  { name: "swelling", least: 0.3, colour: "--swelling" },
  { name: "il1b", least: 2, colour: "--il1b" },
  { name: "il10", least: 4, colour: "--il10" },
  { name: "neutrophils", least: 4000, colour: "--neutrophils" },
  { name: "osteoclasts", least: 90, colour: "--osteoclasts" },
  { name: "bone", least: 1.1, colour: "--bone" },
];
const entryOf = (name) => named(model.species, name) ?? named(model.readouts, name);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** `choose` gets the day that somebody points at. Returns show(scenario, answer, kept) and look(day). */
export function makeCourses(root, choose) {
  const panels = shown.map((one) => makePanel(root, one, choose));
  let day = 0;
  const look = (next) => {
    day = next;
    for (const panel of panels) panel.look(day);
  };
  return { look, show: (answer, kept, scenario) => panels.forEach((panel) => panel.show(answer, kept, scenario, day)) };
}

function makePanel(root, { name, least, colour: variable }, choose) {
  const entry = entryOf(name), level = name === "swelling" ? setting("onset_swelling").value : null;
  const value = element("span", { class: "value" });
  const plot = element("div", { class: "plot", "aria-hidden": "true" });
  const figure = element("figure", { class: "course", role: "img", "data-name": name },
    element("figcaption", {}, element("strong", {}, words(`courses.${name}`)), value), plot);
  root.append(figure);

  let answer = null, day = 0;
  const ink = () => colour("--ink-soft"), grid = () => ({ stroke: () => colour("--grid"), width: 1 });
  const axis = (more) => ({ stroke: ink, grid: grid(), ticks: grid(), font: "12px system-ui, sans-serif", ...more });
  const line = (chart, from, to, stroke, dash) => {
    const { ctx } = chart;
    ctx.save();
    ctx.beginPath();
    ctx.strokeStyle = stroke;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
    ctx.moveTo(...from);
    ctx.lineTo(...to);
    ctx.stroke();
    ctx.restore();
  };
  const furniture = (chart) => {
    const { left, top, width, height } = chart.bbox;
    const x = chart.valToPos(day, "x", true);
    line(chart, [x, top], [x, top + height], ink(), [3, 3]);
    if (level !== null) {
      const y = chart.valToPos(level, "y", true);
      if (y > top) line(chart, [left, y], [left + width, y], colour("--swelling"), [2, 4]);
    }
  };
  const chart = new uPlot({
    width: 300, height: 150, pxAlign: 0, padding: [8, 12, 0, 0], legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 }, sync: { key: "courses" } },
    scales: { x: { time: false }, y: {} },
    axes: [
      axis({ size: 30, splits: (_, __, ___, last) => [1, 2, 3].map((third) => (third * last) / 3), values: (_, ticks) => ticks.map((tick) => `${tick}`) }),
      axis({ size: (_, labels) => Math.max(44, ...(labels ?? []).map((label) => 7 * label.length + 15)), space: 28, values: (_, ticks) => ticks.map((tick) => number(tick, 2)) }),
    ],
    series: [{}, { stroke: ink, width: 1.5, dash: [4, 3], points: { show: false } },
      { stroke: () => colour(variable), width: 2.5, points: { show: false } }],
    hooks: { draw: [furniture] },
  }, [[0, 1], [null, null], [0, 0]], plot);
  new ResizeObserver(() => chart.setSize({ width: plot.clientWidth, height: plot.clientHeight })).observe(plot);
  const pointed = ({ clientX, buttons, type }) => {
    if (type !== "pointerdown" && buttons === 0) return;
    const { left } = chart.over.getBoundingClientRect();
    choose(Math.round(chart.posToVal(clientX - left, "x")));
  };
  chart.over.addEventListener("pointerdown", pointed);
  chart.over.addEventListener("pointermove", pointed);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw());

  const say = () => {
    if (!answer) return;
    const t = Math.min(answer.times.findIndex((time) => time >= day - 1e-9), answer.times.length - 1);
    const column = answer.columns[name], now = column[t < 0 ? column.length - 1 : t];
    value.textContent = withUnit(now, entry.unit);
    figure.setAttribute("aria-label", words("courses.said", {
      name: words(`courses.${name}`), meaning: entry.meaning, day, now: withUnit(now, entry.unit),
      least: withUnit(Math.min(...column), entry.unit), most: withUnit(Math.max(...column), entry.unit),
    }));
  };
  return {
    look(next) {
      day = next;
      say();
      chart.redraw(false);
    },
    show(next, kept, scenario, today) {
      answer = next;
      day = today;
      const { times, columns } = answer;
      const other = kept && kept.times.length === times.length ? [...kept.columns[name]] : onTimes(kept, name, times);
      chart.setData([times, other, columns[name]], false);
      chart.batch(() => {
        chart.setScale("x", { min: model.start, max: scenario.end });
        const most = Math.max(...columns[name], ...other.filter((v) => v !== null));
        chart.setScale("y", { min: 0, max: Math.max(most * 1.06, least) });
      });
      say();
    },
  };
}

/** A kept run of another length, at the times of this one. */
function onTimes(kept, name, times) {
  if (!kept) return Array.from(times, () => null);
  const known = new Map(Array.from(kept.times, (time, t) => [time, kept.columns[name][t]]));
  return Array.from(times, (time) => known.get(time) ?? null);
}
export const unitShown = (name) => unitOf(entryOf(name).unit);
