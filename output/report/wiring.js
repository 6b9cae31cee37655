// The model as boxes and arrows, coloured by what has changed since the start.
import { change, ink, soft } from "./colours.js";
import { element, moment, nearest, short, svg, times, withUnitBehind } from "./page.js";

const box = { width: 146, height: 48, across: 184, down: 102 };

/// One arrow for each pair, its strongest flux.
function arrowsOf(one) {
  const strongest = new Map();
  for (const [from, flux, to, elasticity] of one.edges) {
    const key = from + " " + to, known = strongest.get(key);
    if (!known || Math.abs(elasticity) > Math.abs(known.elasticity)) {
      strongest.set(key, { from, flux, to, elasticity, helps: elasticity > 0 });
    }
  }
  return [...strongest.values()];
}

/// From edge to edge of two boxes, bent so that arrows there and back stand apart.
function path(a, b) {
  const dx = b.x - a.x, dy = b.y - a.y, length = Math.hypot(dx, dy) || 1;
  const edge = (p, ux, uy) => {
    const reach = Math.min(box.width / 2 / (Math.abs(ux) || 1e-9), box.height / 2 / (Math.abs(uy) || 1e-9));
    return [p.x + ux * reach, p.y + uy * reach];
  };
  const bend = 0.14 * length, nx = -dy / length, ny = dx / length;
  const middle = [(a.x + b.x) / 2 + nx * bend, (a.y + b.y) / 2 + ny * bend];
  const toward = (p, q) => { const l = Math.hypot(q[0] - p.x, q[1] - p.y) || 1; return [(q[0] - p.x) / l, (q[1] - p.y) / l]; };
  const [sx, sy] = edge(a, ...toward(a, middle));
  const [ux, uy] = toward(b, middle), [ex, ey] = edge(b, ux, uy);
  return `M${sx.toFixed(1)} ${sy.toFixed(1)}Q${middle[0].toFixed(1)} ${middle[1].toFixed(1)} ${(ex + ux * 7).toFixed(1)} ${(ey + uy * 7).toFixed(1)}`;
}

export function showWiring(place, data, view) {
  const { species, fluxes } = data.model;
  const columns = Math.max(...species.map(one => one.column)) + 1, rows = Math.max(...species.map(one => one.row)) + 1;
  const size = { width: columns * box.across, height: rows * box.down };
  const centre = species.map(one => ({ x: (one.column + 0.5) * box.across, y: (one.row + 0.5) * box.down }));
  const picture = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, class: columns > 4 ? "wiring wide" : "wiring", role: "group", "aria-label": "Wiring of the model" });
  picture.style.maxWidth = 1.15 * size.width + "px";
  const words = element("p", { class: "sentence", "aria-live": "polite" }, "Choose a box to see what drives it.");
  const scale = element("p", { class: "scale" });
  place.append(moment(data, view, "wiring"), element("div", { class: "scroll" }, picture), scale, words);
  let chosen = null;

  function tell(arrows, one, at) {
    if (chosen == null) { return; }
    const now = one.species[chosen][at], then = one.species[chosen][0], name = i => species[i].label;
    const list = some => some.map(arrow => arrow).join(", ") || "nothing strongly";
    const by = arrows.filter(arrow => arrow.to === chosen).map(arrow => name(arrow.from) + (arrow.helps ? "" : " (holds back)"));
    const drives = arrows.filter(arrow => arrow.from === chosen).map(arrow => name(arrow.to) + (arrow.helps ? "" : " (holds back)"));
    const unit = species[chosen].unit === "1" ? "" : " " + species[chosen].unit;
    words.textContent = `${name(chosen)} (${species[chosen].meaning}): ${short(now)}${unit} on day ${short(one.days[at])}`
      + (then > 0 ? `, ${times(now / then)} the start` : "") + `. Driven by ${list(by)}. Drives ${list(drives)}.`;
  }

  function draw() {
    const one = data.explained[view.explained], at = nearest(one.days, view.day), arrows = arrowsOf(one);
    const marker = (id, shape) => svg("marker", { id, viewBox: "0 0 10 10", refX: 5, refY: 5, markerWidth: 11, markerHeight: 11,
      markerUnits: "userSpaceOnUse", orient: "auto" }, shape);
    const focused = document.activeElement?.dataset?.species;
    picture.replaceChildren(svg("defs", {},
      marker("drives", svg("path", { d: "M1 1L9 5L1 9z", fill: "context-stroke" })),
      marker("holds", svg("path", { d: "M5 0V10", stroke: "context-stroke", "stroke-width": 3 }))));
    for (const arrow of arrows) {
      const fold = one.fluxes[arrow.flux][at] / one.fluxes[arrow.flux][0], doublings = Math.log2(fold);
      const near = chosen == null || arrow.from === chosen || arrow.to === chosen;
      const colour = Math.abs(doublings) > 0.5 ? change(doublings * 2) : soft();
      const drawn = svg("path", { d: path(centre[arrow.from], centre[arrow.to]), fill: "none", stroke: near ? colour : soft(),
        "stroke-width": (0.8 + 1.8 * Math.min(1, Math.abs(arrow.elasticity))).toFixed(2), opacity: near ? 0.95 : 0.1,
        "marker-end": `url(#${arrow.helps ? "drives" : "holds"})` });
      drawn.append(svg("title", {}, `${species[arrow.from].label} → ${species[arrow.to].label}: ${fluxes[arrow.flux].meaning}, ${times(fold) || "new"}`));
      picture.append(drawn);
    }
    species.forEach((kind, i) => {
      const now = one.species[i][at], then = one.species[i][0], doublings = then > 0 ? Math.log2(now / then) : NaN;
      const many = doublings > 0.07 ? "▲ " : doublings < -0.07 ? "▼ " : "";
      const second = many + (then > 0 ? times(now / then) : short(now));
      const near = chosen == null || chosen === i || arrows.some(arrow => arrow.from === chosen && arrow.to === i || arrow.to === chosen && arrow.from === i);
      const group = svg("g", { tabindex: 0, role: "button", "data-species": i, "aria-pressed": chosen === i, opacity: near ? 1 : 0.45,
        "aria-label": `${kind.label} ${second}, now ${withUnitBehind(now, kind.unit)}` });
      const { x, y } = centre[i];
      group.append(svg("rect", { x: x - box.width / 2, y: y - box.height / 2, width: box.width, height: box.height, rx: 8,
        fill: change(doublings), stroke: chosen === i ? ink() : soft(), "stroke-width": chosen === i ? 2.5 : 1 }));
      const text = (value, dy, weight, font) => svg("text", { x, y: y + dy, "text-anchor": "middle", "font-size": font, "font-weight": weight, fill: ink() }, value);
      group.append(text(kind.label + " ", -4, 600, kind.label.length > 18 ? 11.5 : kind.label.length > 15 ? 12.5 : 14), text(second, 14, 400, 12));
      const choose = () => { chosen = chosen === i ? null : i; words.textContent = "Choose a box to see what drives it."; draw(); };
      group.addEventListener("click", choose);
      group.addEventListener("keydown", event => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
      picture.append(group);
    });
    if (focused != null) { picture.querySelector(`[data-species="${focused}"]`)?.focus(); }
    tell(arrows, one, at);
    scale.replaceChildren("Since the start: ", ...[-6, -3, -1, 0, 1, 3, 6].map(doublings => {
      const patch = element("span", { class: "patch" }, doublings === 0 ? "same" : doublings > 0 ? "× " + 2 ** doublings : "× 1/" + 2 ** -doublings);
      patch.style.background = change(doublings);
      return patch;
    }));
  }
  draw();
  view.watch(changes => { if ("explained" in changes || "day" in changes || changes.colours) { draw(); } });
}
