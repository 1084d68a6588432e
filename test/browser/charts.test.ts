import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, test } from "vitest";
import { eventually, type Screen, said, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;

beforeAll(async () => {
  screen = await startScreen();
  await screen.set("/time/step?seconds=110000");
});
afterAll(() => screen.close());
beforeEach(async () => {
  page = await screen.open("charts");
});
afterEach(() => page.context().close());

test("U16: The community's charts have a 5-to-95 % band with chosen homes on top", async () => {
  const legend = page.locator(".charts .chart-legend").first();
  const names = () => legend.locator("button").allTextContents();
  await eventually(names, ["Mean of all homes (least to greatest)", "Median (5 % to 95 %)"]);
  await page.locator("#add-home").fill("E003");
  await page.locator("#add-home").press("Enter");
  await said(page, "E003 is drawn");
  await eventually(names, ["Mean of all homes (least to greatest)", "Median (5 % to 95 %)", "E003"]);
  await page.getByRole("button", { name: "Hide E003" }).click();
  await eventually(() => legend.locator("button").count(), 2);
  await page.locator("#add-home").fill("E777");
  await page.locator("#add-home").press("Enter");
  await said(page, "There is no home");
});

test("U16: A reload and a second viewer see the same history", async () => {
  const read = async (each: Page) => {
    await each.locator(".charts .u-over").first().waitFor();
    const plane = each.locator(".chart-plane").first();
    await plane.focus();
    await plane.press("ArrowLeft");
    return each.locator(".chart output").first().textContent();
  };
  const first = await read(page);
  await page.reload();
  await eventually(() => read(page), first);
  const second = await screen.open("charts");
  await eventually(() => read(second), first);
  await second.context().close();
});
