// The engine in a thread of its own. Asked {id, task, ...}, it answers {id, answer} or {id, error}.
import bytes from "engine-bytes";
import model from "model";
import { findAttractors } from "./attractors.js";
import { loadEngine } from "./engine.js";

const settingValue = (name) => model.settings.find((entry) => entry.name === name).value;
const cmo = model.genotypes.find((entry) => entry.name === "cmo").settings;
let inflamed = null;

const tasks = {
  run: (run, { question }) => run(question),
  runs: (run, { questions }) => questions.map((question) => run(question)),
  attractors(run, { settings }) {
    inflamed ??= run({ settings: cmo }).endState;
    return findAttractors(run, settings, inflamed, settingValue("onset_swelling"));
  },
};

const engine = loadEngine(bytes, model);
self.onmessage = async ({ data }) => {
  try {
    const run = await engine;
    const began = performance.now();
    const answer = tasks[data.task](run, data);
    self.postMessage({ id: data.id, answer, took: performance.now() - began });
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error) });
  }
};
