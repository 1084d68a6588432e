import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { card, eventually, field, press, type Screen, said, startScreen } from "./screen.ts";

/** The limits, three times over for a machine that runs other tests beside. */
const interactionMs = 300;
const refreshMs = 600;

let screen: Screen;

beforeAll(async () => {
  screen = await startScreen({ units: 1000 });
});
afterAll(() => screen.close());

/** How long the page's thread is held up, in pieces of 50 ms and more, while `action` runs. */
async function longestPause(page: Page, action: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    const pauses: number[] = [];
    const observer = new PerformanceObserver((list) =>
      pauses.push(...list.getEntries().map((each) => each.duration)),
    );
    observer.observe({ entryTypes: ["longtask"] });
    Object.assign(globalThis, { pauses });
  });
  await action();
  await page.waitForTimeout(300);
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as { pauses: number[] }).pauses));
}

test("U23: 1,000 cards: only those near the window are filled, and any is reached at once", async () => {
  const page = await screen.open("units");
  await card(page, "E1000").waitFor({ state: "attached" });
  expect(await page.locator("article.card").count()).toBe(1000);
  expect(await page.locator("article .card-body").count()).toBeLessThan(60);
  await page.locator("#jump").fill("777");
  await page.locator("#jump").press("Enter");
  await eventually(() => page.evaluate(() => document.activeElement?.id), "E777-charge_discharge_power");
  await field(page, "E777", "rsoc").fill("23");
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.waitForTimeout(300);
  expect(await page.locator("article .card-body").count()).toBeLessThan(120);
  await press(page, "Set All");
  await said(page, "Set what was typed");
  expect((await screen.unit("E777")).stateOfChargePercent).toBe(23);
  await page.context().close();
});

test("U23: 1,000 units: a refresh does not hold the page up", async () => {
  for (const view of ["community", "units"]) {
    const page = await screen.open(view);
    await eventually(() => page.locator(".connection").textContent(), "Live");
    await page.waitForTimeout(1000);
    const pause = await longestPause(page, async () => {
      await press(page, "Read All");
      await said(page, "Read 1000 units");
    });
    expect(pause, view).toBeLessThan(refreshMs);
    await page.context().close();
  }
});

test("U23: 1,000 units: sorting, filtering and scrolling the table do not hold the page up", async () => {
  const page = await screen.open("community");
  const rows = page.locator(".units tbody tr:not(.spacer)");
  await expect.poll(() => rows.count()).toBeGreaterThan(5);
  expect(await rows.count()).toBeLessThan(80);
  await page.waitForTimeout(1500);
  const pause = await longestPause(page, async () => {
    await page
      .getByRole("columnheader", { name: /^Demand/ })
      .getByRole("button")
      .click();
    await page.locator(".table-scroll").evaluate((frame) => frame.scrollTo(0, 12_000));
    await page.locator("#filter").fill("E99");
  });
  expect(pause).toBeLessThan(interactionMs);
  await expect.poll(() => rows.count()).toBe(10);
  await page.context().close();
});

test("U23: 100 units: all views open, cards and table follow", async () => {
  const hundred = await startScreen({ units: 100 });
  const page = await hundred.open("units");
  const change = (path: string) => fetch(`${hundred.server.url}${path}`, { method: "POST" });
  expect(await page.locator("article.card").count()).toBe(100);
  await eventually(() => page.locator(".connection").textContent(), "Live");
  await change("/remove/unit");
  await eventually(() => page.locator("article.card").count(), 99);
  await change("/add/unit");
  await card(page, "E100").waitFor({ state: "attached" });
  for (const [view, sight] of [
    ["community", ".units tbody tr:not(.spacer)"],
    ["unit/E100", ".node-box"],
    ["charts", ".charts .u-over"],
  ] as const) {
    await page.goto(`${hundred.server.url}/#/${view}`);
    await page.locator(sight).first().waitFor();
  }
  expect([...screen.problems, ...hundred.problems]).toEqual([]);
  await hundred.close();
});
