import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findProblems } from "./find-problems.ts";
import { type Screen, startScreen, writtenOn } from "./screen.ts";

let screen: Screen;
const views = ["community", "units", "unit/E001", "charts", "events", "results", "help"];
const zones = ["UTC", "Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles"];

/** A hundred homes after a year, two of which trade. */
beforeAll(async () => {
  screen = await startScreen({ units: 100, args: ["--set", "sleeptime=0.05"] });
  await screen.set("/set/acc/100000");
  while (!(await screen.state()).atEndOfData) await new Promise((resolve) => setTimeout(resolve, 500));
  await screen.set("/set/emu/E001?mode=0x0014&dvg=350&drg=0&dig=4&rsoc=80");
  await screen.set("/set/emu/E002?mode=0x0041&dvg=350&dig=2&rsoc=40");
}, 600_000);
afterAll(() => screen.close());

for (const locale of ["en-GB", "ja-JP"])
  for (const colorScheme of ["light", "dark"] as const)
    test(`U22: axe-core finds nothing serious on any view after a year, ${locale}, ${colorScheme}`, async () => {
      const page = await screen.open("help", { locale, colorScheme, bypassCSP: true });
      for (const view of [...views, "/docs"]) {
        await page.goto(`${screen.server.url}${view.startsWith("/") ? view : `/#/${view}`}`);
        await page.waitForTimeout(2000);
        expect(await findProblems(page), view).toEqual([]);
      }
      await page.context().close();
    });

test("U28: Every span has the same axis wherever the browser stands", async () => {
  const pages = await Promise.all(
    zones.map((timezoneId) => screen.openRecorded("unit/E050", { timezoneId })),
  );
  const drawAfter = async (page: Page, name: string) => {
    await page.locator(".charts").getByRole("button", { name, exact: true }).click();
    await page.locator(".range-words").filter({ hasText: "in bins of" }).waitFor();
    await page.waitForTimeout(500);
    return writtenOn(page, ".chart canvas");
  };
  const presses = ["All", ...Array(14).fill("Zoom in"), "Earlier", "Last week", "Zoom out", "Last 30 days"];
  for (const name of presses) {
    const [first, ...others] = await Promise.all(pages.map((page) => drawAfter(page, name)));
    const times = (first?.[0] ?? []).filter((text) => /^\d\d:\d\d|^\d\d-\d\d$|^\d{4}/.test(text));
    expect(times.length, name).toBeGreaterThan(1);
    if (times.some((text) => text.includes(":")))
      expect(times, name).toContainEqual(expect.stringMatching(/^\d{4}-\d\d-\d\d$/));
    for (const drawn of others) expect(drawn, name).toEqual(first);
  }
  for (const page of pages) await page.context().close();
});

test("U38: What a view began ends with it: no listeners are left however often views are opened", async () => {
  const page = await screen.open("help");
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("Performance.enable");
  const count = async () => {
    await devTools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devTools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "JSEventListeners")?.value ?? 0;
  };
  const openAll = async () => {
    for (const view of views) {
      await page.goto(`${screen.server.url}/#/${view}`);
      await page.waitForTimeout(500);
    }
    await page.locator("#language").click();
  };
  for (let round = 0; round < 10; round++) await openAll();
  // A view that was left while it read something is kept until that is answered, or until a request has waited for long enough
  // (20 s); the collector may keep another.
  await expect.poll(count, { timeout: 30_000 }).toBeLessThan(400);
  await page.context().close();
});

test("U35: A thousand homes are printed whole", async () => {
  const many = await startScreen({ units: 1000 });
  const page = await many.open("community", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  await page.getByText("1,000 of 1,000 homes").waitFor();
  await expect.poll(() => page.locator(".units tbody tr[data-unit]").count(), { timeout: 60_000 }).toBe(1000);
  await page.emulateMedia({ media: "screen" });
  await expect
    .poll(() => page.locator(".units tbody tr[data-unit]").count(), { timeout: 30_000 })
    .toBeLessThan(100);
  await page.goto(`${many.server.url}/#/units`);
  await expect.poll(() => page.locator("article.card").count(), { timeout: 60_000 }).toBe(1000);
  await page.emulateMedia({ media: "print" });
  await expect.poll(() => page.locator("article .card-body").count(), { timeout: 120_000 }).toBe(1000);
  expect(many.problems).toEqual([]);
  await many.close();
});
