// The phase portrait: two of the 28 quantities, the states in which a site comes to rest, the threshold between them, and
// where the mouse is now.
import { drawn, element, number, withUnit, words } from "./words.js";

const width = 460, height = 340, box = { left: 84, right: 448, top: 14, bottom: 288 };
const axes = {
  il1b: { low: 3e-4, high: 200, unit: "pM" },
  il10: { low: 0.05, high: 200, unit: "pM" },
  neutrophils: { low: 30, high: 3e5, unit: "cell/uL" },
};
const place = ({ low, high }, value, from, to) => {
  const share = Math.log(Math.min(Math.max(value, low), high) / low) / Math.log(high / low);
  return from + share * (to - from);
};

/** Returns {show(answer, found, day), look(day)}; `found` is what attractors.js answers, null while it is looked for. */
export function makePortrait(root) {
  let across = "il1b", course = null, found = null, day = 0;
  const choice = element("select", { id: "across", change: ({ target }) => { across = target.value; draw(); } },
    ...["il1b", "il10"].map((name) => element("option", { value: name }, words(`courses.${name}`))));
  const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  const caption = element("p", { class: "caption", "aria-live": "polite" });
  root.append(element("div", { class: "line" }, element("label", { for: "across" }, words("portrait.across")), choice), picture, caption);

  const point = (state) => [place(axes[across], state[across], box.left, box.right), place(axes.neutrophils, state.neutrophils, box.bottom, box.top)];
  const path = (columns, attributes) => {
    const points = Array.from(columns.neutrophils, (n, t) => point({ [across]: columns[across][t], neutrophils: n }).map((v) => v.toFixed(1)).join(","));
    return drawn("polyline", { points: points.join(" "), ...attributes });
  };

  function frame() {
    const parts = [drawn("rect", { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top, class: "frame" })];
    const ticks = ({ low, high }) => Array.from({ length: 12 }, (_, i) => 10 ** (i - 4)).filter((tick) => tick >= low && tick <= high);
    for (const tick of ticks(axes[across])) {
      const x = place(axes[across], tick, box.left, box.right);
      parts.push(drawn("line", { x1: x, x2: x, y1: box.top, y2: box.bottom, class: "grid" }),
        drawn("text", { x, y: box.bottom + 17, "text-anchor": "middle" }, number(tick)));
    }
    for (const tick of ticks(axes.neutrophils)) {
      const y = place(axes.neutrophils, tick, box.bottom, box.top);
      parts.push(drawn("line", { x1: box.left, x2: box.right, y1: y, y2: y, class: "grid" }),
        drawn("text", { x: box.left - 6, y: y + 4, "text-anchor": "end" }, number(tick)));
    }
    parts.push(
      drawn("text", { x: (box.left + box.right) / 2, y: height - 8, "text-anchor": "middle", class: "axis" }, `${words(`courses.${across}`)} (${axes[across].unit})`),
      drawn("text", { transform: `translate(15 ${(box.top + box.bottom) / 2}) rotate(-90)`, "text-anchor": "middle", class: "axis" }, `${words("courses.neutrophils")} (cells/µL)`));
    return parts;
  }

  function marker(kind, state, text) {
    const [x, y] = point(state);
    const shape = kind === "healthy" ? drawn("circle", { r: 8 }) : kind === "inflamed" ? drawn("path", { d: "M0,-10L10,0L0,10L-10,0Z" })
      : drawn("path", { d: "M-7,-7L7,7M-7,7L7,-7" });
    // Along the way from health to inflammation, up and to the right, names stand on sides of their own.
    const right = kind === "threshold" || x < box.left + 90;
    return drawn("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, class: `mark ${kind}` }, shape,
      drawn("text", { x: right ? 14 : -14, y: 5, "text-anchor": right ? "start" : "end" }, text));
  }

  function present() {
    const t = course.times.findIndex((time) => time >= day - 1e-9);
    const state = Object.fromEntries(Object.entries(course.columns).map(([name, column]) => [name, column.at(t)]));
    const [cx, cy] = point(state);
    return [drawn("circle", { cx, cy, r: 11, class: "now" })];
  }

  function draw() {
    if (!course) return;
    const states = found?.states ?? [], threshold = found?.threshold ?? null;
    picture.replaceChildren(...frame(),
      ...(threshold ? threshold.paths.map((columns) => path(columns, { class: "beside" })) : []),
      path(course.columns, { class: "path" }),
      ...states.map(({ kind, state }) => marker(kind, state, words(`portrait.${kind}`))),
      ...(threshold ? [marker("threshold", threshold.state, words("portrait.threshold"))] : []), ...present());
    const where = (state) => ({ neutrophils: number(state.neutrophils), across: withUnit(state[across], axes[across].unit), name: words(`courses.${across}`) });
    caption.textContent = !found ? words("portrait.looking") : threshold
      ? words("portrait.two", { ...where(threshold.state), day })
      : words(`portrait.only_${states[0].kind}`, { ...where(states[0].state), day });
    picture.setAttribute("aria-label", words("portrait.said", { caption: caption.textContent }));
  }

  return {
    show(nextCourse, nextFound, today) {
      [course, found, day] = [nextCourse, nextFound, today];
      draw();
    },
    look(next) {
      day = next;
      if (course) picture.querySelector(".now")?.replaceWith(...present());
    },
  };
}
