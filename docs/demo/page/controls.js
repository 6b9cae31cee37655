// The mouse: its genotype and the parameters with sliders.
import model from "model";
import { ends, endingOn, genotype, knobs, setting, unchanged, valueOf } from "./scenario.js";
import { element, number, words } from "./words.js";

/** `change` takes a function from the present scenario to the next. Returns show(scenario). */
export function makeControls(root, change) {
  const choice = element("select", { id: "genotype", change: ({ target }) =>
    change((scenario) => ({ ...scenario, genotype: target.value, changed: {} })) },
    ...model.genotypes.map((known) => element("option", { value: known.name }, known.title)));
  const observed = element("p", { class: "note" });
  const sliders = knobs.map((knob) => makeSlider(knob, change));
  const end = element("select", { id: "end", change: ({ target }) => change((scenario) => endingOn(scenario, Number(target.value))) },
    ...ends.map((day) => element("option", { value: day }, words("controls.end_option", { day }))));
  root.append(
    element("label", { for: "genotype" }, words("controls.genotype")), choice, observed,
    ...sliders.map(({ row }) => row),
    element("div", { class: "line" }, element("label", { for: "end" }, words("controls.end")), end));

  return (scenario) => {
    const known = genotype(scenario.genotype);
    choice.value = scenario.genotype;
    end.value = scenario.end;
    observed.textContent = known.observed
      ? words("controls.observed", { observed: known.observed, firmness: known.firmness, source: known.source })
      : words("controls.not_observed", { source: known.source });
    for (const slider of sliders) slider.show(scenario);
  };
}

function makeSlider({ name, low, high }, change) {
  const entry = setting(name), id = `knob-${name}`;
  const shown = element("output", { for: id });
  const put = (value) => change((scenario) => {
    const changed = { ...scenario.changed };
    if (value === null || value === unchanged(scenario, name)) delete changed[name];
    else changed[name] = value;
    return { ...scenario, changed };
  });
  const slider = element("input", { id, type: "range", min: low, max: high, step: 0.01,
    "aria-describedby": `${id}-note`, input: ({ target }) => put(Number(target.value)) });
  const back = element("button", { class: "small", type: "button", click: () => put(null),
    "aria-label": words("controls.back_label", { name: words(`knobs.${name}.name`) }) }, words("controls.back"));
  const marks = element("div", { class: "ends", "aria-hidden": "true" },
    element("span", {}, words(`knobs.${name}.low`)), element("span", {}, words(`knobs.${name}.high`)));
  const row = element("div", { class: "knob" },
    element("div", { class: "line" }, element("label", { for: id }, words(`knobs.${name}.name`)), shown, back),
    slider, marks, element("p", { class: "note", id: `${id}-note` }, words(`knobs.${name}.note`, { parameter: name, origin: entry.origin })));

  return {
    row,
    show(scenario) {
      const value = valueOf(scenario, name), usual = unchanged(scenario, name);
      // A genotype may lie beyond the slider's end; the number then says so.
      slider.value = value;
      slider.setAttribute("aria-valuetext", words("controls.times_normal", { value: number(value) }));
      shown.textContent = words("controls.times", { value: number(value) });
      back.hidden = value === usual;
    },
  };
}
