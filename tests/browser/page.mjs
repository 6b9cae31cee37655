// What the page's tests share: the page opened from a file in Debian's Chromium, watched for errors and requests.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

// Packages lie where the build put them: node TEST.mjs PAGE PACKAGES
export const [, , pageFile, packages, ...rest] = process.argv;
const require = createRequire(path.join(path.resolve(packages), "package.json"));
const { chromium } = require("playwright-core");
export const axeFile = require.resolve("axe-core/axe.min.js");

export const sizes = { desktop: { width: 1360, height: 900 }, phone: { width: 390, height: 844 } };

/** Runs `use(page)` on a page opened with this link, and fails if anything was fetched or complained of. */
export async function withPage({ size = sizes.desktop, link = "", ...look }, use) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const context = await browser.newContext({ viewport: size, acceptDownloads: true, ...look });
    const page = await context.newPage();
    const troubles = [];
    page.on("console", (message) => { if (["error", "warning"].includes(message.type())) troubles.push(message.text()); });
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("request", (request) => { if (!/^(blob|data):/.test(request.url()) && request.url().split("#")[0] !== address) troubles.push(`fetches ${request.url()}`); });
    const address = pathToFileURL(path.resolve(pageFile)).href;
    await page.goto(address + link);
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
