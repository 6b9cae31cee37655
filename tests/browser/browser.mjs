// A page in Debian's Chromium, watched: what it says on its console, and whether it asks a network for anything.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

// Packages lie where the build put them.
const require = createRequire(path.resolve(process.env.OSTEOFLARE_BROWSER_PACKAGES, "package.json"));
const { chromium } = require("playwright-core");
export const axe = require.resolve("axe-core/axe.min.js");

export async function launch() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}

export const desktop = { viewport: { width: 1280, height: 900 } };
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/// Opens a file, with a link behind its name; `troubles` collects what must not happen.
export async function open(browser, file, options = {}, link = "") {
  const context = await browser.newContext(options), page = await context.newPage(), troubles = [];
  page.on("console", message => { if (["error", "warning"].includes(message.type())) { troubles.push("console: " + message.text()); } });
  page.on("pageerror", error => troubles.push("error: " + error.message));
  page.on("request", request => {
    if (!/^(file|data|blob):/.test(request.url())) { troubles.push("fetches " + request.url()); }
  });
  await page.goto(pathToFileURL(path.resolve(file)).href + link);
  return { page, troubles, close: () => context.close() };
}

/// Faults of accessibility that axe-core calls serious or critical.
export async function faults(page) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => axe.run());
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | "));
}

let failures = 0;
export function check(claim, holds, detail = "") {
  console.log((holds ? "holds: " : "FAILS: ") + claim + (holds ? "" : "\n       " + detail));
  failures += holds ? 0 : 1;
}
export const end = () => process.exit(failures > 0 ? 1 : 0);
