// usage: site.mjs FOLDER — the documentation site: no link leads nowhere, every equation is drawn, nothing comes from a network.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { check, desktop, end, faults, launch, open } from "./browser.mjs";

const site = path.resolve(process.argv[2]);
const pages = readdirSync(site, { recursive: true }).map(String)
  .filter(name => name.endsWith(".html") && !/^(cpp|_static|teach)\//.test(name)).sort();
check("the site has its pages", pages.length > 40, String(pages.length));

const anchors = new Map();
const idsOf = file => {
  if (!anchors.has(file)) { anchors.set(file, new Set([...readFileSync(file, "utf8").matchAll(/\sid="([^"]+)"/g)].map(m => m[1]))); }
  return anchors.get(file);
};
const dead = [];
for (const name of pages) {
  const file = path.join(site, name), html = readFileSync(file, "utf8").replace(/<script[\s\S]*?<\/script>/g, "");
  for (const [, link] of html.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
    if (/^(https?:|mailto:|data:|$)/.test(link)) { continue; }
    const [target, anchor] = decodeURI(link).split("#"), to = target ? path.join(path.dirname(file), target.split("?")[0]) : file;
    if (!existsSync(to)) { dead.push(name + " → " + link); }
    else if (anchor && to.endsWith(".html") && !to.includes("/cpp/") && !idsOf(to).has(anchor)) { dead.push(name + " → " + link); }
  }
}
check("no link leads nowhere", dead.length === 0, dead.slice(0, 20).join("\n       "));

const browser = await launch();
for (const name of ["index.html", "docs/theory/niche.html", "docs/theory/agents.html", "docs/tutorials/first_run.html", "docs/reference/command_line.html"]) {
  const { page, troubles, close } = await open(browser, path.join(site, name), desktop);
  await page.waitForTimeout(300);
  const [all, drawn, wrong] = await page.evaluate(() => [".math", ".math .katex", ".katex-error"].map(what => document.querySelectorAll(what).length));
  check(`every equation of ${name} is drawn (${all})`, drawn === all && wrong === 0 && (all > 0 || !name.includes("theory")), `${drawn} of ${all}, ${wrong} wrong`);
  const pictures = await page.evaluate(() => [...document.images].filter(image => image.complete && image.naturalWidth === 0).map(image => image.src));
  check(`every picture of ${name} is there`, pictures.length === 0, pictures.join(" "));
  check(`${name} has no error and asks for nothing`, troubles.length === 0, troubles.join("\n       "));
  await close();
}
await browser.close();
end();
