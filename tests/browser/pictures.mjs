// The pictures of docs/tutorials/teaching.md: node pictures.mjs PAGE FOLDER. They are for a person to look at; made
// small by PIL's quantize(256, kmeans=4) before they are kept in docs/images.
import path from "node:path";
import { rest, settled, sizes, withPage } from "./page.mjs";

const [folder] = rest;
const save = (page, name, more = {}) => page.screenshot({ path: path.join(folder, `${name}.png`), ...more });
const still = (page) => page.addStyleTag({ content: "*, *::before, *::after { animation: none !important; caret-color: transparent !important; }" });

await withPage({ size: { width: 1280, height: 900 }, colorScheme: "light" }, async (page) => {
  await still(page);
  await page.locator(".choice").first().click();
  for (const option of [0, 0, 1, 0]) {
    await page.waitForSelector(".option:not(:disabled)");
    await page.locator(".option").nth(option).click();
    await page.waitForSelector(".answer[data-right]");
    if ((await page.textContent(".lesson .note")).includes("4 of")) break;
    await page.locator(".next").click();
  }
  await settled(page);
  await page.waitForTimeout(500);
  await save(page, "teaching_page", { fullPage: true });
});

await withPage({ size: { width: 1280, height: 900 }, colorScheme: "dark", link: "#genotype=cmo&anakinra=75-135x8000&end=300&day=120" }, async (page) => {
  await still(page);
  await page.locator("#keep").click();
  await page.locator(".row button").click();
  await page.locator("#give").selectOption("bisphosphonate");
  await settled(page);
  await page.waitForTimeout(500);
  await save(page, "teaching_page_dark", { fullPage: true });
});

for (const colorScheme of ["light", "dark"]) {
  await withPage({ size: sizes.phone, colorScheme, link: "#genotype=cno_like&end=300&day=140&wound=70-84x20&anakinra=150-180x8000" }, async (page) => {
    await still(page);
    for (const section of colorScheme === "light" ? [".controls", ".courses"] : [".done", ".site"]) {
      await page.locator(section).evaluate((card) => scrollTo(0, card.getBoundingClientRect().top + scrollY - 96));
      await page.waitForTimeout(300);
      await save(page, `phone_${colorScheme}_${section.slice(1)}`);
    }
  });
}
