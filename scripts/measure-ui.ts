/// <reference lib="dom" />
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { buildUi } from "../src/cli/build/build-ui.ts";
import { projectFolder } from "../src/cli/project-folder.ts";
import { launchBrowser, openPage } from "../test/support/browser.ts";
import { startLocalServer } from "../test/support/local-server.ts";
import { slowDown } from "../test/support/slow-link.ts";

/** Prints how large the screen is and how fast it answers, and fails where it is larger or slower than wanted. */

const mostGzipBytes = 120_000;
const mostInteractionMs = 100;
const mostRefreshMs = 200;
const mostFirstNumbersMs = 3000;
const ofFirstNumbers = ["index.html", "icon.svg", "ui/main.css", "ui/main.js", "ui/chunk.js"];
const files = [...ofFirstNumbers, "ui/later-views.js"];
const failures: string[] = [];

await buildUi();
await printSizes();
const browser = await launchBrowser();
try {
  for (const units of [100, 1000]) await measure(units);
  await measureSlowLink(1000);
} finally {
  await browser.close();
}
for (const failure of failures) console.error(`Too much: ${failure}`);
process.exit(failures.length === 0 ? 0 : 1);

async function printSizes(): Promise<void> {
  let total = 0;
  for (const file of files) {
    const content = await readFile(join(projectFolder, "public", file));
    const bytes = gzipSync(content).length;
    total += bytes;
    console.log(
      `${file.padEnd(20)} ${String(content.length).padStart(8)} B ${String(bytes).padStart(8)} B gzip`,
    );
  }
  report(`First load`, total, mostGzipBytes, "B gzip");
}

async function measure(units: number): Promise<void> {
  const server = await startLocalServer({ units, acceleration: 0 });
  const { page } = await openPage(browser, `${server.url}/#/help`);
  const name = (what: string) => `${units} units: ${what}`;
  try {
    await page.locator(".clock-time").filter({ hasText: ":" }).waitFor();
    report(name("open Community"), await timeOpening(page, 'a[href="#/community"]'), mostInteractionMs, "ms");
    await page.locator(".units tbody tr[data-unit]").first().waitFor();
    report(name("refresh Community"), await timeRefresh(page), mostRefreshMs, "ms");
    report(
      name("sort"),
      await timeClick(page, ".units thead th:nth-child(3) button"),
      mostInteractionMs,
      "ms",
    );
    report(name("filter"), await timeInput(page, "#filter", "99"), mostInteractionMs, "ms");
    report(name("scroll the table"), await timeScroll(page, ".table-scroll"), mostInteractionMs, "ms");
    report(name("open Units"), await timeOpening(page, 'a[href="#/units"]'), mostInteractionMs, "ms");
    await page.locator(".card input").first().waitFor();
    report(name("refresh Units"), await timeRefresh(page), mostRefreshMs, "ms");
    report(name("type into a card"), await timeInput(page, "#E001-rsoc", "5"), mostInteractionMs, "ms");
    report(name("scroll the cards"), await timeScroll(page, "html"), mostInteractionMs, "ms");
    const unitLink = '.navigation a[href^="#/unit/"]';
    report(name("open Unit"), await timeOpening(page, unitLink), mostInteractionMs, "ms");
    report(name("refresh Unit"), await timeRefresh(page), mostRefreshMs, "ms");
  } finally {
    await page.context().close();
    server.process.kill("SIGKILL");
    await server.stop();
  }
}

/** From asking for the page to the first numbers, over a link of 50 kB/s; the slowest of three. */
async function measureSlowLink(units: number): Promise<void> {
  const server = await startLocalServer({ units, acceleration: 100 });
  try {
    for (const view of ["community", "units"]) {
      let slowest = 0;
      let bytes = 0;
      for (let round = 0; round < 3; round++) {
        const { page } = await openPage(browser, "about:blank");
        const received = await slowDown(page);
        const start = performance.now();
        await page.goto(`${server.url}/#/${view}`, { waitUntil: "commit" });
        await page.locator("tr[data-unit=E001] td, #E001-rsoc").first().waitFor();
        slowest = Math.max(slowest, performance.now() - start);
        bytes = Math.max(bytes, received.bytes);
        await page.context().close();
      }
      report(`${units} units, 50 kB/s: ${view} (${bytes} B)`, slowest, mostFirstNumbersMs, "ms");
    }
  } finally {
    server.process.kill("SIGKILL");
    await server.stop();
  }
}

function report(what: string, value: number, most: number, unit: string): void {
  const rounded = Math.round(value);
  console.log(`${what.padEnd(34)} ${String(rounded).padStart(8)} ${unit} (at most ${most})`);
  if (rounded > most) failures.push(`${what} ${rounded} ${unit}`);
}

/** From the click to the end of the frame that shows its effect [ms]. */
function timeClick(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const start = performance.now();
    document.querySelector<HTMLElement>(wanted)?.click();
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  }, selector);
}

/** Opens a view three times, the last time to stay: the slowest [ms]. */
async function timeOpening(page: Page, selector: string): Promise<number> {
  let slowest = 0;
  for (let round = 0; round < 3; round++) {
    await timeClick(page, 'a[href="#/help"]');
    await page.waitForTimeout(200);
    slowest = Math.max(slowest, await timeClick(page, selector));
    await page.waitForTimeout(300);
  }
  return slowest;
}

function timeInput(page: Page, selector: string, text: string): Promise<number> {
  return page.evaluate(
    async ([wanted, typed]) => {
      const input = document.querySelector<HTMLInputElement>(wanted);
      if (input === null) throw new Error(`There is no ${wanted}`);
      const start = performance.now();
      input.value = typed;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - start;
    },
    [selector, text] as const,
  );
}

function timeScroll(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const element = document.querySelector(wanted);
    const start = performance.now();
    if (element !== null) element.scrollTop = element.scrollHeight / 2;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - start;
  }, selector);
}

/** From the arrival of a new state to the end of the frame that shows it [ms]; the slowest of five. */
async function timeRefresh(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const readAll = document.querySelector<HTMLElement>(".controls button");
    let longest = 0;
    for (let round = 0; round < 5; round++) {
      performance.clearResourceTimings();
      readAll?.click();
      do await frame();
      while (readAll?.getAttribute("aria-busy") === "true");
      const shown = performance.now();
      const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const answer = entries.findLast((entry) => entry.name.endsWith("/state/columns"));
      if (answer !== undefined) longest = Math.max(longest, shown - answer.responseEnd);
    }
    return longest;
  });
}
