// Colours that people with any vision tell apart (Okabe and Ito), with dashes so that grey paper does.

const read = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const isDark = () => read("--is-dark") === "1";

const light = ["#0072b2", "#d55e00", "#009e73", "#b4508e", "#3a3a3a", "#b88600", "#2f8fce", "#7a4cc0"];
const dark = ["#62b6f0", "#ff9350", "#3fce9f", "#ec9fce", "#d6d6d6", "#eec04a", "#a0d4ff", "#bd9bf5"];
const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2, 1, 2], [3, 6], [1, 2]];

export const colour = i => (isDark() ? dark : light)[i % light.length];
export const dash = i => dashes[i % dashes.length];
export const dashText = i => dash(i).join(" ");

export const ink = () => read("--ink");
export const soft = () => read("--soft");
export const line = () => read("--line");
export const shade = () => read("--shade");

/// A colour with the opacity `share`.
export const pale = (hex, share) => hex + Math.round(255 * share).toString(16).padStart(2, "0");

/// From blue (much less) through the paper to orange (much more), by the number of doublings.
export function change(doublings) {
  if (!Number.isFinite(doublings)) { return isDark() ? "#33383f" : "#eceae6"; }
  const much = Math.tanh(Math.abs(doublings) / 3.5);
  const paper = isDark() ? [51, 56, 63] : [244, 243, 240];
  const full = doublings > 0 ? (isDark() ? [176, 78, 10] : [240, 128, 40]) : (isDark() ? [28, 100, 164] : [86, 164, 226]);
  return "rgb(" + paper.map((from, i) => Math.round(from + (full[i] - from) * much)).join(",") + ")";
}
