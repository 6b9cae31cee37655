// All text of the page stands in ../text/en.json; names and meanings of quantities, mice and drugs come from the model.
import text from "../text/en.json";

/** The text at a path such as "courses.title", its {places} filled. Lists and missing texts come back as they are. */
export function words(path, values = {}) {
  const found = path.split(".").reduce((node, key) => node?.[key], text);
  return typeof found === "string" ? fill(found, values) : found;
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

/** A number as people write it: three digits, and no exponents in between. */
export function number(value, digits = 3) {
  if (!Number.isFinite(value)) return words("never");
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(1).replace("e+", "e");
  if (size >= 1000) return String(Math.round(value / 100) * 100).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return String(Number(value.toPrecision(digits)));
}

export const percent = (share) => `${Math.round(100 * share)}\u202f%`;
export const unitOf = (unit) => (unit === "1" ? "" : unit.replace("uL", "µL").replace("1/d", "per day"));
export const withUnit = (value, unit) => [number(value), unitOf(unit)].filter(Boolean).join("\u00a0");

/** A new element; `parts` are attributes, then children. Attributes that are functions are listeners. */
export function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}
export function drawn(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}
function furnish(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
