// Small things that every picture needs.

/// An HTML element with attributes, listeners (onclick…) and children.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) { made.addEventListener(key.slice(2), value); }
    else if (value === true) { made.setAttribute(key, ""); }
    else if (value !== false && value != null) { made.setAttribute(key, value); }
  }
  made.append(...children);
  return made;
}

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) { made.setAttribute(key, value); }
  made.append(...children);
  return made;
}

/// Values that several pictures look at; set() tells all that watch.
export function store(values) {
  const watchers = [];
  return {
    ...values,
    watch(look) { watchers.push(look); },
    set(changes, from) { Object.assign(this, changes); watchers.forEach(look => look(changes, from)); },
    redraw() { watchers.forEach(look => look({ colours: true })); },
  };
}

/// Three digits, without needless zeros.
export function short(value) {
  if (value == null || !Number.isFinite(value)) { return "–"; }
  if (value === 0) { return "0"; }
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [digits, power] = value.toExponential(1).split("e");
    return digits.replace(/\.0$/, "") + " × 10" + [...String(Number(power))].map(c => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");
  }
  return String(Number(value.toPrecision(3)));
}

export const withUnit = (text, unit) => unit && unit !== "1" ? text + " [" + unit + "]" : text;

export const withUnitBehind = (value, unit) => short(value) + (unit && unit !== "1" ? " " + unit : "");

/// "× 12", or "× 0.3": how much more there is.
export const times = fold => fold > 0 && Number.isFinite(fold) ? "× " + short(Number(fold.toPrecision(2))) : "";

/// The place in sorted numbers that is nearest to a value.
export function nearest(numbers, value) {
  let low = 0, high = numbers.length - 1;
  while (high - low > 1) {
    const middle = low + high >> 1;
    if (numbers[middle] <= value) { low = middle; } else { high = middle; }
  }
  return value - numbers[low] <= numbers[high] - value ? low : high;
}

/// A choice among names.
export function choice(label, names, selected, onchange) {
  const select = element("select", { onchange: event => onchange(Number(event.target.value)) },
    ...names.map((name, i) => element("option", { value: i, selected: i === selected }, name)));
  return element("label", {}, label + " ", select);
}

/// Which group is explained, and the day: for both pictures that look at one moment.
export function moment(data, view, name) {
  const days = () => data.explained[view.explained].days;
  const slider = element("input", { type: "range", min: 0, step: 1, "aria-label": "Day, " + name,
    oninput: () => view.set({ day: days()[Number(slider.value)] }, slider) });
  const shown = element("output");
  const follow = (_, from) => {
    slider.max = days().length - 1;
    const at = nearest(days(), view.day);
    if (from !== slider) { slider.value = at; }
    shown.textContent = "day " + short(days()[at]);
    slider.setAttribute("aria-valuetext", shown.textContent);
  };
  const groups = data.explained.map(one => data.groups[one.group].name);
  const choose = groups.length > 1
    ? choice("Group", groups, view.explained, index => view.set({ explained: index, day: data.explained[index].peak }))
    : "";
  view.watch((changes, from) => {
    if (choose && changes.explained != null) { choose.querySelector("select").value = view.explained; }
    follow(changes, from);
  });
  follow();
  return element("form", { class: "controls", onsubmit: event => event.preventDefault() }, choose,
    element("span", { class: "day" }, slider, shown));
}
