// Runs questions in the engine of the page: node engine_runs.mjs FOLDER < questions.json > answers.json
// Numbers are written with all their digits; what is not a number becomes null.
import fs from "node:fs";
import { loadEngine } from "../../docs/demo/page/engine.js";

const folder = process.argv[2];
const model = JSON.parse(fs.readFileSync(`${folder}/model.json`));
const run = await loadEngine(fs.readFileSync(`${folder}/engine.wasm`), model);
const settingsOf = (genotype) => model.genotypes.find((known) => known.name === genotype).settings;

const answers = JSON.parse(fs.readFileSync(0)).map(({ genotype, ...question }) => {
  const answer = run({ ...question, settings: { ...settingsOf(genotype), ...question.settings } });
  const columns = Object.fromEntries(Object.entries(answer.columns).map(([name, column]) => [name, [...column]]));
  return { ...answer, times: [...answer.times], columns };
});
process.stdout.write(JSON.stringify(answers));
