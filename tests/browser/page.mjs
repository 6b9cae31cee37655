// What the teaching page's tests share: the page, opened and settled, and closed with a look at what it complained of.
import assert from "node:assert/strict";
import { desktop, launch, open, phone } from "./browser.mjs";

export const [, , pageFile, ...rest] = process.argv;
export const sizes = { desktop: { width: 1360, height: 900 }, phone: phone.viewport };

/** Runs `use(page)` on a page opened with this link, and fails if anything was fetched or complained of. */
export async function withPage({ size = desktop.viewport, link = "", ...look }, use) {
  const browser = await launch();
  try {
    const { page, troubles } = await open(browser, pageFile, { viewport: size, acceptDownloads: true, ...look }, link);
    await settled(page);
    await use(page);
    assert.deepEqual(troubles, []);
  } finally {
    await browser.close();
  }
}

/** Waits until the numbers drawn are those of what is set, and the attractors are known. */
export async function settled(page) {
  await page.waitForFunction(() => globalThis.osteoflare?.course && osteoflare.isSettled, null, { timeout: 30000 });
}

export async function claim(words, check) {
  await check();
  console.log(`ok: ${words}`);
}
