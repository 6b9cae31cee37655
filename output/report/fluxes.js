// Where a species comes from and where it goes: shares on one day, and over time.
import uPlot from "uplot";
import { colour, pale, soft } from "./colours.js";
import { axis, roomFor } from "./courses.js";
import { choice, element, moment, nearest, short, withUnitBehind } from "./page.js";

/// The fluxes of a species with their effect on each day, those that ever matter.
function termsOf(data, one, species) {
  return data.model.terms.filter(([, to]) => to === species).map(([flux, , sign]) => {
    const effect = one.fluxes[flux].map(value => sign * value);
    return { ...data.model.fluxes[flux], effect, most: Math.max(...effect.map(Math.abs)) };
  });
}

/// Bars of one side, the widest first, with a sentence before.
function side(terms, at, sign, words) {
  const present = terms.map((term, i) => ({ ...term, i, now: sign * term.effect[at] })).filter(term => term.now > 0);
  const whole = present.reduce((sum, term) => sum + term.now, 0);
  present.sort((a, b) => b.now - a.now);
  const list = element("ul", { class: "bars" });
  for (const term of present) {
    const share = 100 * term.now / whole;
    const bar = element("span", { class: "bar" });
    bar.style.width = share + "%";
    bar.style.background = colour(term.i);
    list.append(element("li", {}, element("span", { class: "what" }, term.meaning),
      element("span", { class: "much" }, short(term.now) + " " + term.unit + ", " + (share < 1 ? "< 1" : Math.round(share)) + " %"),
      element("span", { class: "track" }, bar)));
  }
  return element("div", {}, element("h3", {}, words + ": " + (present.length ? short(whole) + " " + present[0].unit : "nothing")), list);
}

export function showFluxes(place, data, view) {
  const names = data.model.species.map(species => species.label);
  let species = Math.max(0, data.model.species.findIndex(one => one.name === "il1b"));
  const canvas = element("div", { class: "canvas", role: "img",
    "aria-label": "Gains above and losses below zero over time; the numbers stand in the table below" });
  const bars = element("div", { class: "sides" }), sentence = element("p", { class: "sentence", "aria-live": "polite" });
  const controls = moment(data, view, "where it comes from");
  controls.prepend(choice("What", names, species, index => { species = index; draw(); }));
  place.append(controls, sentence, bars, canvas);

  let plot = null;
  function drawBars() {
    const one = data.explained[view.explained], at = nearest(one.days, view.day), terms = termsOf(data, one, species);
    const gains = side(terms, at, 1, "Fills it"), losses = side(terms, at, -1, "Empties it");
    bars.replaceChildren(gains, losses);
    const first = gains.querySelector(".what"), share = gains.querySelector(".much");
    sentence.textContent = first
      ? `On day ${short(one.days[at])}, ${names[species]} of ${data.groups[one.group].name} stands at `
        + `${withUnitBehind(one.species[species][at], data.model.species[species].unit)}. Most comes by this: `
        + `${first.textContent} (${share.textContent.split(", ").pop()}).` : "";
    plot?.redraw(false);
  }
  function drawCourse() {
    const one = data.explained[view.explained], terms = termsOf(data, one, species);
    const table = [one.days], series = [{}], bands = [];
    for (const sign of [1, -1]) {
      let below = one.days.map(() => 0);
      let under = null;
      terms.forEach((term, i) => {
        if (!term.effect.some(effect => sign * effect > 0)) { return; }
        const top = below.map((sum, t) => sum + sign * Math.max(0, sign * term.effect[t]));
        if (under == null) { under = table.length; table.push(below); series.push({ stroke: "transparent", points: { show: false } }); }
        table.push(top);
        series.push({ stroke: colour(i), width: 1, points: { show: false } });
        bands.push({ series: sign > 0 ? [table.length - 1, under] : [under, table.length - 1], fill: pale(colour(i), 0.55) });
        under = table.length - 1;
        below = top;
      });
    }
    plot?.destroy();
    const unit = terms[0]?.unit ?? "";
    plot = new uPlot({
      width: Math.max(260, canvas.clientWidth), height: 240, legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false } },
      axes: [
        axis(data.time + " [d]", 34),
        axis("gains and losses [" + unit + "]", roomFor, { values: (_, ticks) => ticks.map(short) }),
      ],
      series, bands,
      hooks: { draw: [plot => {
        const x = plot.valToPos(one.days[nearest(one.days, view.day)], "x", true), context = plot.ctx;
        context.save();
        context.strokeStyle = soft();
        context.lineWidth = 1.5 * devicePixelRatio;
        context.beginPath();
        context.moveTo(x, plot.bbox.top);
        context.lineTo(x, plot.bbox.top + plot.bbox.height);
        context.stroke();
        context.restore();
      }] },
    }, table, canvas);
    plot.over.addEventListener("click", () => view.set({ day: plot.posToVal(plot.cursor.left, "x") }));
  }
  const draw = () => { drawCourse(); drawBars(); };
  let width = 0;
  new ResizeObserver(() => { if (Math.abs(place.clientWidth - width) > 8) { width = place.clientWidth; draw(); } }).observe(place);
  view.watch(changes => {
    if ("explained" in changes || changes.colours) { draw(); } else if ("day" in changes) { drawBars(); }
  });
}
