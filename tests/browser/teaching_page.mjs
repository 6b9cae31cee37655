// The teaching page in Chromium: node teaching_page.mjs PAGE OSTEOFLARE
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { axe } from "./browser.mjs";
import { claim, pageFile, rest, settled, sizes, withPage } from "./page.mjs";

const [program] = rest;
const state = (page) => page.evaluate(() => ({ scenario: osteoflare.scenario, summaries: osteoflare.course.summaries,
  states: osteoflare.attractors.states.map(({ kind }) => kind), threshold: osteoflare.attractors.threshold?.share }));
const drag = async (page, from, to) => {
  await page.mouse.move(...from);
  await page.mouse.down();
  for (let i = 1; i <= 10; ++i) await page.mouse.move(from[0] + ((to[0] - from[0]) * i) / 10, from[1] + ((to[1] - from[1]) * i) / 10);
  await page.mouse.up();
  await settled(page);
};

for (const [name, size] of Object.entries(sizes)) {
  await claim(`${name}: dragging IL-10 down in the heterozygous site with twice the IL-1β tips it`, () => withPage({ size }, async (page) => {
    const before = await state(page);
    assert.equal(before.scenario.genotype, "cmo_heterozygous");
    assert.ok(Number.isNaN(before.summaries.onset) && before.summaries.final_swelling < 0.25);
    assert.deepEqual(before.states, ["healthy"]);
    const slider = page.locator("#knob-il10_gene");
    await slider.scrollIntoViewIfNeeded();
    const box = await slider.boundingBox();
    const y = box.y + box.height / 2;
    await drag(page, [box.x + box.width * 0.5, y], [box.x + box.width * 0.1, y]);
    const after = await state(page);
    assert.ok(after.scenario.changed.il10_gene < 0.3);
    assert.ok(after.summaries.onset < 150 && after.summaries.final_swelling > 1);
    assert.deepEqual(after.states, ["inflamed"]);
    assert.match(await page.textContent("#status"), /falls ill on day/);
    const costs = await page.evaluate(() => osteoflare.costs.slice(1).map(({ all }) => all).sort((a, b) => a - b));
    console.log(`   ${costs.length} redraws, the middle one ${costs[costs.length >> 1].toFixed(0)} ms after the wish`);
  }));

  await claim(`${name}: axe finds no serious or critical fault, in light and dark, with bars and a lesson open`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      await withPage({ size, colorScheme, link: "#genotype=cmo&anakinra=75-135x8000&wound=30-44x20" }, async (page) => {
        await page.locator("#lessons .choice").first().click();
        await page.locator("summary").click();
        await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate(() => axe.run());
        const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
        assert.deepEqual(grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 100))]), []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the window");
      });
    }
  });
}

await claim("below two fifths of the normal IL-10 that site falls ill by day 150, above them it does not", async () => {
  for (const [il10, ill] of [[0.41, false], [0.39, true]]) {
    await withPage({ link: `#genotype=cmo_heterozygous&il1b_gene=2&il10_gene=${il10}` }, async (page) => {
      assert.equal(!Number.isNaN((await state(page)).summaries.onset), ill);
    });
  }
});

await claim("the page is one file of less than a megabyte", () => assert.ok(fs.statSync(pageFile).size < 1e6));

await claim("a link is followed as far as it makes sense, and the rest of it is named", async () => {
  const link = "#genotype=cmo&il10_gene=0.5&il1b_gene=99&anakinra=75-135x8000&ifosfamide=3&wound=200-210x5&end=150&day=90";
  await withPage({ link }, async (page) => {
    const { scenario } = await state(page), told = await page.textContent("#told");
    assert.deepEqual([scenario.changed, scenario.treatments.length, scenario.wound], [{ il10_gene: 0.5 }, 1, null]);
    for (const wrong of ["il1b_gene=99", "ifosfamide=3", "wound=200-210x5"]) assert.ok(told.includes(wrong), `${wrong} in "${told}"`);
    for (const right of ["genotype", "il10_gene", "anakinra", "end=", "day="]) assert.ok(!told.includes(right), `${right} in "${told}"`);
  });
  await withPage({ link: "#genotype=no_mouse" }, async (page) => assert.match(await page.textContent("#told"), /genotype=no_mouse/));
});

await claim("bars are dragged by pointer and moved by keys", () => withPage({ link: "#genotype=cmo&anakinra=60-100x8000" }, async (page) => {
  const given = async () => (await state(page)).scenario.treatments[0];
  const grip = page.locator(".grip.whole");
  await grip.evaluate((bar) => bar.scrollIntoView({ block: "center" }));
  const box = await grip.boundingBox();
  const track = await page.locator(".track").boundingBox(), perDay = track.width / 143;
  await drag(page, [box.x + box.width / 2, box.y + 15], [box.x + box.width / 2 + 20 * perDay, box.y + 15]);
  assert.deepEqual(await given(), { name: "anakinra", from: 80, until: 120, exposure: 8000 });
  await page.locator(".grip.until").press("ArrowLeft");
  await page.locator(".grip.from").press("PageDown");
  await settled(page);
  assert.deepEqual(await given(), { name: "anakinra", from: 73, until: 119, exposure: 8000 });
  await page.locator(".grip.until").press("End");
  assert.equal((await given()).until, null);
  await page.locator(".grip.whole").press("Delete");
  await settled(page);
  assert.deepEqual((await state(page)).scenario.treatments, []);
}));

await claim("with half the brake there are two states of rest, and the threshold lies between them", () =>
  withPage({ link: "#genotype=cmo_heterozygous&il1b_gene=2&il10_gene=0.5" }, async (page) => {
    const { states, threshold } = await state(page);
    assert.deepEqual(states, ["healthy", "inflamed"]);
    assert.ok(threshold > 0 && threshold < 1);
    // The two runs beside the threshold end apart.
    const ends = await page.evaluate(() => osteoflare.attractors.threshold.paths.map(({ neutrophils }) => neutrophils.at(-1)));
    assert.ok(ends[0] < 5000 && ends[1] > 50000, String(ends));
    assert.match(await page.textContent("#portrait .caption"), /Two states of rest/);
  }));

const everything = "#genotype=cmo&il10_gene=0.8&il1b_gene=1.1&microbiota=0.9&wound=70-84x20&anakinra=90-120x8000&antibiotics=40-x0.7&end=300&day=95";
await claim("a link carries everything that is set, and what makes no sense in it is left out", async () => {
  let made, link;
  await withPage({ link: everything }, async (page) => {
    await page.locator("#link").click();
    link = await page.evaluate(() => location.hash);
    made = await state(page);
  });
  assert.equal(made.scenario.treatments.length, 2);
  await withPage({ link }, async (page) => assert.deepEqual(await state(page), made));
  await withPage({ link: "#genotype=cmo&il10_gene=77&anakinra=20-10x8000&wound=5-9x1&day=x" }, async (page) => {
    const { scenario } = await state(page);
    assert.deepEqual([scenario.changed, scenario.treatments, scenario.wound], [{}, [], null]);
  });
});

await claim("a downloaded scenario, run by the program, has the page's numbers to 1e-6", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "teaching_page_"));
  const links = [everything, "#genotype=cno_like&wound=70-84x20&end=300", "#genotype=cmo_casp1_null&bisphosphonate=60-x2&wild_type_marrow=90-x0.95"];
  for (const link of links) {
    await withPage({ link }, async (page) => {
      const saving = page.waitForEvent("download");
      await page.locator("#download").click();
      const file = path.join(folder, "my_mouse.toml"), results = path.join(folder, "results.h5");
      await (await saving).saveAs(file);
      execFileSync(program, ["run", file, "--force", "-o", results], { stdio: "pipe" });
      const reader = "import h5py, json, sys; f = h5py.File(sys.argv[1]); print(json.dumps({n: f[n][()].ravel().tolist() for n in sys.argv[2:]}))";
      const course = await page.evaluate(() => Object.fromEntries(Object.entries({ time: osteoflare.course.times, ...osteoflare.course.columns }).map(([name, column]) => [name, [...column]])));
      const recorded = JSON.parse(execFileSync("/usr/bin/python3", ["-c", reader, results, ...Object.keys(course)], { maxBuffer: 1e8 }));
      for (const [name, column] of Object.entries(course)) {
        assert.equal(column.length, recorded[name].length, name);
        column.forEach((value, t) => assert.ok(Math.abs(value - recorded[name][t]) <= 1e-6 * Math.abs(recorded[name][t]), `${name} on row ${t}`));
      }
    });
  }
  fs.rmSync(folder, { recursive: true });
});

await claim("play moves the day, also for those who want little motion", () => withPage({ reducedMotion: "reduce" }, async (page) => {
  const before = (await state(page)).scenario.day;
  await page.locator("#play").click();
  await page.waitForFunction((day) => osteoflare.scenario.day > day, before);
  await page.locator("#play").click();
}));
