// Time courses side by side: hover for numbers, drag to zoom, choose groups and variables.
import uPlot from "uplot";
import { colour, dash, dashText, line, pale, shade, soft } from "./colours.js";
import { choice, element, short, svg, withUnit } from "./page.js";

/// All courses of a variable on one axis of days: uPlot's columns, three per group (low, high, middle).
function columns(data, courses) {
  const tables = data.groups.map((group, g) => {
    const course = courses[g];
    if (!course) { return [data.files[group.file].days, [], [], []].map((c, i) => i ? data.files[group.file].days.map(() => null) : c); }
    return [data.files[group.file].days, course.low ?? course.middle, course.high ?? course.middle, course.middle];
  });
  return data.files.length === 1 ? [tables[0][0], ...tables.flatMap(table => table.slice(1))] : uPlot.join(tables);
}

function steps(data) {
  const tables = data.incidence.map(one => one ? [one.x, one.y.map(share => 100 * share)] : [[], []]);
  // Several at one day keep the last.
  return uPlot.join(tables.map(([x, y]) => {
    const kept = x.map((_, i) => i).filter(i => x[i] !== x[i + 1]);
    return [kept.map(i => x[i]), kept.map(i => y[i])];
  }), tables.map(() => [1]));
}

/// Width of an axis with these numbers on it.
export const roomFor = (_, texts) => 18 + 7 * Math.max(3, ...(texts ?? []).map(text => text.length));

export const axis = (label, size, more = {}) => ({
  label, labelSize: 18, size, gap: 4, stroke: soft(), grid: { stroke: line(), width: 1 },
  ticks: { stroke: line(), width: 1, size: 5 }, font: "12px system-ui, sans-serif",
  labelFont: "12px system-ui, sans-serif", ...more,
});

/// Days in weeks or months where there is room.
const daySteps = [1, 2, 7, 14, 30, 60, 90, 180, 365];

/// Shades treatments behind the courses and names them at the top.
function marks(data, plot) {
  const context = plot.ctx, { left, top, width, height } = plot.bbox;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  const seen = new Set();
  data.files.flatMap(file => file.marks).forEach(mark => {
    const key = mark.title + mark.from;
    if (seen.has(key)) { return; }
    seen.add(key);
    const from = plot.valToPos(mark.from, "x", true), until = plot.valToPos(mark.until, "x", true);
    context.fillStyle = shade();
    context.fillRect(from, top, Math.max(until - from, 2 * devicePixelRatio), height);
    context.fillStyle = soft();
    context.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
    const whose = data.files.filter(file => file.marks.some(other => other.title === mark.title && other.from === mark.from));
    const words = mark.title.replace(/ \(.*\)/, "") + (whose.length < data.files.length ? ", " + whose.map(file => file.name).join(", ") : "");
    const room = context.measureText(words).width;
    const at = Math.min(Math.max(from, left) + 3 * devicePixelRatio, left + width - room - 3 * devicePixelRatio);
    context.fillText(words, at, top + (12 + 13 * ((seen.size - 1) % 3)) * devicePixelRatio);
  });
  context.restore();
}

function plotOf(data, view, variable, sync) {
  const isShare = variable.name === "incidence";
  const box = element("figure", { class: "course" });
  const title = element("figcaption", {}, element("strong", {}, withUnit(variable.label, variable.unit)), " ",
    element("span", { class: "meaning" }, variable.meaning === variable.label ? "" : variable.meaning));
  const canvas = element("div", { class: "canvas", role: "img",
    "aria-label": variable.meaning + " over time; the numbers stand in the table below the pictures" });
  const readout = element("p", { class: "readout" });
  box.append(title, canvas, readout);
  const table = isShare ? steps(data) : columns(data, variable.courses);

  const series = [{}];
  const bands = [];
  data.groups.forEach((group, g) => {
    const stroke = colour(g), show = !view.hidden.has(g);
    if (isShare) {
      series.push({ stroke, dash: dash(g), width: 2, show, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), spanGaps: true });
      return;
    }
    const quiet = { stroke: "transparent", width: 0, points: { show: false }, show, spanGaps: true };
    if (group.n > 1) { bands.push({ series: [series.length + 1, series.length], fill: pale(stroke, 0.16) }); }
    series.push(quiet, { ...quiet }, { stroke, dash: dash(g), width: 2, show, points: { show: false }, spanGaps: true });
  });

  const tell = plot => {
    const at = plot.cursor.idx;
    if (at == null) { readout.textContent = ""; return; }
    const parts = [element("span", {}, "day " + short(table[0][at]))];
    data.groups.forEach((group, g) => {
      if (view.hidden.has(g)) { return; }
      const base = isShare ? g + 1 : 3 * g + 1, now = table[isShare ? base : base + 2][at];
      if (now == null) { return; }
      const range = !isShare && group.n > 1 ? " (" + short(table[base][at]) + " to " + short(table[base + 1][at]) + ")" : "";
      const name = element("span", {}, data.groups.length > 1 ? group.name + " " : "", element("b", {}, short(now)), range);
      name.style.color = colour(g);
      parts.push(name);
    });
    readout.replaceChildren(...parts);
  };

  let plot = null;
  const make = () => {
    plot?.destroy();
    plot = new uPlot({
      width: Math.max(240, canvas.clientWidth), height: 200, legend: { show: false },
      cursor: { sync: { key: sync.key }, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
      scales: {
        x: { time: false, range: (_, low, high) => view.range ?? [low, high] },
        y: { range: (_, low, high) => [Math.min(0, low), isShare ? 100 : high > 0 ? 1.06 * high : 1] },
      },
      axes: [
        axis(withUnit(data.time, "d"), 34, { incrs: daySteps }),
        axis(null, roomFor, { labelSize: 0, values: (_, ticks) => ticks.map(short) }),
      ],
      series: series.map((one, i) => {
        if (i === 0) { return one; }
        const g = isShare ? i - 1 : Math.floor((i - 1) / 3), isLine = isShare || (i - 1) % 3 === 2;
        return { ...one, stroke: isLine ? colour(g) : "transparent", show: !view.hidden.has(g) };
      }),
      bands: bands.map(band => ({ ...band, fill: pale(colour(Math.floor((band.series[0] - 1) / 3)), 0.16) })),
      hooks: {
        drawClear: [plot => marks(data, plot)],
        setCursor: [tell],
        setSelect: [plot => {
          if (plot.select.width > 5) {
            const from = plot.posToVal(plot.select.left, "x"), until = plot.posToVal(plot.select.left + plot.select.width, "x");
            view.set({ range: [from, until] });
          }
        }],
      },
    }, table, canvas);
    sync.sub(plot);
    plot.over.addEventListener("dblclick", () => view.set({ range: null }));
  };
  return { box, make };
}

/// The line of a group as the pictures draw it.
function sample(g) {
  return svg("svg", { width: 30, height: 10, "aria-hidden": "true" },
    svg("line", { x1: 1, y1: 5, x2: 29, y2: 5, stroke: colour(g), "stroke-width": 2.5, "stroke-dasharray": dashText(g) }));
}

export function showCourses(place, data, view) {
  const sync = uPlot.sync("courses"), shown = [...data.first];
  const incidence = { name: "incidence", label: "Incidence", unit: "%", meaning: "share of animals that have fallen ill" };
  const named = name => name === "incidence" ? incidence : data.variables.find(variable => variable.name === name);
  if (data.incidence.some(Boolean)) { shown.push("incidence"); }

  const toggles = element("fieldset", { class: "groups" }, element("legend", {}, data.groups.length > 1 ? "Show" : "Shown"));
  data.groups.forEach((group, g) => {
    const box = element("input", { type: "checkbox", checked: true, onchange: () => {
      const hidden = new Set(view.hidden);
      if (box.checked) { hidden.delete(g); } else { hidden.add(g); }
      view.set({ hidden });
    } });
    toggles.append(element("label", {}, box, sample(g), group.name + (group.n > 1 ? ` (${group.n})` : "")));
  });
  const days = data.files.flatMap(file => file.days), first = Math.min(...days), last = Math.max(...days);
  const bound = (label, end) => {
    const input = element("input", { type: "number", step: "any", min: first, max: last, value: end ? last : first, onchange: () => {
      const range = [...view.range ?? [first, last]];
      range[end] = Number(input.value);
      if (range[0] < range[1]) { view.set({ range }); }
    } });
    view.watch(changes => { if ("range" in changes) { input.value = Number((view.range ?? [first, last])[end].toFixed(1)); } });
    return element("label", {}, label + " ", input);
  };
  const pictures = element("div", { class: "courses" });
  const extra = data.variables.filter(variable => !shown.includes(variable.name));
  const add = extra.length === 0 ? "" : choice("Add", ["…", ...extra.map(variable => variable.label)], 0, index => {
    if (index > 0 && !shown.includes(extra[index - 1].name)) { shown.push(extra[index - 1].name); draw(); }
    add.querySelector("select").value = 0;
  });
  const controls = element("form", { class: "controls", onsubmit: event => event.preventDefault() }, toggles,
    element("span", {}, bound("Day", 0), " ", bound("to", 1), " ",
      element("button", { type: "button", onclick: () => view.set({ range: null }) }, "whole course")), add);
  const bands = data.groups.some(group => group.n > 1)
    ? element("p", { class: "note" }, "Lines: medians; bands: 90 % of the animals. Members that failed are left out.") : "";
  place.append(controls, bands, pictures);

  function draw() {
    toggles.querySelectorAll("label").forEach((label, g) => label.querySelector("svg").replaceWith(sample(g)));
    const plots = shown.map(named).filter(Boolean).map(variable => plotOf(data, view, variable, sync));
    pictures.replaceChildren(...plots.map(plot => plot.box));
    plots.forEach(plot => plot.make());
  }
  let width = 0;
  new ResizeObserver(() => { if (Math.abs(place.clientWidth - width) > 8) { width = place.clientWidth; draw(); } }).observe(place);
  view.watch(changes => { if ("hidden" in changes || "range" in changes || changes.colours) { draw(); } });
}
