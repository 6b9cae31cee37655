// The lessons: what is run at each step, and how the right answer is read off the runs. The words stand in en.json under
// the same names. `runs` are scenarios by name; the one called `shown` is put on the page, beside the one called `beside`.
// `judge` says which of the options the model takes, from 0; `values` are the numbers that the explanation quotes.
import { setting, plain, firstScenario, libraryWound, usualExposure, treatment } from "./scenario.js";
import { number, percent } from "./words.js";

const site = (il10, more = {}) => ({ ...firstScenario(), changed: { il1b_gene: 2, il10_gene: il10 }, ...more });
const give = (name, from, until = null) => [{ name, from, until, exposure: usualExposure(treatment(name)) }];
const cmo = (more = {}) => plain("cmo", more);

const ill = ({ summaries }) => !Number.isNaN(summaries.onset);
const inflamed = ({ summaries }) => summaries.final_swelling > setting("onset_swelling").value;
const bone = ({ summaries }) => percent(summaries.final_bone);
const swelling = ({ summaries }) => number(summaries.final_swelling, 2);
const onset = ({ summaries }) => number(summaries.onset, 3);
const lost = ({ summaries }) => 1 - summaries.final_bone;
/** Which of three answers: hardly, in part, or all of it. */
const graded = (share) => (share < 1 / 3 ? 0 : share < 2 / 3 ? 1 : 2);

const halfBrake = [
  { name: "whole", runs: { shown: site(1) }, judge: ({ shown }) => (ill(shown) ? 1 : 0),
    values: ({ shown }) => ({ swelling: swelling(shown), bone: bone(shown) }) },
  { name: "half", runs: { shown: site(0.5), beside: site(1), none: site(0) },
    judge: ({ shown, beside, none }) => {
      const size = (run) => run.summaries.final_swelling;
      return graded((size(shown) - size(beside)) / (size(none) - size(beside)));
    },
    values: ({ shown, beside, none }) => ({ half: swelling(shown), whole: swelling(beside), none: swelling(none) }) },
  { name: "quarter", runs: { shown: site(0.25), beside: site(0.5) }, judge: ({ shown }) => (ill(shown) ? 1 : 0),
    values: ({ shown, beside }) => ({ onset: onset(shown), swelling: swelling(shown), half: swelling(beside), bone: bone(shown), fold: number(shown.summaries.final_swelling / beside.summaries.final_swelling, 2) }) },
  { name: "wound_half", runs: { shown: site(0.5, { wound: libraryWound(), end: 300 }), beside: site(0.5, { end: 300 }) },
    judge: ({ shown }) => (inflamed(shown) ? 1 : 0), values: ({ shown }) => ({ swelling: swelling(shown), bone: bone(shown) }) },
  { name: "wound_whole", runs: { shown: site(1, { wound: libraryWound(), end: 300 }), beside: site(0.5, { wound: libraryWound(), end: 300 }) },
    judge: ({ shown }) => (inflamed(shown) ? 1 : 0), values: ({ shown, beside }) => ({ swelling: swelling(shown), half: swelling(beside), bone: bone(shown) }) },
  { name: "end", runs: { shown: site(0.5) }, values: ({ shown }) => ({ half: swelling(shown) }) },
];

const triggers = [
  { name: "cmo", runs: { shown: cmo(), beside: plain("wild_type") }, judge: ({ shown }) => (ill(shown) ? 1 : 0),
    values: ({ shown, beside }) => ({ onset: onset(shown), swelling: swelling(shown), healthy: swelling(beside), il1b: number(shown.summaries.peak_il1b) }) },
  ...["casp1", "casp8"].map((gene) => ({ name: gene, runs: { shown: plain(`cmo_${gene}_null`), beside: cmo() },
    judge: ({ shown, beside }) => 2 - graded(shown.summaries.final_swelling / beside.summaries.final_swelling),
    values: ({ shown, beside }) => ({ onset: onset(shown), cmo_onset: onset(beside), share: percent(shown.summaries.final_swelling / beside.summaries.final_swelling),
      won: Math.round(shown.summaries.onset - beside.summaries.onset) }) })),
  { name: "both", runs: { shown: plain("cmo_casp1_casp8_null"), beside: cmo() },
    judge: ({ shown }) => (ill(shown) ? 1 : 0), values: ({ shown }) => ({ swelling: swelling(shown), bone: bone(shown) }) },
  { name: "dose", runs: { shown: cmo({ changed: { il1b_gene: 0.5 } }), beside: plain("cmo_casp1_null") },
    judge: ({ shown }) => (ill(shown) ? 1 : 0), values: ({ shown, beside }) => ({ swelling: swelling(shown), casp1: swelling(beside) }) },
  { name: "receptor", runs: { shown: cmo({ treatments: give("anakinra", 30) }), beside: cmo() },
    judge: ({ shown }) => (ill(shown) ? 1 : 0), values: ({ shown, beside }) => ({ swelling: swelling(shown), cmo: swelling(beside), bone: bone(shown) }) },
  { name: "end", runs: { shown: plain("cmo_casp1_casp8_null"), beside: plain("cmo_casp1_null") }, values: ({ shown, beside }) => ({ both: swelling(shown), casp1: swelling(beside) }) },
];

const boneAlone = [
  { name: "cmo", runs: { shown: cmo(), beside: plain("wild_type") }, judge: ({ shown }) => graded(lost(shown)),
    values: ({ shown }) => ({ bone: bone(shown), osteoclasts: number(shown.summaries.peak_oc_fold, 2), lost: percent(lost(shown)) }) },
  { name: "cybb_swelling", runs: { shown: plain("cmo_cybb_null"), beside: cmo() },
    judge: ({ shown, beside }) => graded(1 - shown.summaries.final_swelling / beside.summaries.final_swelling),
    values: ({ shown, beside }) => ({ onset: onset(shown), cmo_onset: onset(beside), swelling: swelling(shown), cmo: swelling(beside) }) },
  { name: "cybb_bone", runs: { shown: plain("cmo_cybb_null"), beside: cmo() },
    judge: ({ shown, beside }) => graded(lost(shown) / lost(beside)),
    values: ({ shown, beside }) => ({ lost: percent(lost(shown)), cmo: percent(lost(beside)), osteoclasts: number(shown.summaries.peak_oc_fold, 2), cmo_osteoclasts: number(beside.summaries.peak_oc_fold, 2) }) },
  { name: "bisphosphonate", runs: { shown: cmo({ treatments: give("bisphosphonate", 60) }), beside: cmo() },
    judge: ({ shown }) => (inflamed(shown) ? (lost(shown) < 0.1 ? 1 : 2) : 0), values: ({ shown, beside }) => ({ swelling: swelling(shown), cmo: swelling(beside), bone: bone(shown), cmo_bone: bone(beside) }) },
  { name: "il10", runs: { shown: plain("il10_null"), beside: plain("wild_type") },
    judge: ({ shown, beside }) => (ill(shown) ? 2 : shown.summaries.final_bone < beside.summaries.final_bone - 0.01 ? 1 : 0),
    values: ({ shown, beside }) => ({ bone: bone(shown), healthy: bone(beside), swelling: swelling(shown) }) },
  { name: "end", runs: { shown: plain("cmo_cybb_null"), beside: cmo() }, values: ({ shown, beside }) => ({ bone: bone(shown), cmo: bone(beside) }) },
];

const at = (from, until = null) => cmo({ end: 300, treatments: give("anakinra", from, until), day: until === null ? from : until + 15 });
const burnt = (treatments = []) => plain("cno_like", { end: 300, wound: libraryWound(), treatments, day: 250 });
const tooLate = [
  { name: "early", runs: { shown: at(30), beside: cmo({ end: 300 }) }, judge: ({ shown }) => (ill(shown) ? 1 : 0),
    values: ({ shown, beside }) => ({ onset: onset(beside), bone: bone(shown), cmo: bone(beside) }) },
  { name: "after_onset", runs: { shown: at(75), beside: cmo({ end: 300 }) }, judge: ({ shown }) => (inflamed(shown) ? 1 : 0),
    values: ({ shown, beside }) => ({ swelling: swelling(shown), cmo: swelling(beside) }) },
  { name: "bone", runs: { shown: at(75), beside: at(30) },
    judge: ({ shown, beside }) => 2 - graded((shown.summaries.final_bone - shown.summaries.lowest_bone) / Math.max(beside.summaries.final_bone - shown.summaries.lowest_bone, 1e-9)),
    values: ({ shown, beside }) => ({ lowest: percent(shown.summaries.lowest_bone), bone: bone(shown), early: bone(beside) }) },
  { name: "later", runs: { shown: at(110), beside: at(75) }, judge: ({ shown, beside }) => (shown.summaries.final_bone < beside.summaries.final_bone - 0.01 ? 1 : 0),
    values: ({ shown, beside }) => ({ bone: bone(shown), earlier: bone(beside), swelling: swelling(shown), lowest: percent(shown.summaries.lowest_bone) }) },
  { name: "stopped", runs: { shown: at(75, 135), beside: at(75) }, judge: ({ shown }) => (inflamed(shown) ? 1 : 0),
    values: ({ shown, beside }) => ({ swelling: swelling(shown), bone: bone(shown), kept: bone(beside) }) },
  { name: "other_mouse", runs: { shown: burnt(give("anakinra", 150, 180)), beside: burnt() }, judge: ({ shown }) => (inflamed(shown) ? 1 : 0),
    values: ({ shown, beside }) => ({ swelling: swelling(shown), untreated: swelling(beside), bone: bone(shown) }) },
  { name: "end", runs: { shown: at(75, 135), beside: burnt(give("anakinra", 150, 180)) }, values: ({ shown, beside }) => ({ cmo: swelling(shown), cno: swelling(beside) }) },
];

export const plans = [
  { name: "half_brake", steps: halfBrake },
  { name: "triggers", steps: triggers },
  { name: "bone_alone", steps: boneAlone },
  { name: "too_late", steps: tooLate },
];
