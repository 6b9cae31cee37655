// Where a site comes to rest, and what lies between: found by long runs of the engine.
//
// An adult site is run for a long time under constant settings from two starts, a healthy pup's state and an inflamed
// site. If they end apart, there are two attractors. The threshold shown lies on the straight line between them, every
// quantity on a logarithmic scale (a plain one where it is zero): bisection finds where on that line a site turns from
// healing to inflaming. Other ways through the 28 quantities meet the threshold elsewhere.

const adult = 100, long = 3000, bisections = 12;

const distance = (a, b) => Math.abs(Math.log((a.neutrophils + 1) / (b.neutrophils + 1)));

function between(a, b, share) {
  const mix = (x, y) => (x > 0 && y > 0 ? x ** (1 - share) * y ** share : x + share * (y - x));
  return Object.fromEntries(Object.keys(a).map((name) => [name, mix(a[name], b[name])]));
}

/**
 * Answers {states: [{kind, state}], threshold: {share, state, paths} | null}; kinds are "healthy" and "inflamed", by the
 * swelling at which the model says so. `inflamedStart` is the state of an inflamed site, from which one run starts.
 */
export function findAttractors(run, settings, inflamedStart, inflamedFrom) {
  const rest = (startState, days = long, every = long) =>
    run({ settings, startState, start: adult, end: adult + days, every });
  const low = rest({}), high = rest(inflamedStart);
  const kind = (answer) => (answer.summaries.final_swelling > inflamedFrom ? "inflamed" : "healthy");
  const states = [{ kind: kind(low), state: low.endState }];
  if (!low.complete || !high.complete || distance(low.endState, high.endState) < 0.05) return { states, threshold: null };
  states.push({ kind: kind(high), state: high.endState });

  let heals = 0, inflames = 1;
  const at = (share) => between(low.endState, high.endState, share);
  for (let i = 0; i < bisections; ++i) {
    const middle = (heals + inflames) / 2;
    const { endState } = rest(at(middle));
    if (distance(endState, low.endState) < distance(endState, high.endState)) heals = middle;
    else inflames = middle;
  }
  const path = (share) => {
    const { columns } = rest(at(share), 1500, 2);
    return { il1b: columns.il1b, il10: columns.il10, neutrophils: columns.neutrophils };
  };
  const share = (heals + inflames) / 2;
  return { states, threshold: { share, state: at(share), paths: [path(heals), path(inflames)] } };
}
