// The page: a slider over all visits, with bodies and courses that follow it.
//
// Data: `sites` {name, title}; `events` {day, sites}; `moments` {day, words}; `before`, the course of all years up to the
// diagnosis or the end; `arms` {name, title, story, drugs, course}. A course has `days`, `vas` and the like, (visit), and
// `oedema` and `pain`, (visit, site). The first visit of an arm is the last one before it.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent), stage = document.getElementById("stage");
  const n = data.sites.length, common = data.before.days.length;
  const longest = data.arms.reduce((most, arm) => Math.max(most, arm.course.days.length), 1);
  const longestArm = data.arms.find(arm => arm.course.days.length === longest);
  const days = [...data.before.days, ...(longestArm ? longestArm.course.days.slice(1) : [])], until = days.at(-1);
  const ageOf = day => data.first_age + day / data.days_per_year;

  let now = 0;
  const watchers = [];
  const view = {
    at: () => ({ visit: now, day: days[now] }),
    watch: look => watchers.push(look),
    show(visit) {
      now = Math.min(Math.max(Math.round(visit), 0), days.length - 1);
      watchers.forEach(look => look(view.at()));
    },
    goTo(day) { pause(); view.show(visitOf(day)); },
    /// The visit of a course; past the end of an arm that broke off there is none.
    course(arm, visit) {
      if (visit < common || !arm) { return [data.before, Math.min(visit, common - 1)]; }
      const own = visit - common + 1;
      return own < arm.course.days.length ? [arm.course, own] : [null, 0];
    },
    value(arm, key, { visit }) {
      const [course, own] = view.course(arm, visit);
      return course ? course[key][own] : null;
    },
  };
  const visitOf = day => days.reduce((best, one, i) => Math.abs(one - day) < Math.abs(days[best] - day) ? i : best, 0);

  // Words for a moment.
  const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
  const length = time => time < 105 ? counted(Math.round(time / 7), "week")
    : time < 2 * data.days_per_year ? counted(Math.round(12 * time / data.days_per_year), "month") : Number((time / data.days_per_year).toFixed(1)) + " years";
  const since = day => data.diagnosis == null ? "" : day === data.diagnosis ? "day of diagnosis"
    : day < data.diagnosis ? length(data.diagnosis - day) + " before diagnosis" : length(day - data.diagnosis) + " after diagnosis";

  // Slider, play, moments.
  const age = element("output", { id: "age" }), from = element("span", { id: "since" });
  const slider = element("input", { type: "range", id: "slider", min: 0, max: days.length - 1, step: 1, "aria-label": "Time, by visits",
    oninput: () => { pause(); view.show(Number(slider.value)); } });
  const play = element("button", { type: "button", id: "play", onclick: () => timer === null ? start() : pause() }, "Play");
  const speed = element("select", { id: "speed", "aria-label": "Speed" },
    ...[[9, "slow"], [26, "normal"], [78, "fast"]].map(([visits, words]) => element("option", { value: visits }, words)));
  speed.selectedIndex = 1;
  let timer = null;
  function pause() {
    cancelAnimationFrame(timer);
    timer = null;
    play.textContent = "Play";
  }
  function start() {
    if (now === days.length - 1) { view.show(0); }
    play.textContent = "Pause";
    let position = now, last = null;
    const step = time => {
      position += last === null ? 0 : Math.min(time - last, 100) / 1000 * Number(speed.value);
      last = time;
      if (Math.floor(position) !== now) { view.show(Math.floor(position)); }
      if (now >= days.length - 1) { pause(); } else { timer = requestAnimationFrame(step); }
    };
    timer = requestAnimationFrame(step);
  }
  slider.addEventListener("keydown", event => {
    const year = Math.round(data.days_per_year / (days[1] - days[0]));
    const step = { PageUp: year, PageDown: -year }[event.key];
    if (step !== undefined) { pause(); view.show(now + step); }
    else if (event.key === " ") { if (timer === null) { start(); } else { pause(); } }
    else { return; }
    event.preventDefault();
  });
  const moments = element("div", { class: "moments" }, ...data.moments.map(({ day, words }) =>
    element("button", { type: "button", onclick: () => view.goTo(day) }, words)));
  const lifeline = element("div", { class: "lifeline" });
  const scale = legend(data);
  stage.append(element("div", { class: "steering" }, lifeline, slider,
    element("div", { class: "steering-row" }, play, speed, element("span", { class: "moment" }, age, from))), moments,
    element("p", { class: "note keys" }, element("kbd", {}, "←"), " ", element("kbd", {}, "→"), " a week, ", element("kbd", {}, "Page↑"), " ",
      element("kbd", {}, "Page↓"), " a year, ", element("kbd", {}, "Home"), " ", element("kbd", {}, "End"), " the ends, ", element("kbd", {}, "space"),
      " plays; press on a course to go there."), scale.words);

  // What was struck in the four weeks up to each visit.
  const struckAt = day => new Set(data.events.filter(event => event.day <= day + 3.5 && event.day > day - 28).flatMap(event => event.sites));

  // A card for each arm, or one for all that is known.
  const redraws = [];
  const firstShown = data.arms.length ? Math.max(0, (data.moments.find(moment => moment.words === "first symptom")?.day ?? data.diagnosis) - 90) : 0;
  const axis = data.arms.length
    ? { from: firstShown, until, axis: "years from diagnosis",
      tickDays: ticks((firstShown - data.diagnosis) / data.days_per_year, (until - data.diagnosis) / data.days_per_year, 8)
        .map(year => data.diagnosis + year * data.days_per_year),
      tickName: day => String(Number(((day - data.diagnosis) / data.days_per_year).toFixed(2))).replace("-", "−") }
    : { from: 0, until, axis: "age [years]",
      tickDays: ticks(ageOf(0), ageOf(until), 16).map(year => (year - data.first_age) * data.days_per_year),
      tickName: day => String(Number(ageOf(day).toFixed(2))) };
  const cards = (data.arms.length ? data.arms : [null]).map((arm, i) => {
    const body = makeBody(document.getElementById("skeleton"), data, arm ? "Skeleton under " + arm.name : "Skeleton");
    const courses = element("div", { class: "courses-of-arm" });
    const numbers = element("p", { class: "numbers" }), lesions = element("p", { class: "lesions" });
    const card = element("article", { class: "card", style: `--own: var(--arm-${i % 8})`, "data-arm": arm ? arm.name : "" },
      element("h3", {}, arm ? arm.title : "This child"),
      element("div", { class: "card-inside" }, element("div", {}, body.box, numbers, lesions), courses));
    view.watch(at => {
      const [course, own] = view.course(arm, at.visit);
      const slice = list => course ? list.slice(n * own, n * own + n) : null;
      body.show(slice(course?.oedema), slice(course?.pain), struckAt(at.day));
      const count = course ? course.lesions[own] : 0, ill = body.lesions();
      numbers.textContent = course
        ? `pain (VAS) ${(course.vas[own] / 100).toFixed(1)} · CRP ${(course.crp[own] / 10).toFixed(1)} mg/L · ${counted(count, "lesion")}`
        : "not computed: the run broke off";
      lesions.textContent = ill.length ? ill.join(", ") : "";
      body.name(numbers.textContent + (ill.length ? "; " + ill.join(", ") : ""));
    });
    redraws.push(makeCourses(courses, data, arm, view, axis));
    return card;
  });
  stage.append(element("div", { class: "cards" }, ...cards));
  redraws.push(makeLifeline(lifeline, data, view, { until, ageOf }));

  view.watch(({ visit, day }) => {
    slider.value = visit;
    age.textContent = ageOf(day).toFixed(1) + " years";
    from.textContent = since(day);
    const counts = (data.arms.length && visit >= common ? data.arms : [null]).map(arm =>
      (arm ? arm.name + " " : "") + counted(view.value(arm, "lesions", { visit }) ?? 0, "lesion"));
    slider.setAttribute("aria-valuetext", `${age.textContent}${from.textContent ? ", " + from.textContent : ""}: ${counts.join(", ")}`);
  });
  view.show(data.diagnosis == null ? days.length - 1 : visitOf(data.diagnosis));

  // Colours follow the reader's scheme; paper is white, and shows how it ended.
  const again = () => { scale.colours(); redraws.forEach(redraw => redraw()); view.show(now); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  let shown = 0;
  addEventListener("beforeprint", () => {
    shown = now;
    pause();
    document.documentElement.classList.add("on-paper");
    now = days.length - 1;
    again();
  });
  addEventListener("afterprint", () => { document.documentElement.classList.remove("on-paper"); now = shown; again(); });
})();
