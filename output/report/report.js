// The report's pictures: drawn from the JSON that stands in the page. Tables and words need no script.
import { showCourses } from "./courses.js";
import { showFluxes } from "./fluxes.js";
import { element, store } from "./page.js";
import { addFilters } from "./filters.js";
import { showWiring } from "./wiring.js";

const data = JSON.parse(document.getElementById("data").textContent);

/// The group in which most has changed.
const changes = one => one.species.reduce((sum, course) => {
  const at = one.days.indexOf(one.peak), fold = course[at < 0 ? course.length - 1 : at] / course[0];
  return sum + (fold > 0 && Number.isFinite(fold) ? Math.abs(Math.log2(fold)) : 0);
}, 0);
const explained = (data.explained ?? []).map(changes).reduce((best, now, i, all) => now > all[best] ? i : best, 0);

/// What all pictures share: which groups are seen, which stretch of days, and the moment that is explained.
const view = store({
  hidden: new Set(),
  range: null, // [from, until] in days; null for all
  explained,
  day: data.explained?.length ? data.explained[explained].peak : 0,
});

const place = id => document.getElementById(id);
if (place("courses-picture")) { showCourses(place("courses-picture"), data, view); }
if (place("wiring-picture")) { showWiring(place("wiring-picture"), data, view); }
if (place("fluxes-picture")) { showFluxes(place("fluxes-picture"), data, view); }
document.querySelectorAll(".filter").forEach(box => addFilters(box, element));

// Colours follow the reader's scheme, and paper is white.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => view.redraw());
addEventListener("beforeprint", () => { document.documentElement.classList.add("on-paper"); view.redraw(); });
addEventListener("afterprint", () => { document.documentElement.classList.remove("on-paper"); view.redraw(); });
