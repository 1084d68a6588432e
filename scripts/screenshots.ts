import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { projectFolder } from "../src/cli/project-folder.ts";
import { launchBrowser, openPage } from "../test/support/browser.ts";
import { startLocalServer } from "../test/support/local-server.ts";

/**
 * Takes the pictures of the README: a community after a simulated week. With a folder it takes every view there, at three sizes,
 * in both themes and languages, to be looked at.
 */

const sizes = {
  wide: { width: 1440, height: 900 },
  wider: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
} as const;
const views = {
  community: "community",
  units: "units",
  unit: "unit/E001",
  charts: "charts",
  events: "events",
  results: "results/newest=604800&by=day",
  data: "data",
  help: "help",
} as const;
/** Those of them in the README and docs. */
const shown = ["community", "units", "unit", "charts", "events", "results"] as const;
const [folder] = process.argv.slice(2);

const server = await startLocalServer({ units: 8, acceleration: 0 });
const browser = await launchBrowser();
try {
  await liveOneWeek();
  if (folder === undefined) await takeShown();
  else await takeAll(folder);
} finally {
  await Promise.all([browser.close(), server.stop()]);
}

async function takeShown(): Promise<void> {
  const docs = join(projectFolder, "docs");
  for (const name of shown) {
    for (const size of ["wide", "phone"] as const)
      await take(join(docs, `${name}-${size}.png`), views[name], { viewport: sizes[size] });
    const japanese = { viewport: sizes.wide, locale: "ja-JP" };
    await take(join(docs, `${name}-japanese.png`), views[name], japanese);
  }
  const dark = { viewport: sizes.wide, colorScheme: "dark" } as const;
  await take(join(docs, "community-dark.png"), views.community, dark);
}

async function takeAll(into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const [name, view] of Object.entries(views))
    for (const [size, viewport] of Object.entries(sizes))
      for (const colorScheme of ["light", "dark"] as const)
        for (const locale of ["en-US", "ja-JP"]) {
          const path = join(into, `${name}-${size}-${colorScheme}-${locale.slice(0, 2)}.png`);
          await take(path, view, { viewport, colorScheme, locale });
        }
}

/** Lets a week pass in which homes share at noon, and another morning, which ends with homes that share. */
async function liveOneWeek(): Promise<void> {
  await send("/time/step?seconds=39600");
  for (let day = 0; day < 7; day++) {
    await share();
    await send("/time/step?seconds=10800");
    for (const unit of ["E003", "E006", "E001"]) await send(`/set/dcdc/${unit}?mode=0x0000&dvg=350&dig=0`);
    await send("/time/step?seconds=75600");
  }
  await share();
  await send("/time/step?seconds=5400");
}

async function share(): Promise<void> {
  await send("/set/dcdc/E001?mode=0x0014&dvg=350&drg=0&dig=4");
  await send("/time/step?seconds=300");
  await send("/set/dcdc/E003?mode=0x0041&dvg=350&dig=2");
  await send("/set/dcdc/E006?mode=0x0002&dvg=350&dig=1");
}

async function send(path: string): Promise<void> {
  const response = await fetch(`${server.url}${path}`, { method: "POST" });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
}

async function take(path: string, view: string, options: BrowserContextOptions): Promise<void> {
  const page = await openSettled(browser, view, options);
  await page.screenshot({ path });
  await page.context().close();
  console.log(path);
}

/** Opens a view as one who has been here before, and waits until its charts are drawn. */
async function openSettled(on: Browser, view: string, options: BrowserContextOptions) {
  const { page } = await openPage(on, `${server.url}/#/help`, { reducedMotion: "reduce", ...options });
  await page.locator(".help").waitFor();
  await page.goto(`${server.url}/#/${view}`);
  if (/^(community|unit|charts)/.test(view) && view !== "units")
    await page.locator("canvas").first().waitFor();
  for (const home of view === "charts" ? ["E002", "E007"] : []) {
    await page.locator("#add-home").fill(home);
    await page.locator("#add-home").press("Enter");
    await page.locator("#add-home").blur();
  }
  if (view === "charts" || page.viewportSize()?.width === sizes.phone.width)
    await page.locator("main").evaluate((main) => main.scrollIntoView());
  await page.waitForTimeout(1200);
  const loading = page.locator(".range-words").filter({ hasText: /Loading|読み込み中/ });
  await loading.first().waitFor({ state: "hidden" });
  return page;
}
