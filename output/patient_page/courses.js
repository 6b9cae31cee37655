// Courses under a body, and the line of life above them. Both show the same moment as the slider.

const panels = [
  { key: "vas", title: "pain (VAS)", unit: 100, top: () => 10, line: data => data.symptoms, told: "symptoms" },
  { key: "crp", title: "CRP [mg/L]", unit: 10, top: most => Math.max(10, 1.08 * most), line: data => data.raised_crp, told: "raised" },
  { key: "lesions", title: "lesions on MRI (of 24 sites)", unit: 1, top: most => Math.max(4, 1.08 * most), line: () => null },
];

/// Round numbers from 0 to a top, at most so many.
function ticks(from, until, most) {
  const span = until - from, rough = span / most, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(digit => digit * power).find(one => one >= rough * 0.999);
  const all = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= until + 1e-9 * span; ++i) { all.push(Number((i * step).toPrecision(12))); }
  return all;
}

const path = points => points.map(([x, y], i) => (i ? "L" : "M") + x.toFixed(1) + " " + y.toFixed(1)).join("");

/// Draws into `place` whenever its width changes, and lets a press on the picture choose the moment.
function picture(place, draw, view, dayAt) {
  let width = 0, cursor = () => {};
  const redraw = () => {
    const now = Math.round(place.clientWidth);
    if (now > 0) { width = now; cursor = draw(width); cursor(view.at()); }
  };
  new ResizeObserver(() => { if (Math.abs(place.clientWidth - width) > 1) { redraw(); } }).observe(place);
  const choose = event => { if (event.buttons === 1) { view.goTo(dayAt(event.clientX - place.getBoundingClientRect().left, width)); } };
  place.addEventListener("pointerdown", choose);
  place.addEventListener("pointermove", choose);
  view.watch(at => cursor(at));
  return redraw;
}

/// What was seen of one arm from a day on, as [day, value] with gaps left out.
function seen(data, arm, key, unit, from) {
  const of = course => course.days.map((day, i) => [day, course[key][i]]);
  const all = [...of(data.before), ...(arm ? of(arm.course).slice(1) : [])];
  return all.filter(([day, value]) => day >= from && value != null).map(([day, value]) => [day, value / unit]);
}

/// Drugs as bars, injuries as ticks, and three courses. `from` and `until` are days; `name` says a day on the axis.
function makeCourses(place, data, arm, view, { from, until, axis, tickDays, tickName }) {
  const most = Object.fromEntries(panels.map(({ key, unit }) => [key, Math.max(0, ...[null, ...data.arms].flatMap(one =>
    seen(data, one, key, unit, from).map(([, value]) => value)))]));
  const left = 36, right = 10, inner = width => width - left - right;
  const dayAt = (x, width) => from + (x - left) / inner(width) * (until - from);
  const draw = width => {
    const x = day => left + (day - from) / (until - from) * inner(width);
    const drugs = arm ? arm.drugs : [], parts = [], moving = [];
    let y = 4;
    const words = (text, at, above, more = {}) => parts.push(svg("text", { x: at, y: above, ...more }, text));
    for (const drug of drugs) {
      const firstFrom = x(drug.spells[0][0]);
      drug.spells.forEach(([begin, end]) => parts.push(svg("rect", { class: "drug", x: x(begin), y: y + 2,
        width: Math.max(2, x(Math.min(end, until)) - x(begin)), height: 14, rx: 2 })));
      const long = x(drug.spells[0][1]) - firstFrom > 8 * drug.name.length + 8;
      const after = x(drug.spells.at(-1)[1]) + 5, behind = after + 7.5 * drug.name.length < width;
      words(drug.name, long ? firstFrom + 5 : behind ? after : firstFrom - 5, y + 13,
        { class: "drug-name", "text-anchor": long || behind ? "start" : "end" });
      y += 20;
    }
    const top = y = 4 + 20 * Math.max(0, ...data.arms.map(one => one.drugs.length)); // the same in all arms
    for (const { key, title, unit, top: highest, line, told } of panels) {
      const height = width > 300 ? 96 : 78, base = y + 20 + height, up = highest(most[key]), scale = value => base - Math.min(value, up) / up * height;
      words(title, left, y + 14, { class: "panel-title" });
      for (const value of ticks(0, up, 3)) {
        parts.push(svg("path", { class: "grid", d: `M${left} ${scale(value)}H${width - right}` }));
        words(String(value), left - 6, scale(value) + 4, { "text-anchor": "end" });
      }
      if (line(data) != null && line(data) < up) {
        parts.push(svg("path", { class: "threshold-line", d: `M${left} ${scale(line(data))}H${width - right}` }));
        words(`dotted: ${told} from ${line(data)}`, width - right, y + 14, { class: "threshold-name", "text-anchor": "end" });
      }
      const course = seen(data, arm, key, unit, from).map(([day, value]) => [x(day), scale(value)]);
      parts.push(svg("path", { class: "course", d: path(course) }));
      const dot = svg("circle", { class: "dot", r: 4 });
      parts.push(dot);
      moving.push(at => {
        const value = view.value(arm, key, at);
        dot.style.display = value == null || at.day < from ? "none" : "";
        if (value != null) { dot.setAttribute("cx", x(at.day)); dot.setAttribute("cy", scale(value / unit)); }
      });
      y = base + 6;
    }
    const injuries = data.events.filter(event => event.day >= from && event.day <= until);
    injuries.forEach(event => parts.push(svg("path", { class: "injury",
      d: `M${x(event.day)} ${y + 13}v${-3 - 0.4 * Math.min(event.sites.length, 24)}` })));
    parts.push(svg("path", { class: "axis", d: `M${left} ${y + 14}H${width - right}` }));
    tickDays.filter((_, i) => i % Math.ceil(tickDays.length * 34 / inner(width)) === 0).forEach(day => {
      parts.push(svg("path", { class: "axis", d: `M${x(day)} ${y + 14}v4` }));
      words(tickName(day), x(day), y + 31, { "text-anchor": "middle" });
    });
    words(axis, left + inner(width) / 2, y + 47, { "text-anchor": "middle" });
    const cursor = svg("path", { class: "cursor" });
    const shade = data.diagnosis != null && data.diagnosis > from && arm
      ? [svg("rect", { class: "before", x: left, y: top + 4, width: x(data.diagnosis) - left, height: y + 10 - top })] : [];
    place.replaceChildren(svg("svg", { width, height: y + 52, viewBox: `0 0 ${width} ${y + 52}`, role: "img",
      "aria-label": `Pain, CRP and lesions over time${arm ? " under " + arm.name : ""}; drugs as bars, micro-injuries as ticks. The table above says how it ended.` },
      ...shade, ...parts, cursor));
    return at => {
      cursor.setAttribute("d", `M${x(Math.max(at.day, from))} ${top}V${y + 14}`);
      cursor.style.display = at.day < from ? "none" : "";
      moving.forEach(move => move(at));
    };
  };
  return picture(place, draw, view, dayAt);
}

/// The whole life in one strip: lesions as lines, injuries as ticks. It stands over the slider, with the slider's thumb at
/// its ends.
function makeLifeline(place, data, view, { until, ageOf }) {
  const edge = 8, dayAt = (x, width) => (x - edge) / (width - 2 * edge) * until;
  const draw = width => {
    const x = day => edge + day / until * (width - 2 * edge), height = 42, base = 16 + height;
    const all = data.arms.length ? data.arms : [null];
    const most = Math.max(4, ...all.flatMap(arm => seen(data, arm, "lesions", 1, 0).map(([, value]) => value)));
    const y = value => base - value / most * height, parts = [];
    const common = seen(data, null, "lesions", 1, 0).map(([day, value]) => [x(day), y(value)]);
    parts.push(svg("path", { class: "common-area", d: path([[x(0), base], ...common, [common.at(-1)[0], base]]) + "Z" }),
      svg("path", { class: "common", d: path(common) }));
    data.arms.forEach((arm, i) => parts.push(svg("path", { class: "course", style: `--own: var(--arm-${i % 8})`,
      d: path(seen(data, arm, "lesions", 1, data.diagnosis).map(([day, value]) => [x(day), y(value)])) })));
    data.events.forEach(event => parts.push(svg("path", { class: "injury", d: `M${x(event.day)} ${base + 11}v${-3 - 0.3 * event.sites.length}` })));
    parts.push(svg("path", { class: "axis", d: `M${edge} ${base + 11}H${width - edge}` }));
    const ages = ticks(ageOf(0), ageOf(until), Math.max(4, width / 110));
    for (const age of ages) {
      const at = x((age - data.first_age) * data.days_per_year);
      parts.push(svg("path", { class: "axis", d: `M${at} ${base + 11}v4` }),
        svg("text", { x: Math.min(Math.max(at, 8), width - 10), y: base + 27, "text-anchor": "middle" }, String(age)));
    }
    if (data.diagnosis != null) {
      const at = x(data.diagnosis), before = at > width - 80;
      parts.push(svg("path", { class: "threshold-line", d: `M${at} 4V${base + 11}` }),
        svg("text", { x: at + (before ? -5 : 5), y: 12, "text-anchor": before ? "end" : "start" }, "diagnosis"));
    }
    parts.push(svg("text", { x: edge, y: 12 }, `lesions (0 to ${most})${width > 480 ? "; micro-injuries as ticks" : ""}`));
    const cursor = svg("path", { class: "cursor" });
    place.replaceChildren(svg("svg", { width, height: base + 32, viewBox: `0 0 ${width} ${base + 32}`, role: "img",
      "aria-label": "Number of lesions and micro-injuries over all years" }, ...parts, cursor));
    return at => cursor.setAttribute("d", `M${x(at.day)} 16V${base + 11}`);
  };
  return picture(place, draw, view, dayAt);
}
