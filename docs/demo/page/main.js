import "uplot/dist/uPlot.min.css";
import "./page.css";
import model from "model";
import { latestOnly, makeEngine } from "./client.js";
import { makeControls } from "./controls.js";
import { makeCourses } from "./courses.js";
import { makeLessons } from "./lessons.js";
import { makePortrait } from "./portrait.js";
import { firstScenario, fromFragment, genotype, question, settingsOn, toFragment, toToml } from "./scenario.js";
import { makeSite } from "./site.js";
import { makeTimeline } from "./timeline.js";
import { element, number, percent, words } from "./words.js";

const at = (id) => document.getElementById(id);
for (const marked of document.querySelectorAll("[data-words]")) marked.textContent = words(marked.dataset.words, { version: model.version });

const opened = fromFragment(location.hash);
let scenario = opened.scenario ?? firstScenario();
let answer = null, kept = null, found = null, drawnFor = "", foundFor = "";
const costs = [];

const forCourses = makeEngine(), forRest = makeEngine();
const controls = makeControls(at("controls"), change);
const timeline = makeTimeline(at("timeline"), change);
const site = makeSite(at("site"));
const portrait = makePortrait(at("portrait"));
const courses = makeCourses(at("courses"), goTo);
const fail = (error) => { at("status").textContent = words("failed_with", { error: error.message }); };

const askRun = latestOnly(forCourses, "run", (next, { asked }, took) => {
  costs.push(took);
  answer = next;
  drawnFor = JSON.stringify(question(asked));
  found = foundFor === attractorKey(asked) ? found : null;
  courses.show(answer, kept?.course, asked);
  showDay();
  at("status").textContent = outcome(answer, asked);
  askAttractors();
}, fail);
const askStates = latestOnly(forRest, "attractors", (next, { key }) => {
  if (key !== attractorKey(scenario)) return;
  [found, foundFor] = [next, key];
  portrait.show(answer, found, scenario.day);
}, fail);
const attractorKey = (asked) => JSON.stringify(settingsOn(asked, asked.day));

/** Attractors take several long runs: they are looked for when a hand rests. */
let resting = 0;
function askAttractors() {
  clearTimeout(resting);
  const key = attractorKey(scenario);
  if (key !== foundFor) resting = setTimeout(() => askStates({ settings: settingsOn(scenario, scenario.day), key }), 120);
}

function change(next) {
  scenario = next(scenario);
  controls(scenario);
  timeline(scenario);
  showDayNumber();
  askRun({ question: question(scenario), asked: scenario });
  remember();
}

let remembering = 0;
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(null, "", toFragment(scenario)), 200);
}

function outcome({ complete, time, summaries }, asked) {
  if (!complete) return words("failed_at", { day: number(time) });
  const values = { onset: number(summaries.onset), swelling: number(summaries.final_swelling, 2), bone: percent(summaries.final_bone), end: asked.end };
  return words(Number.isNaN(summaries.onset) ? "outcome.healthy" : summaries.final_swelling > threshold ? "outcome.ill" : "outcome.recovered", values);
}
const threshold = model.settings.find(({ name }) => name === "onset_swelling").value;

// The day that picture, portrait and numbers show.

const day = at("day"), play = at("play");
day.addEventListener("input", () => goTo(Number(day.value)));
function goTo(next) {
  scenario = { ...scenario, day: Math.min(Math.max(next, model.start), scenario.end) };
  timeline(scenario);
  showDayNumber();
  showDay();
  askAttractors();
  remember();
}
function showDayNumber() {
  day.min = model.start;
  day.max = scenario.end;
  day.value = scenario.day;
  const ticks = Array.from({ length: 7 }, (_, i) => (i * scenario.end) / 6).filter((tick) => tick > model.start);
  at("days").replaceChildren(...[model.start, ...ticks].map((tick) =>
    element("span", { style: `left:${(100 * (tick - model.start)) / (scenario.end - model.start)}%` }, String(tick))));
  day.setAttribute("aria-valuetext", words("day", { day: scenario.day }));
  at("day-number").textContent = words("day", { day: scenario.day });
}
function showDay() {
  if (!answer) return;
  const t = answer.times.findIndex((time) => time >= scenario.day - 1e-9);
  site(Object.fromEntries(Object.entries(answer.columns).map(([name, column]) => [name, column.at(t)])));
  found = foundFor === attractorKey(scenario) ? found : null;
  portrait.show(answer, found, scenario.day);
  courses.look(scenario.day);
}

let playing = null;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
function stop() {
  cancelAnimationFrame(playing?.frame);
  clearTimeout(playing?.timer);
  playing = null;
  play.textContent = words("play");
}
function start() {
  const from = scenario.day >= scenario.end ? model.start : scenario.day;
  const daysPerSecond = (scenario.end - model.start) / 12;
  const began = performance.now();
  playing = {};
  play.textContent = words("pause");
  const tick = () => {
    const next = Math.floor(from + ((performance.now() - began) / 1000) * daysPerSecond);
    if (next !== scenario.day) goTo(next);
    if (next >= scenario.end) return stop();
    if (calm.matches) playing.timer = setTimeout(tick, 700);
    else playing.frame = requestAnimationFrame(tick);
  };
  tick();
}
play.addEventListener("click", () => (playing ? stop() : start()));

// The run that stays beside.

function keep(course, label) {
  kept = course && { course, label };
  at("kept").textContent = kept ? words("kept.shown", { label }) : "";
  at("forget").hidden = !kept;
  if (answer) courses.show(answer, kept?.course, scenario);
}
at("keep").addEventListener("click", () => keep(answer, words("kept.label", { genotype: genotype(scenario.genotype).title })));
at("forget").addEventListener("click", () => keep(null));
at("reset").addEventListener("click", () => {
  keep(null);
  change(firstScenario);
});

// What leaves the page.

at("link").addEventListener("click", async () => {
  const address = location.href.split("#")[0] + toFragment(scenario);
  history.replaceState(null, "", toFragment(scenario));
  try {
    await navigator.clipboard.writeText(address);
    at("told").textContent = words("link.copied");
  } catch {
    at("told").textContent = words("link.in_address");
  }
});
at("download").addEventListener("click", () => {
  const { title } = genotype(scenario.genotype);
  const toml = toToml(scenario, { title: words("toml.title", { genotype: title }), question: words("toml.question"), remark: words("toml.remark", { version: model.version }) });
  const address = URL.createObjectURL(new Blob([toml], { type: "application/toml" }));
  const link = element("a", { href: address, download: words("toml.file") });
  link.click();
  URL.revokeObjectURL(address);
  at("told").textContent = words("toml.done");
});
/** A link that says what cannot be is followed as far as it makes sense, and the rest is named. */
function tellLeftOut({ leftOut }) {
  if (leftOut.length > 0) at("told").textContent = words("link.left_out", { parts: leftOut.join(", ") });
}
tellLeftOut(opened);
addEventListener("hashchange", () => {
  const linked = fromFragment(location.hash);
  if (linked.scenario) change(() => linked.scenario);
  tellLeftOut(linked);
});

makeLessons(at("lessons"), forRest, (next, beside) => {
  stop();
  keep(beside ? beside.course : null, beside?.label);
  change(() => next);
});

// Numbers that count as calibrated, named in full.
const calibrated = model.settings.filter(({ origin }) => origin === "calibrated" || origin === "assumed");
at("origins").append(...calibrated.map((entry) => element("li", {}, element("code", {}, entry.name), ` (${entry.origin}): ${entry.meaning}`)));

/** For the curious and for tests: the scenario, the course that is drawn, the attractors, and what redraws cost [ms]. */
globalThis.osteoflare = {
  get scenario() { return scenario; }, get course() { return answer; }, get kept() { return kept?.course; }, get attractors() { return found; },
  get isSettled() { return drawnFor === JSON.stringify(question(scenario)) && foundFor === attractorKey(scenario); },
  costs,
};

change((same) => same);
