"use strict";
// A body whose sites glow. Sites are known by the ids of skeleton.svg.

/// An HTML element with attributes, listeners (onclick…) and children.
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) { made.addEventListener(key.slice(2), value); } else { made.setAttribute(key, value); }
  }
  made.append(...children);
  return made;
}

const isDark = () => getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";

/// Marrow oedema as colour: lightness falls evenly on paper, and rises evenly in the dark, so that any eye reads it.
const mostOedema = 2;
const ramps = {
  light: [[0, "#fbf7ec"], [0.1, "#fcefc8"], [0.2, "#fcca62"], [0.5, "#f3873f"], [1, "#cc3d5d"], [1.5, "#82217a"], [2, "#42105f"]],
  dark: [[0, "#454b54"], [0.1, "#5a4a6e"], [0.2, "#7d4190"], [0.5, "#c4486f"], [1, "#f0814a"], [1.5, "#fbc85c"], [2, "#fdf5b4"]],
};

function glow(oedema) {
  const ramp = ramps[isDark() ? "dark" : "light"], value = Math.min(Math.max(oedema ?? 0, 0), mostOedema);
  const above = Math.max(1, ramp.findIndex(([level]) => level >= value));
  const [[low, from], [high, to]] = [ramp[above - 1], ramp[above]], share = (value - low) / (high - low);
  const part = (hex, i) => parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  return "rgb(" + [0, 1, 2].map(i => Math.round(part(from, i) + share * (part(to, i) - part(from, i)))).join(",") + ")";
}

/// The scale, with the threshold of a lesion, and what else a body shows.
function legend(data) {
  const width = 300, at = value => 10 + value / mostOedema * width, stops = ramps.light.map(([level]) => level);
  const picture = svg("svg", { class: "scale-picture", viewBox: `0 0 ${width + 24} 46`, role: "img",
    "aria-label": `Scale of marrow oedema, from 0 to ${mostOedema} and more; from ${data.lesion.toFixed(2)} on MRI shows a lesion` });
  const gradient = svg("linearGradient", { id: "oedema-scale" });
  picture.append(gradient, svg("rect", { x: at(0), y: 16, width, height: 11, rx: 3, fill: "url(#oedema-scale)", class: "scale-bar" }));
  for (const value of [0, 0.5, 1, 1.5, 2]) {
    picture.append(svg("text", { x: at(value), y: 40, "text-anchor": "middle" }, value === mostOedema ? value + "+" : String(value)));
  }
  picture.append(svg("path", { class: "threshold", d: `M${at(data.lesion)} 12 V30` }),
    svg("text", { x: at(data.lesion) - 4, y: 9 }, `lesion above ${data.lesion.toFixed(2)}`));
  const colours = () => gradient.replaceChildren(...stops.map(level =>
    svg("stop", { offset: level / mostOedema, "stop-color": glow(level) })));
  colours();
  const sample = (kind, words) => element("span", { class: "sample" },
    svg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" }, kind === "hurts"
      ? svg("circle", { cx: 10, cy: 10, r: 8, class: "sample-hurts" })
      : makeMark({ transform: "translate(10 10)" })), words);
  const words = element("div", { class: "legend" }, element("span", { class: "scale-words" }, "marrow oedema (1 = frank)", picture),
    sample("hurts", "ringed: the site hurts"), sample("struck", "micro-injury in these four weeks"));
  return { words, colours };
}

const makeMark = attributes => {
  const cross = "M-4 -4 L4 4 M4 -4 L-4 4";
  return svg("g", attributes, svg("path", { d: cross, class: "struck under" }), svg("path", { d: cross, class: "struck" }));
};

/// One skeleton of the drawing in `template`. show() colours it: `oedema` and `pain` in hundredths, (site); `struck` is a set.
function makeBody(template, data, label) {
  const drawing = template.content.querySelector("svg").cloneNode(true);
  drawing.setAttribute("role", "img");
  const glows = svg("g", { class: "glows" }), rings = svg("g", { class: "rings" }), marks = svg("g", { class: "marks" });
  drawing.querySelector(".body").after(glows, rings);
  drawing.append(marks);
  const told = element("p", { class: "site-told" });
  const sites = data.sites.map(({ name, title }, i) => {
    const group = drawing.querySelector("#" + name), mirrored = group.closest(".right");
    group.removeAttribute("id"); // a page has several bodies
    group.dataset.site = name;
    const behind = (layer, kind) => {
      const shape = group.cloneNode(true);
      shape.removeAttribute("data-site");
      shape.setAttribute("class", kind);
      if (mirrored) { shape.setAttribute("transform", mirrored.getAttribute("transform")); }
      layer.append(shape);
      return shape;
    };
    const halo = behind(glows, "halo"), ring = [behind(rings, "ring"), behind(rings, "ring gap")];
    group.append(svg("title", {}, title));
    group.addEventListener("pointerenter", () => { pointed = i; tell(); });
    group.addEventListener("pointerleave", () => { pointed = null; tell(); });
    return { group, halo, ring, mark: null };
  });
  let pointed = null, last = null;
  const tell = () => {
    told.textContent = pointed === null || !last.oedema ? ""
      : `${data.sites[pointed].title}: oedema ${(last.oedema[pointed] / 100).toFixed(2)}, pain ${(last.pain[pointed] / 100).toFixed(2)}`;
  };
  /// In the middle of what is drawn of a site.
  const markOf = (site, i) => {
    const box = site.group.getBBox(), x = box.x + box.width / 2;
    site.mark = makeMark({ "data-struck": data.sites[i].name,
      transform: `translate(${site.group.closest(".right") ? 320 - x : x} ${box.y + box.height / 2})` });
    marks.append(site.mark);
    return site.mark;
  };
  const show = (oedema, pain, struck) => {
    last = { oedema, pain };
    sites.forEach((site, i) => {
      const much = oedema ? oedema[i] / 100 : 0, isLesion = much > data.lesion;
      site.group.style.setProperty("--glow", glow(much));
      site.group.classList.toggle("lesion", isLesion);
      const hurts = Boolean(pain) && pain[i] / 100 > data.painful;
      site.group.classList.toggle("hurts", hurts);
      site.ring.forEach(shape => { shape.style.display = hurts ? "" : "none"; });
      site.halo.style.setProperty("--glow", glow(much));
      site.halo.style.opacity = isLesion ? Math.min(0.95, 0.45 + 0.4 * much) : 0;
      if (struck.has(i)) { (site.mark ?? markOf(site, i)).style.display = ""; }
      else if (site.mark) { site.mark.style.display = "none"; }
    });
    drawing.classList.toggle("unknown", !oedema);
    tell();
  };
  const lesions = () => data.sites.filter((_, i) => last.oedema && last.oedema[i] / 100 > data.lesion).map(site => site.title);
  const name = words => drawing.setAttribute("aria-label", label + ": " + words);
  const box = element("figure", { class: "body-box" }, drawing,
    element("figcaption", { class: "sides-told" }, element("span", {}, "right"), told, element("span", {}, "left")));
  return { box, show, lesions, name };
}
