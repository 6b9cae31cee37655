// Guided lessons: a question, a prediction, a run, an explanation. What is right is what the runs say.
import { plans } from "./lesson_plans.js";
import { question } from "./scenario.js";
import { element, fill, words } from "./words.js";

/**
 * `engine` answers runs; `show` puts a scenario on the page with a second run beside it, `label` says which. The panel
 * holds the page's own words for "no lesson".
 */
export function makeLessons(root, engine, show) {
  const panel = element("div", { class: "lesson", "aria-live": "polite" });
  const choices = plans.map((plan) => element("button", { type: "button", class: "choice", "aria-pressed": "false", click: () => start(plan) },
    words(`lessons.${plan.name}.title`)));
  root.append(element("div", { class: "line wrap" }, ...choices), panel);

  function start(plan) {
    plans.forEach((other, i) => choices[i].setAttribute("aria-pressed", String(other === plan)));
    step(plan, 0);
  }
  function leave() {
    for (const choice of choices) choice.setAttribute("aria-pressed", "false");
    panel.replaceChildren();
  }

  async function step(plan, index) {
    const { name, runs, judge, values } = plan.steps[index];
    const text = words(`lessons.${plan.name}.steps.${name}`);
    const asked = Boolean(judge);
    const count = element("p", { class: "note" }, words("lessons.step", { step: index + 1, steps: plan.steps.length }));
    const title = element("h3", { tabindex: -1 }, text.title);
    const answer = element("div", { class: "answer" });
    const last = index + 1 === plan.steps.length;
    const onward = element("button", { type: "button", class: "main next", click: () => (last ? leave() : step(plan, index + 1)) },
      words(last ? "lessons.done" : "lessons.next"));
    panel.replaceChildren(count, title, element("p", {}, text.text ?? text.question));

    const results = async () => {
      const names = Object.keys(runs);
      const { answer: answers } = await engine("runs", { questions: names.map((one) => question(runs[one])) });
      return Object.fromEntries(names.map((one, i) => [one, answers[i]]));
    };
    const reveal = async (predicted) => {
      const found = await results().catch((error) => {
        answer.replaceChildren(element("p", {}, words("failed_with", { error: error.message })));
      });
      if (!found) return;
      if (Object.values(found).some((run) => !run.complete)) {
        answer.replaceChildren(element("p", {}, words("failed")));
        return;
      }
      const right = asked ? judge(found) : 0;
      show(runs.shown, runs.beside && { course: found.beside, label: text.beside });
      const explain = [text.explain].flat()[asked && Array.isArray(text.explain) ? right : 0];
      answer.replaceChildren(
        asked ? element("p", { class: predicted === right ? "verdict right" : "verdict wrong" },
          words(predicted === right ? "lessons.right" : "lessons.wrong", { answer: text.options[right] })) : "",
        element("p", { class: "explanation" }, fill(explain ?? words("lessons.otherwise"), values(found))), onward);
      answer.dataset.right = right;
      if (asked) onward.focus({ preventScroll: true });
    };

    if (asked) {
      const options = text.options.map((option, i) => element("button", { type: "button", class: "option", click: () => {
        for (const other of options) other.disabled = true;
        options[i].classList.add("chosen");
        reveal(i);
      } }, option));
      panel.append(element("p", { class: "note" }, words("lessons.predict")), element("div", { class: "options" }, ...options), answer);
    } else {
      panel.append(answer);
      await reveal(null);
    }
    title.focus({ preventScroll: true });
  }
}
