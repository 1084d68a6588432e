import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { projectFolder } from "../src/cli/project-folder.ts";
import { launchBrowser, openPage } from "../test/support/browser.ts";
import { startLocalServer } from "../test/support/local-server.ts";

/** Takes the pictures of the README in both languages: a community after a simulated week, in a window and on a phone. */

const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const views = {
  community: "community",
  units: "units",
  unit: "unit/E001",
  charts: "charts",
  events: "events",
  results: "results/newest=604800&by=day",
} as const;

const server = await startLocalServer({ units: 8, acceleration: 0 });
const browser = await launchBrowser();
try {
  await liveOneWeek();
  for (const [name, view] of Object.entries(views)) {
    for (const [size, viewport] of Object.entries(sizes)) await take(`${name}-${size}`, view, { viewport });
  }
  await take("community-dark", "community", { viewport: sizes.wide, colorScheme: "dark" });
  for (const [name, view] of Object.entries(views))
    await take(`${name}-japanese`, view, { viewport: sizes.wide, locale: "ja-JP" });
} finally {
  await Promise.all([browser.close(), server.stop()]);
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

async function take(name: string, view: string, options: BrowserContextOptions): Promise<void> {
  const page = await openSettled(browser, view, options);
  await page.screenshot({ path: join(projectFolder, "docs", `${name}.png`) });
  await page.context().close();
  console.log(`docs/${name}.png`);
}

/** Opens a view as one who has been here before, and waits until its charts are drawn. */
async function openSettled(on: Browser, view: string, options: BrowserContextOptions) {
  const { page } = await openPage(on, `${server.url}/#/help`, { reducedMotion: "reduce", ...options });
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
  return page;
}
