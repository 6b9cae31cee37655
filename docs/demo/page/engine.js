// The engine in WebAssembly behind plain objects. Quantities go by their names in model.json; times are ages in days.

/**
 * Loads the engine. `bytes` is engine.wasm, `model` is model.json of the same build.
 * Returns run(question), which computes one animal's course:
 *   settings   {name: value}  that differ from the model's defaults
 *   events     [{from, until, sets: {name: value}}], until null to the end of the run
 *   start, end, every         days; the model's own where they are missing
 *   startState {name: value}  species that start elsewhere
 * and answers {complete, time, times, columns: {name: Float64Array}, summaries: {name: value}, endState, steps}.
 * Rows that a run did not reach are NaN, and so are summaries of what never happened.
 */
export async function loadEngine(bytes, model) {
  const stop = (code) => { throw new Error(`the engine stopped (${code})`); };
  const { instance } = await WebAssembly.instantiate(bytes, { wasi_snapshot_preview1: { proc_exit: stop } });
  const engine = instance.exports;
  engine._initialize();

  const numbered = (list) => new Map(list.map((entry, number) => [entry.name, number]));
  const settingNumbers = numbered(model.settings), speciesNumbers = numbered(model.species);
  const columnNames = [...model.species, ...model.readouts].map((entry) => entry.name);
  const numberOf = (numbers, name) => {
    const number = numbers.get(name);
    if (number === undefined) throw new Error(`unknown quantity '${name}'`);
    return number;
  };
  const view = (pointer, length) => new Float64Array(engine.memory.buffer, pointer, length);

  return function run(question) {
    const { settings = {}, events = [], startState = {} } = question;
    const { start = model.start, end = model.end, every = 1 } = question;
    engine.reset();
    const base = view(engine.base_settings(), model.settings.length);
    for (const [name, value] of Object.entries(settings)) base[numberOf(settingNumbers, name)] = value;
    const first = view(engine.start_state(), model.species.length);
    for (const [name, value] of Object.entries(startState)) first[numberOf(speciesNumbers, name)] = value;
    for (const event of events) {
      engine.add_intervention(event.from, event.until ?? NaN);
      for (const [name, value] of Object.entries(event.sets)) engine.add_assignment(numberOf(settingNumbers, name), value);
    }
    const status = engine.integrate(start, end, every);

    const nTimes = engine.n_times(), stride = engine.row_stride();
    const rows = view(engine.rows(), nTimes * stride);
    const columns = {};
    columnNames.forEach((name, c) => {
      const column = new Float64Array(nTimes);
      for (let t = 0; t < nTimes; ++t) column[t] = rows[t * stride + c];
      columns[name] = column;
    });
    const summaries = view(engine.summaries(), model.summaries.length);
    const last = view(engine.end_state(), model.species.length);
    return {
      complete: status === 0,
      time: engine.end_time(),
      times: view(engine.times(), nTimes).slice(),
      columns,
      summaries: Object.fromEntries(model.summaries.map((summary, s) => [summary.name, summaries[s]])),
      endState: Object.fromEntries(model.species.map((species, s) => [species.name, last[s]])),
      steps: engine.steps(),
    };
  };
}
