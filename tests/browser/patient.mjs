// usage: patient.mjs PROGRAM FOLDER — a child's page, used as a teacher would.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { check, desktop, end, faults, launch, open, phone } from "./browser.mjs";

const [program, folder] = process.argv.slice(2).map(argument => path.resolve(argument));
mkdirSync(folder, { recursive: true });
const at = name => path.join(folder, name);
const run = (...words) => execFileSync(program, words, { cwd: folder, encoding: "utf8" });

const arm = drug => `
[[arm]]
name = "${drug}"
title = "naproxen, then ${drug}"
[[arm.course]]
regimen = "naproxen"
from = "0 d"
[[arm.course]]
regimen = "${drug}"
[[arm.rule]]
if = "vas >= 1"
at = "3 months"
stop = ["naproxen"]
start = ["${drug}"]
`;
const children = 'title = "Two drugs"\n[children]\nnumber = 300\nweight = "30 kg"\n';
writeFileSync(at("two.toml"), children + '[trial]\nfollow = "1 y"\n' + arm("pamidronate") + arm("anakinra"));
writeFileSync(at("nobody.toml"), children + "[population]\ntrigger_rate = 0\n");
const told = run("patient", "two.toml", "-o", "two.html", "--force");
run("patient", "nobody.toml", "--child", "3", "-o", "nobody.html", "--force");

check("a page is smaller than 1.5 MB", statSync(at("two.html")).size < 1.5e6);
const browser = await launch();
const { page, troubles } = await open(browser, at("two.html"), desktop);
await page.waitForSelector(".card .skeleton");
const data = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
const n = data.sites.length, common = data.before.days.length;

check("the page tells the story that the program tells", (await page.textContent("#story")).includes(told.split("\n")[1].trim()));
check("there is a body for each arm", await page.locator(".skeleton").count() === data.arms.length && data.arms.length === 2);

// What glows is what the data call a lesion, at every moment that is looked at, in both arms.
const slider = page.locator("#slider");
const seen = () => page.evaluate(() => [...document.querySelectorAll(".card")].map(card => ({
  lesions: [...card.querySelectorAll(".site.lesion")].map(site => site.dataset.site).sort(),
  pain: [...card.querySelectorAll(".site.hurts")].map(site => site.dataset.site).sort(),
  words: card.querySelector(".numbers").textContent,
})));
const expected = (arm, visit) => {
  const [course, own] = visit < common ? [data.before, visit] : [arm.course, visit - common + 1];
  const above = (key, level) => data.sites.filter((_, i) => course[key][n * own + i] / 100 > level).map(site => site.name).sort();
  return { lesions: above("oedema", data.lesion), pain: above("pain", data.painful),
    words: `pain (VAS) ${(course.vas[own] / 100).toFixed(1)} · CRP ${(course.crp[own] / 10).toFixed(1)} mg/L · ` +
      `${course.lesions[own]} lesion${course.lesions[own] === 1 ? "" : "s"}` };
};
let differing = "", lesions = 0, armsDiffer = false;
const last = common + data.arms[0].course.days.length - 2;
for (const visit of [0, common - 30, common - 1, common, common + 10, common + 25, last]) {
  await slider.fill(String(visit));
  const now = await seen();
  armsDiffer ||= JSON.stringify(now[0]) !== JSON.stringify(now[1]);
  data.arms.forEach((arm, a) => {
    lesions += now[a].lesions.length;
    if (JSON.stringify(now[a]) !== JSON.stringify(expected(arm, visit))) {
      differing = `visit ${visit}, ${arm.name}: ${JSON.stringify(now[a])} instead of ${JSON.stringify(expected(arm, visit))}`;
    }
  });
}
check("sites glow, and are ringed, where and when the data say", differing === "" && lesions > 0, differing);
check("the two drugs differ somewhere", armsDiffer);
await slider.fill(String(common - 1));
const [left, right] = await seen();
check("on the day of diagnosis both arms show the same child", JSON.stringify(left) === JSON.stringify(right));
check("the child's left is on the viewer's right", await page.evaluate(() => {
  const middle = name => { const box = document.querySelector(`[data-site="${name}"]`).getBoundingClientRect(); return box.x + box.width / 2; };
  return middle("distal_femur_left") > middle("spine") && middle("distal_femur_right") < middle("spine");
}));

// By keyboard.
await slider.focus();
const value = async () => Number(await slider.inputValue());
await page.keyboard.press("ArrowLeft");
check("an arrow goes a week", await value() === common - 2);
await page.keyboard.press("PageDown");
check("a page key goes a year", await value() === common - 2 - 52);
check("the slider says where it stands", /years, .* before diagnosis: \d+ lesion/.test(await slider.getAttribute("aria-valuetext")),
  await slider.getAttribute("aria-valuetext"));
await page.keyboard.press("End");
check("End goes to the end", await value() === last);
await page.keyboard.press("Home");
await page.locator("#speed").selectOption("fast");
await slider.focus();
await page.keyboard.press(" ");
await page.waitForFunction(() => Number(document.getElementById("slider").value) > 10, null, { timeout: 20000 });
check("the space bar plays", await page.textContent("#play") === "Pause");
await page.keyboard.press(" ");
const stopped = await value();
await page.waitForTimeout(300);
check("and pauses", await value() === stopped && await page.textContent("#play") === "Play");

// By mouse.
await page.locator("#play").click();
await page.waitForFunction(from => Number(document.getElementById("slider").value) > from + 5, stopped, { timeout: 20000 });
await page.locator("#play").click();
check("the button plays and pauses", await page.textContent("#play") === "Play");
await page.getByRole("button", { name: "diagnosis", exact: true }).click();
check("a moment can be chosen by name", await value() === common - 1 && await page.textContent("#since") === "day of diagnosis");
const strip = await page.locator(".lifeline").boundingBox();
await page.mouse.click(strip.x + strip.width - 9, strip.y + 30);
check("a press on the line of life goes there", await value() >= last - 1);
await page.locator('[data-site="mandible"]').first().hover();
check("a site that is pointed at says its name", /mandible: oedema [\d.]+, pain [\d.]+/.test(await page.locator(".site-told").first().textContent()));

for (const [name, options] of Object.entries({ desktop, phone, dark: { ...desktop, colorScheme: "dark" } })) {
  const other = await open(browser, at("two.html"), options);
  await other.page.waitForSelector(".card .skeleton");
  const found = await faults(other.page);
  check(`axe-core finds no serious fault (${name})`, found.length === 0, found.join("\n       "));
  const wide = await other.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(`nothing sticks out (${name})`, wide <= 0, wide + " px");
  troubles.push(...other.troubles);
  await other.close();
}

const paper = await open(browser, at("two.html"), { viewport: { width: 703, height: 1000 } }); // A4 within its margins
await paper.page.waitForSelector(".card .skeleton");
await paper.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
await paper.page.emulateMedia({ media: "print" });
check("paper shows how it ended", Number(await paper.page.locator("#slider").inputValue()) === last
  && !await paper.page.locator("#play").isVisible());
troubles.push(...paper.troubles);
await paper.close();

const nobody = await open(browser, at("nobody.html"), desktop);
await nobody.page.waitForSelector(".card .skeleton");
check("a child that never falls ill has a page, too", /never fell ill/.test(await nobody.page.textContent("#story"))
  && await nobody.page.locator(".site.lesion").count() === 0 && await nobody.page.locator(".skeleton").count() === 1);
troubles.push(...nobody.troubles);

check("no error on the console, and no request", troubles.length === 0, troubles.join("\n       "));
await browser.close();
end();
