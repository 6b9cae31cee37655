// The site as a picture: marrow above, bone below, drawn from the state on one day. Every symbol stands for a fixed number
// of cells, the height of bone for its volume, and the strength of a colour for the share of a cytokine's full effect.
import { setting } from "./scenario.js";
import { drawn, element, number, percent, withUnit, words } from "./words.js";

const width = 640, surface = 235, healthyHeight = 92, height = 384;
/** Cells that one symbol stands for, per µL, and how many symbols there are at most. */
const kinds = [
  { name: "macrophages", per: 1000, most: 40 },
  { name: "neutrophils", per: 1000, most: 150 },
];
const osteoclastsPer = 20, mostOsteoclasts = 16, osteoblastsPerFold = 10, mostOsteoblasts = 16;

/** Points that fill the square evenly without looking like a grid (Roberts' sequence). */
function scattered(n, from) {
  const g = 1.32471795724474602596;
  return Array.from({ length: n }, (_, i) => [(0.5 + (i + from) / g) % 1, (0.5 + (i + from) / (g * g)) % 1]);
}

const symbols = {
  neutrophils: () => [drawn("circle", { r: 5.2, class: "cell neutrophil" }),
    ...[[-2, -1.4], [1.9, -1.2], [0, 2]].map(([cx, cy]) => drawn("circle", { cx, cy, r: 1.7, class: "nucleus" }))],
  macrophages: () => [drawn("path", { d: "M-11,-2 Q-8,-11 1,-9 Q10,-11 11,-2 Q13,6 5,9 Q-1,12 -7,8 Q-13,5 -11,-2 Z", class: "cell macrophage" }),
    drawn("ellipse", { cx: 1, cy: -1, rx: 4.2, ry: 3, class: "nucleus" })],
  osteoclast: () => [drawn("path", { d: "M-25,9 Q-27,-10 -11,-14 Q0,-19 12,-14 Q27,-9 25,9 L20,12 L15,8 L10,12 L5,8 L0,12 L-5,8 L-10,12 L-15,8 L-20,12 Z", class: "cell osteoclast" }),
    ...[[-13, -3], [-5, -8], [4, -7], [12, -3], [0, 0]].map(([cx, cy]) => drawn("circle", { cx, cy, r: 3, class: "nucleus" }))],
  osteoblast: () => [drawn("rect", { x: -7, y: -9, width: 14, height: 11, rx: 2, class: "cell osteoblast" }),
    drawn("circle", { cy: -4, r: 2.6, class: "nucleus" })],
};

/** Returns show(state): species of one moment by name. */
export function makeSite(root) {
  const defs = drawn("defs", {}, ...["il1b", "il10"].map((name) => drawn("radialGradient", { id: `glow-${name}` },
    drawn("stop", { offset: "0", class: `glow-${name}`, "stop-opacity": 1 }), drawn("stop", { offset: "1", class: `glow-${name}`, "stop-opacity": 0 }))));
  const glow = (name, from) => drawn("g", {}, ...scattered(9, from).map(([x, y]) =>
    drawn("circle", { cx: x * width, cy: y * surface, r: 125, fill: `url(#glow-${name})` })));
  const glows = { il10: glow("il10", 11), il1b: glow("il1b", 40) };
  const reactive = drawn("path", { class: "reactive-bone" });
  const weave = drawn("path", { class: "weave" });
  const bone = drawn("path", { class: "bone" });
  const lamellae = drawn("path", { class: "lamellae" });
  const cells = kinds.map((kind, k) => drawn("g", {}, ...scattered(kind.most, 97 * k).map(([x, y], i) =>
    drawn("g", { transform: `translate(${14 + x * (width - 28)} ${14 + y * (surface - 52)})` },
      drawn("g", { class: "wander", style: `animation-delay:${-((i * 7) % 19)}s` }, ...symbols[kind.name]())))));
  const row = (n, symbol) => Array.from({ length: n }, () => drawn("g", {}, ...symbols[symbol]()));
  const osteoclasts = row(mostOsteoclasts, "osteoclast"), osteoblasts = row(mostOsteoblasts, "osteoblast");
  const label = (x, y, name) => drawn("text", { x, y, class: "label" }, words(`site.${name}`));
  const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, defs,
    drawn("rect", { width, height: surface + healthyHeight, class: "marrow" }),
    drawn("rect", { y: surface + healthyHeight, width, height: height - surface - healthyHeight, class: "outside" }), glows.il10, glows.il1b, bone, lamellae,
    reactive, weave, ...cells, ...osteoblasts, ...osteoclasts, label(10, 22, "marrow"),
    label(10, height - 10, "outside"));
  const said = element("p", { class: "visually-hidden" });
  const legend = element("ul", { class: "legend" },
    ...[["neutrophils", 1000, "neutrophils"], ["macrophages", 1000, "macrophages"], ["osteoclast", osteoclastsPer, "osteoclasts"], ["osteoblast", null, "osteoblasts"]]
      .map(([symbol, per, name]) => element("li", {}, drawn("svg", { viewBox: symbol === "osteoclast" ? "-28 -20 56 34" : "-14 -13 28 26", width: 30, height: 20, "aria-hidden": "true" }, ...symbols[symbol]()),
        per ? words("site.per", { name: words(`site.${name}`), per: number(per) }) : words("site.osteoblasts_per", { share: percent(1 / osteoblastsPerFold) }))),
    ...["il1b", "il10"].map((name) => element("li", {}, element("span", { class: `swatch ${name}` }), words(`site.${name}`))),
    ...["bone", "woven"].map((name) => element("li", {}, element("span", { class: `swatch ${name}` }), words(`site.${name}`))));
  root.append(picture, said, legend);

  const half = { il1b: setting("il1_half").value, il10: setting("il10_half").value };
  return (state) => {
    for (const name of ["il1b", "il10"]) glows[name].setAttribute("opacity", (0.8 * state[name]) / (state[name] + half[name]));
    kinds.forEach(({ name, per, most }, k) => showFirst([...cells[k].children], Math.min(Math.round(state[name] / per), most)));

    // Pits where osteoclasts sit; the waves' mean is zero, so that the height shown is the volume.
    const n = Math.min(Math.round(state.osteoclasts / osteoclastsPer), mostOsteoclasts);
    const lost = 1 - state.bone;
    const pits = Math.max(n, 1), depth = Math.min(Math.max(lost, 0) * 0.55, 0.3) * healthyHeight;
    const pit = (x) => Math.cos((2 * Math.PI * pits * x) / width);
    const top = (x) => surface + lost * healthyHeight - depth * pit(x) - 3 * Math.cos((4 * Math.PI * x) / width);
    const line = (y) => Array.from({ length: 161 }, (_, i) => `${i * 4},${y(i * 4).toFixed(1)}`).join("L");
    const base = surface + healthyHeight, woven = state.reactive_bone * healthyHeight;
    bone.setAttribute("d", `M${line(top)}L${width},${base}L0,${base}Z`);
    lamellae.setAttribute("d", [0.25, 0.5, 0.75].map((share) => `M${line((x) => top(x) + share * (base - top(x)))}`).join(""));
    reactive.setAttribute("d", `M0,${base}L${width},${base}L${line((x) => base + woven * (1 + 0.12 * Math.cos(x / 11)))
      .split("L").reverse().join("L")}Z`);
    weave.setAttribute("d", woven < 4 ? "" : Array.from({ length: 32 }, (_, i) => `M${i * 20 + 4},${base + 2}l10,${Math.max(woven - 5, 1)}m6,0l-8,${-Math.max(woven - 5, 1)}`).join(""));

    place(osteoclasts, n, (i) => [((i + 0.5) * width) / pits, top(((i + 0.5) * width) / pits) - 9]);
    const builders = Math.min(Math.round(state.osteoblasts * osteoblastsPerFold), mostOsteoblasts);
    place(osteoblasts, builders, (i) => {
      const x = ((Math.round((i + 0.5) * (pits / builders) - 0.5) + 1) * width) / pits + ((i % 3) - 1) * 15;
      const inside = Math.min(Math.max(x, 9), width - 9);
      return [inside, top(inside)];
    });
    picture.setAttribute("aria-label", words("site.said", {
      neutrophils: withUnit(state.neutrophils, "cell/uL"), macrophages: withUnit(state.macrophages, "cell/uL"),
      osteoclasts: withUnit(state.osteoclasts, "cell/uL"), il1b: withUnit(state.il1b, "pM"), il10: withUnit(state.il10, "pM"),
      bone: percent(state.bone), woven: percent(state.reactive_bone),
    }));
  };
}

function showFirst(symbolsOfKind, n) {
  symbolsOfKind.forEach((symbol, i) => symbol.classList.toggle("gone", i >= n));
}
function place(symbolsOfKind, n, where) {
  showFirst(symbolsOfKind, n);
  for (let i = 0; i < n; ++i) symbolsOfKind[i].setAttribute("transform", `translate(${where(i).map((v) => v.toFixed(1)).join(" ")})`);
}
