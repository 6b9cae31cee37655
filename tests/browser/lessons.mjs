// Every lesson is clicked through, and what it says is compared with the runs on the page: node lessons.mjs PAGE
import assert from "node:assert/strict";
import { claim, settled, withPage } from "./page.mjs";

const ill = ({ onset }) => onset !== null, swollen = ({ final_swelling: swelling }) => swelling > 0.25;
const eighthWeek = ({ onset }) => onset > 49 && onset <= 56;
// What each step must come to: the option that is right, what holds of the run shown and the run beside it, and, where the
// explanation points at the portrait, the states of rest there.
const lessons = [
  ["Why is half a brake not half as bad?", [
    [0, (shown) => !ill(shown)],
    [0, (half, whole) => !ill(half) && half.final_swelling < 1.5 * whole.final_swelling],
    [1, (quarter, half) => ill(quarter) && quarter.final_swelling > 10 * half.final_swelling],
    [1, (wounded, unwounded) => swollen(wounded) && !ill(unwounded), ["healthy", "inflamed"]],
    [0, (whole, half) => !swollen(whole) && swollen(half)],
  ]],
  ["One fire, two triggers", [
    [1, (cmo, wild) => ill(cmo) && !ill(wild)],
    [0, (casp1, cmo) => ill(casp1) && casp1.final_swelling > 0.8 * cmo.final_swelling && casp1.onset - cmo.onset < 14],
    [0, (casp8, cmo) => ill(casp8) && casp8.final_swelling > 0.8 * cmo.final_swelling && casp8.onset - cmo.onset < 14],
    [0, (both, cmo) => !ill(both) && ill(cmo)],
    [0, (dose, casp1) => !ill(dose) && ill(casp1)],
    [0, (treated, cmo) => !ill(treated) && ill(cmo)],
  ]],
  ["Bone without inflammation", [
    [1, (cmo, wild) => eighthWeek(cmo) && cmo.final_bone < 2 / 3 && wild.final_bone > 0.95],
    [0, (cybb, cmo) => Math.abs(cybb.onset - cmo.onset) < 1 && cybb.final_swelling > 0.95 * cmo.final_swelling],
    [0, (cybb, cmo) => 1 - cybb.final_bone < (1 - cmo.final_bone) / 3],
    [1, (treated, cmo) => treated.final_swelling > 0.95 * cmo.final_swelling && treated.final_bone > 0.9 && cmo.final_bone < 0.5],
    [1, (il10, wild) => !ill(il10) && il10.final_bone < wild.final_bone - 0.01],
  ]],
  ["Too late?", [
    [0, (early, never) => !ill(early) && eighthWeek(never)],
    [0, (late, never) => ill(late) && !swollen(late) && swollen(never)],
    [1, (late, early) => late.final_bone > late.lowest_bone + 0.02 && late.final_bone < early.final_bone - 0.02],
    [1, (later, late) => !swollen(later) && later.final_bone < late.final_bone - 0.05],
    [1, (stopped, kept) => swollen(stopped) && !swollen(kept), ["inflamed"]],
    [0, (month, never) => ill(month) && !swollen(month) && swollen(never), ["healthy", "inflamed"]],
  ]],
];

for (const [title, steps] of lessons) {
  await claim(`"${title}" reaches its conclusions`, () => withPage({}, async (page) => {
    await page.locator(".choice", { hasText: title }).click();
    for (const [index, [right, holds, states]] of steps.entries()) {
      const predicted = index % 2 === 0 ? right : 1 - Math.min(right, 1);
      assert.match(await page.textContent(".lesson .note"), new RegExp(`Step ${index + 1} of ${steps.length + 1}`));
      await page.locator(".option").nth(predicted).click();
      await page.waitForSelector(".answer[data-right]");
      const told = await page.locator(".answer").evaluate((answer) => ({ right: Number(answer.dataset.right), text: answer.textContent }));
      assert.equal(told.right, right, told.text);
      assert.match(told.text, predicted === right ? /^As you said/ : /^The model says/);
      assert.doesNotMatch(told.text, /[{}]|undefined|NaN|today's numbers/);
      await settled(page);
      const runs = await page.evaluate(() => JSON.stringify([osteoflare.course, osteoflare.kept].map((course) => course?.summaries)));
      assert.ok(holds(...JSON.parse(runs)), `step ${index + 1}: ${runs}`);
      if (states) assert.deepEqual(await page.evaluate(() => osteoflare.attractors.states.map(({ kind }) => kind)), states);
      await page.locator(".next").click();
    }
    await page.waitForSelector(".answer[data-right]");
    assert.doesNotMatch(await page.textContent(".answer"), /[{}]|undefined|NaN/);
    await page.locator(".next").click();
    assert.equal(await page.textContent(".lesson"), "");
  }));
}
