import { afterAll, beforeAll, expect, test } from "vitest";
import { press } from "../support/browser.ts";
import { card, eventually, field, type Screen, said, startScreen } from "./screen.ts";

let screen: Screen;

beforeAll(async () => {
  screen = await startScreen({ units: 1000 });
});
afterAll(() => screen.close());

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

test("U23: 1,000 units are refreshed in the table and on the cards", async () => {
  for (const view of ["community", "units"]) {
    const page = await screen.open(view);
    await eventually(() => page.locator(".connection").textContent(), "Live");
    await press(page, "Read All");
    await said(page, "Read 1,000 homes");
    await page.context().close();
  }
});

test("U23: 1,000 units are sorted, scrolled and filtered with few rows at a time", async () => {
  const page = await screen.open("community");
  const rows = page.locator(".units tbody tr:not(.spacer)");
  await expect.poll(() => rows.count()).toBeGreaterThan(5);
  expect(await rows.count()).toBeLessThan(80);
  await page
    .getByRole("columnheader", { name: /^Demand/ })
    .getByRole("button")
    .click();
  await page.locator(".table-scroll").evaluate((frame) => frame.scrollTo(0, 12_000));
  expect(await rows.count()).toBeLessThan(80);
  await page.locator("#filter").fill("E99");
  await expect.poll(() => rows.count()).toBe(10);
  await page.context().close();
});

test("U36: In the heat map 1,000 homes all count: rows are pooled, and that is said", async () => {
  const page = await screen.open("community");
  await screen.set("/set/acc/1000");
  await page.waitForTimeout(1500);
  await screen.set("/set/acc/0");
  await page.getByText("Each row is the mean of 5 homes, so that all 1,000 are there.").waitFor();
  const heat = page.locator("canvas.heat");
  await heat.focus();
  const readCell = async () => {
    await heat.press("ArrowUp");
    return page.locator("#heat-cell").textContent();
  };
  await expect
    .poll(readCell, { timeout: 10_000 })
    .toMatch(/^E001 to E005 · 2020-01-01 .*\s% \(mean of 5 homes\)$/);
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
    ["charts", ".charts figure"],
  ] as const) {
    await page.goto(`${hundred.server.url}/#/${view}`);
    await page.locator(sight).first().waitFor();
  }
  expect([...screen.problems, ...hundred.problems]).toEqual([]);
  await hundred.close();
});
