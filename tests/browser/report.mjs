// usage: report.mjs PROGRAM FOLDER — a report, used as its reader would.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { check, desktop, end, faults, launch, open, phone } from "./browser.mjs";

const [program, folder] = process.argv.slice(2).map(argument => path.resolve(argument));
mkdirSync(folder, { recursive: true });
const at = name => path.join(folder, name);
const run = (...words) => execFileSync(program, words, { cwd: folder, encoding: "utf8" });

writeFileSync(at("six.toml"), `title = "Six mice"
question = "Which mice fall ill?"
end = "150 d"
[output]
fluxes = true
[sweep]
method = "list"
[sweep.vary]
genotype = ["wild_type", "cmo", "lupo", "cmo_casp1_casp8_null", "cmo_cybb_null", "cmo_il1b_null"]
`);
run("sweep", "six.toml", "-o", "six.h5", "--force");
run("report", "six.h5", "--force");
// The same numbers by another way: the file, read by Python.
const shares = JSON.parse(execFileSync("/usr/bin/python3", ["-c", `
import json, h5netcdf
with h5netcdf.File("six.h5") as file:
    day = list(file.variables["time"][:]).index(60)
    flux = {name: float(file.variables[name][1, day]) for name in ("il1b_by_casp1", "il1b_by_casp8", "il1b_by_serine")}
    whole = sum(flux.values())
    print(json.dumps({"casp8": 100 * flux["il1b_by_casp8"] / whole, "il1b": float(file.variables["il1b"][1, day])}))
`], { cwd: folder, encoding: "utf8" }));

check("a report of six mice is smaller than 3 MB", statSync(at("six.html")).size < 3e6);
const browser = await launch();
const { page, troubles } = await open(browser, at("six.html"), desktop);
await page.waitForSelector(".course canvas");

const found = await page.textContent("#findings");
check("it says in words who fell ill", /cmo: falls ill on day 50\.9/.test(found) && /wild_type: stays healthy/.test(found), found);

// Hover, toggle, zoom.
const plot = page.locator(".course .u-over").first();
await plot.scrollIntoViewIfNeeded();
const box = await plot.boundingBox();
await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
const readout = () => page.locator(".course .readout").first().textContent();
check("hovering tells the numbers of all groups", /day .*cmo .*lupo/.test(await readout()), await readout());
await page.getByLabel("cmo", { exact: true }).uncheck();
await page.mouse.move(box.x + 0.52 * box.width, box.y + 0.5 * box.height);
check("a group that is toggled off is not told any more", !/day [\d.]+.*\bcmo \d/.test(await readout()), await readout());
await page.getByLabel("cmo", { exact: true }).check();
const from = page.getByLabel("Day", { exact: true });
await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.5 * box.height);
await page.mouse.down();
await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height, { steps: 5 });
await page.mouse.up();
const zoomed = Number(await from.inputValue());
check("dragging across a course zooms all of them", zoomed > 40 && zoomed < 60, String(zoomed));
await page.getByRole("button", { name: "whole course" }).click();
check("and a button shows the whole again", Number(await from.inputValue()) === 7);
const pictures = await page.locator(".course").count();
await page.getByLabel("Add").selectOption({ label: "TNF" });
check("another variable can be added", await page.locator(".course").count() === pictures + 1);

// Where does IL-1beta come from on day 60?
check("the group in which most changed is explained first", /IL-1β of cmo/.test(await page.textContent("#fluxes .sentence")),
  await page.textContent("#fluxes .sentence"));
const day = page.getByLabel("Day, where it comes from");
await day.focus();
for (let i = 0; i < 90; ++i) { await page.keyboard.press("ArrowLeft"); } // from day 150
const sentence = await page.textContent("#fluxes .sentence"), share = Number(/\((\d+) %\)/.exec(sentence)?.[1]),
  level = Number(/stands at ([\d.]+) pM/.exec(sentence)?.[1]);
check("on day 60 caspase-8's share of IL-1beta is the file's", /day 60/.test(sentence) && /caspase-8/.test(sentence)
  && Math.abs(share - shares.casp8) <= 0.5 && Math.abs(level / shares.il1b - 1) < 0.006, sentence + JSON.stringify(shares));
check("the wiring follows the same day", /day 60/.test(await page.textContent("#wiring .day output")));

// The wiring by keyboard.
const il1b = page.locator('#wiring g[role="button"][aria-label^="IL-1β"]');
await il1b.focus();
await page.keyboard.press("Enter");
const told = await page.textContent("#wiring .sentence");
check("a box that is chosen tells what drives it", /IL-1β .*Driven by .*pro-IL-1β/.test(told), told);

// The long table.
await page.getByLabel("only what differs from the default").check();
const differing = await page.locator("#parameters tbody tr:not([hidden])").count();
check("what genotypes change can be picked out", differing >= 5 && differing < 30, String(differing));

for (const [name, options] of Object.entries({
  desktop, phone, dark: { ...desktop, colorScheme: "dark" },
})) {
  const other = await open(browser, at("six.html"), options);
  await other.page.waitForSelector(".course canvas");
  const found = await faults(other.page);
  check(`axe-core finds no serious fault (${name})`, found.length === 0, found.join("\n       "));
  const wide = await other.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(`nothing sticks out (${name})`, wide <= 0, wide + " px");
  troubles.push(...other.troubles);
  await other.close();
}

const paper = await open(browser, at("six.html"), { viewport: { width: 703, height: 1000 } }); // A4 within its margins
await paper.page.waitForSelector(".course canvas");
await paper.page.emulateMedia({ media: "print" });
const fits = await paper.page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, null, { timeout: 5000 }) // courses redraw a frame later
  .then(() => true, () => false);
check("on paper nothing is cut off, and lines keep their names",
  fits && await paper.page.locator(".groups").isVisible() && !await paper.page.locator("nav").isVisible());
troubles.push(...paper.troubles);
await paper.close();

run("run", "anakinra_after_onset", "-o", "treated.h5", "--force");
run("report", "six.h5", "treated.h5", "-o", "both.html", "--force");
const both = await open(browser, at("both.html"), desktop);
await both.page.waitForSelector(".course canvas");
check("two files are compared", /treated: cmo/.test(await both.page.textContent(".groups")));
troubles.push(...both.troubles);

check("no error on the console, and no request", troubles.length === 0, troubles.join("\n       "));
await browser.close();
end();
