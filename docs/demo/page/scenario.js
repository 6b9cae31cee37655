// What the page asks the engine: one mouse and what happens to it, as a question, as a link, and as a scenario file.
import model from "model";

/** Parameters that have a slider, and how far it goes. The ranges are a choice of this page, inside the model's. */
export const knobs = [
  { name: "il10_gene", low: 0, high: 2 },
  { name: "il10_competence", low: 0, high: 1.2 },
  { name: "il1b_gene", low: 0, high: 4 },
  { name: "microbiota", low: 0, high: 1.5 },
];
export const ends = [150, 300];
export const named = (list, name) => list.find((entry) => entry.name === name);
export const setting = (name) => named(model.settings, name);
export const treatment = (name) => named(model.treatments, name);
export const genotype = (name) => named(model.genotypes, name);
/** How strongly a drug is given at first. Where the library has no exposure, half of a share, or four parts bound to one free. */
export const usualExposure = (drug) => drug.exposure ?? (setting(drug.inputs[0].name).high === 1 ? 0.5 : 4);

/**
 * The mouse that the page opens with: it has one defective copy of Pstpip2 and makes twice the usual IL-1β, and so is
 * healthy, but not by much.
 */
export const firstScenario = () => ({
  genotype: "cmo_heterozygous", changed: { il1b_gene: 2 }, wound: null, treatments: [], end: model.end, day: 100,
});
export const plain = (name, more = {}) => ({ ...firstScenario(), genotype: name, changed: {}, ...more });
export const libraryWound = () => ({ ...model.injury });

/** A parameter's value in a scenario: changed by hand, or the genotype's, or the model's. */
export function valueOf(scenario, name) {
  return scenario.changed[name] ?? genotype(scenario.genotype).settings[name] ?? setting(name).value;
}
export const unchanged = (scenario, name) => valueOf({ ...scenario, changed: {} }, name);

export const everyOf = (scenario) => (scenario.end > 150 ? 1 : 0.5);

/** The question for the engine (engine.js). */
export function question(scenario) {
  const events = scenario.treatments.map(({ name, from, until, exposure }) => ({
    from, until, sets: Object.fromEntries(treatment(name).inputs.map((input) => [input.name, input.value ?? exposure])),
  }));
  if (scenario.wound) {
    const { from, until, value } = scenario.wound;
    events.push({ from, until, sets: { sterile_injury: value } });
  }
  const settings = { ...genotype(scenario.genotype).settings, ...scenario.changed };
  return { settings, events, start: model.start, end: scenario.end, every: everyOf(scenario) };
}

/** Settings in force on a day, the wound left aside. */
export function settingsOn(scenario, day) {
  const { settings, events } = question({ ...scenario, wound: null });
  const ruling = events.filter(({ from, until }) => from <= day && day < (until ?? Infinity));
  return Object.assign({}, settings, ...ruling.map(({ sets }) => sets));
}

/** Treatments that set an input of this one, too: only one of them can be given in a run of this page. */
export function rivals(scenario, name) {
  const inputs = new Set(treatment(name).inputs.map((input) => input.name));
  return scenario.treatments.filter((given) => treatment(given.name).inputs.some((input) => inputs.has(input.name)));
}

/** A scenario that ends on another day; what would lie outside goes. */
export function endingOn(scenario, end) {
  const kept = (one) => one && one.from < end;
  const cut = (one) => ({ ...one, until: one.until !== null && one.until >= end ? null : one.until });
  return {
    ...scenario, end, day: Math.min(scenario.day, end),
    wound: kept(scenario.wound) ? { ...scenario.wound, until: Math.min(scenario.wound.until, end) } : null,
    treatments: scenario.treatments.filter(kept).map(cut),
  };
}

// As a link: #genotype=cmo&il10_gene=0.5&wound=70-84x20&anakinra=75-x8000&end=150&day=90

const span = ({ from, until }, strength) => `${from}-${until ?? ""}x${strength}`;

export function toFragment(scenario) {
  const parts = new URLSearchParams({ genotype: scenario.genotype });
  for (const [name, value] of Object.entries(scenario.changed)) parts.set(name, value);
  if (scenario.wound) parts.set("wound", span(scenario.wound, scenario.wound.value));
  for (const one of scenario.treatments) parts.set(one.name, span(one, one.exposure));
  parts.set("end", scenario.end);
  parts.set("day", scenario.day);
  return `#${parts}`;
}

/** The scenario of a link, and what of the link made no sense; the scenario is null if its genotype is none of ours. */
export function fromFragment(fragment) {
  const parts = new URLSearchParams(fragment.replace(/^#/, "")), leftOut = [];
  if (!genotype(parts.get("genotype"))) return { scenario: null, leftOut: [...parts].map(([name, written]) => `${name}=${written}`) };
  const scenario = plain(parts.get("genotype"));
  scenario.end = ends.includes(Number(parts.get("end"))) ? Number(parts.get("end")) : model.end;
  const day = parts.has("day") ? Number(parts.get("day")) : NaN;
  scenario.day = day >= model.start && day <= scenario.end ? day : Math.min(scenario.day, scenario.end);
  for (const [name, written] of parts) {
    const value = Number(written);
    if (name === "genotype" || name === "end" && scenario.end === value || name === "day" && scenario.day === value) continue;
    leftOut.push(`${name}=${written}`);
    const knob = named(knobs, name);
    if (knob && written !== "" && value >= knob.low && value <= knob.high) {
      scenario.changed[name] = value;
      leftOut.pop();
    }
    const drug = treatment(name);
    const match = /^(\d+)-(\d*)x([\d.e+-]+)$/.exec(written);
    if (!match || !(drug || name === "wound")) continue;
    const from = Number(match[1]), until = match[2] === "" ? null : Number(match[2]), strength = Number(match[3]);
    const input = setting(drug ? drug.inputs[0].name : "sterile_injury");
    const fits = from >= model.start && from < scenario.end && (until === null || (until > from && until <= scenario.end));
    if (!fits || !(strength >= input.low && strength <= (input.high ?? Infinity))) continue;
    if (drug ? rivals(scenario, name).length > 0 : until === null) continue;
    if (drug) scenario.treatments.push({ name, from, until, exposure: strength });
    else scenario.wound = { from, until, value: strength };
    leftOut.pop();
  }
  return { scenario, leftOut };
}

/** The scenario file that `osteoflare run` takes. Numbers without a unit are in the quantity's own. */
export function toToml(scenario, { title, question: asked, remark }) {
  const text = (value) => JSON.stringify(value);
  const lines = [`# ${remark}`, `title = ${text(title)}`, `question = ${text(asked)}`, `model = ${text(model.model)}`,
    `genotype = ${text(scenario.genotype)}`, `start = "${model.start} d"`, `end = "${scenario.end} d"`];
  const changed = Object.entries(scenario.changed);
  if (changed.length > 0) lines.push("", "[parameters]", ...changed.map(([name, value]) => `${name} = ${value}`));
  const until = (one) => (one.until === null ? [] : [`until = "${one.until} d"`]);
  if (scenario.wound) {
    const { wound } = scenario;
    lines.push("", "[[event]]", 'name = "wound"', `at = "${wound.from} d"`, 'input = "sterile_injury"', `value = ${wound.value}`, ...until(wound));
  }
  for (const one of scenario.treatments) {
    lines.push("", "[[treatment]]", `name = ${text(one.name)}`, `exposure = ${one.exposure}`, `from = "${one.from} d"`, ...until(one));
  }
  lines.push("", "[output]", `every = "${everyOf(scenario)} d"`, "");
  return lines.join("\n");
}
