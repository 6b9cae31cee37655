// What is done to the mouse, as bars over its age: dragged by pointer or moved by keys.
import model from "model";
import { libraryWound, rivals, setting, treatment, usualExposure } from "./scenario.js";
import { element, unitOf, words } from "./words.js";

const shortest = 1; // [d]
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** `change` takes a function from the present scenario to the next. Returns show(scenario). */
export function makeTimeline(root, change) {
  const rows = element("div", { class: "rows" });
  const menu = element("select", { id: "give", change: ({ target }) => {
    const drug = treatment(target.value);
    target.value = "";
    if (drug) change((scenario) => given(scenario, drug));
  } });
  const wound = element("button", { type: "button", id: "wound", click: () =>
    change((scenario) => ({ ...scenario, wound: scenario.wound ? null : fitting(libraryWound(), scenario.end) })) });
  root.append(rows, element("div", { class: "line wrap" }, wound,
    element("label", { for: "give" }, words("timeline.give")), menu),
    element("p", { class: "note" }, words("timeline.note")));

  let known = new Map();
  return (scenario) => {
    wound.textContent = words(scenario.wound ? "timeline.heal" : "timeline.wound");
    menu.replaceChildren(element("option", { value: "" }, words("timeline.choose")), ...model.treatments.map((drug) => {
      const taken = rivals(scenario, drug.name).length > 0;
      return element("option", { value: drug.name, disabled: taken }, drug.title);
    }));
    const wanted = [...(scenario.wound ? ["wound"] : []), ...scenario.treatments.map(({ name }) => name)];
    const next = new Map(wanted.map((name) => [name, known.get(name) ?? makeRow(name, change)]));
    if (wanted.join() !== [...known.keys()].join()) rows.replaceChildren(...[...next.values()].map(({ row }) => row));
    known = next;
    for (const [, { show }] of known) show(scenario);
  };
}

const fitting = (one, end) => ({ ...one, from: Math.min(one.from, end - 14), until: Math.min(one.until, end) });

function given(scenario, drug) {
  const from = clamp(scenario.day, model.start, scenario.end - 7);
  return { ...scenario, treatments: [...scenario.treatments, { name: drug.name, from, until: null, exposure: usualExposure(drug) }] };
}

function makeRow(name, change) {
  const drug = name === "wound" ? null : treatment(name);
  const title = drug?.title ?? words("timeline.wound_title");
  const input = setting(drug ? drug.inputs[0].name : "sterile_injury");
  const read = (scenario) => (drug ? scenario.treatments.find((one) => one.name === name) : scenario.wound);
  const write = (scenario, one) => (drug
    ? { ...scenario, treatments: scenario.treatments.map((other) => (other.name === name ? one : other)) }
    : { ...scenario, wound: one });
  const adjust = (next) => change((scenario) => write(scenario, next(read(scenario), scenario.end)));

  // A drug that reaches the end of the run is given to the end, wherever that is.
  const upTo = (until, end) => (until === end && drug ? null : until);
  const moved = {
    whole(one, end, days) {
      const length = (one.until ?? end) - one.from;
      const from = clamp(one.from + days, model.start, end - length);
      return { ...one, from, until: upTo(from + length, end) };
    },
    from: (one, end, days) => ({ ...one, from: clamp(one.from + days, model.start, (one.until ?? end) - shortest) }),
    until: (one, end, days) => ({ ...one, until: upTo(clamp((one.until ?? end) + days, one.from + shortest, end), end) }),
  };

  const track = element("div", { class: "track" });
  const handle = (part) => {
    const made = element("span", { class: `grip ${part}`, role: "slider", tabindex: 0, "aria-label": words(`timeline.${part}`, { title }),
      keydown: (event) => {
        const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -1000, End: 1000 };
        if (event.key === "Delete") remove();
        else if (event.key in steps) adjust((one, end) => moved[part](one, end, steps[event.key]));
        else return;
        event.preventDefault();
      } });
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      event.stopPropagation();
      made.focus();
      made.setPointerCapture(event.pointerId);
      let before = null;
      const x = event.clientX;
      const move = ({ clientX }) => adjust((one, end) => {
        before ??= one;
        return moved[part](before, end, Math.round(((clientX - x) / track.clientWidth) * (end - model.start)));
      });
      made.addEventListener("pointermove", move);
      made.addEventListener("lostpointercapture", () => made.removeEventListener("pointermove", move), { once: true });
    });
    return made;
  };
  const grips = { whole: handle("whole"), from: handle("from"), until: handle("until") };
  const bar = element("div", { class: `bar ${drug ? "drug" : "wound"}` }, grips.whole, grips.from, grips.until);
  track.append(bar);
  const strength = element("input", { type: "number", min: input.low, max: input.high < 1e9 ? input.high : null, step: "any",
    "aria-label": words("timeline.strength", { title }), change: ({ target }) => {
      const value = Number(target.value);
      if (target.value === "" || !target.reportValidity()) return;
      adjust((one) => (drug ? { ...one, exposure: value } : { ...one, value }));
    } });
  const remove = () => change((scenario) => (drug
    ? { ...scenario, treatments: scenario.treatments.filter((one) => one.name !== name) }
    : { ...scenario, wound: null }));
  const when = element("span", { class: "when" });
  const row = element("div", { class: "row", "data-name": name },
    element("div", { class: "line" }, element("span", { class: "what" }, title, when),
      strength, element("span", { class: "unit" }, unitOf(input.unit)),
      element("button", { type: "button", class: "small", click: remove, "aria-label": words("timeline.remove", { title }) }, "×")),
    element("p", { class: "note" }, drug ? words("timeline.meaning", drug) : words("timeline.wound_meaning", { meaning: input.meaning })), track);

  return {
    row,
    show(scenario) {
      const one = read(scenario), { end } = scenario;
      const share = (day) => `${(100 * (day - model.start)) / (end - model.start)}%`;
      bar.style.left = share(one.from);
      bar.style.right = `calc(100% - ${share(one.until ?? end)})`;
      track.style.setProperty("--day", share(scenario.day));
      if (document.activeElement !== strength) strength.value = drug ? one.exposure : one.value;
      when.textContent = words(one.until === null ? "timeline.to_end" : "timeline.span", { from: one.from, until: one.until });
      const values = { whole: one.from, from: one.from, until: one.until ?? end };
      for (const [part, grip] of Object.entries(grips)) {
        grip.setAttribute("aria-valuemin", model.start);
        grip.setAttribute("aria-valuemax", end);
        grip.setAttribute("aria-valuenow", values[part]);
        grip.setAttribute("aria-valuetext", words("timeline.day", { day: values[part] }));
      }
    },
  };
}
