import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { UnitHistory } from "../../src/community/records/history.ts";
import { type Screen, startScreen, writtenOn } from "./screen.ts";

let screen: Screen;
const zones = ["Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles"];
const months = Array.from({ length: 12 }, (_, month) => `2020-${String(month + 1).padStart(2, "0")}`);

/** A year of one home, passed in seconds: time is accelerated by 100,000 and `sleeptime` besides. */
beforeAll(async () => {
  screen = await startScreen({ units: 1, args: ["--set", "sleeptime=0.01"] });
  await screen.set("/set/acc/100000");
  while (!(await screen.state()).atEndOfData) await new Promise((resolve) => setTimeout(resolve, 200));
});
afterAll(() => screen.close());

/** So wide that months are told apart on every chart. */
const viewport = { width: 1920, height: 1080 };

/** Opens a view with its charts over the whole year. */
async function openYear(view: string, timezoneId: string, selector: string): Promise<[Page, string[][]]> {
  const page = await screen.openRecorded(view, { timezoneId, viewport });
  await page.getByRole("button", { name: "All", exact: true }).first().click();
  await page
    .locator(".range-words")
    .first()
    .filter({ hasText: /^2020-01-01 .*2020-12-31 00:00, in bins/ })
    .waitFor();
  await page.waitForTimeout(200);
  return [page, await writtenOn(page, selector)];
}

test("U28: A year has its twelve months on every axis, wherever the browser stands", async () => {
  for (const [view, selector] of [
    ["unit/E001", ".chart canvas"],
    ["charts", ".chart canvas"],
    ["community", "canvas.heat"],
  ] as const) {
    const drawn = await Promise.all(zones.map((zone) => openYear(view, zone, selector)));
    const [first] = drawn.map(([, texts]) => texts);
    for (const texts of first ?? []) expect(texts, view).toEqual(expect.arrayContaining(months));
    for (const [page, texts] of drawn) {
      expect(texts, view).toEqual(first);
      await page.context().close();
    }
  }
});

test("U28: Below a day the date is told, and hours are the emulator's, wherever the browser stands", async () => {
  for (const timezoneId of zones) {
    const page = await screen.openRecorded("unit/E001", { timezoneId, viewport });
    await page.getByRole("button", { name: "Last day" }).click();
    await page.locator(".range-words").filter({ hasText: "bins of 2" }).waitFor();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.locator(".range-words").filter({ hasText: "bins of 1" }).waitFor();
    await page.waitForTimeout(200);
    const [texts = []] = await writtenOn(page, ".chart canvas");
    expect(texts).toEqual(expect.arrayContaining(["09:00", "12:00", "15:00", "2020-12-30"]));
    expect(texts.filter((text) => /^\d\d:\d\d$/.test(text)).every((text) => text.endsWith("00"))).toBe(true);
    await page.context().close();
  }
});

test("U30: Over a year the charge's band reaches 100 % where the battery was full, as drawn", async () => {
  const page = await screen.open("unit/E001", { viewport });
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/history")) asked.push(request.url());
  });
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page
    .locator(".range-words")
    .filter({ hasText: /^2020-01-01 .*2020-12-31 00:00, in bins/ })
    .waitFor();
  await page.waitForTimeout(200);
  const history = await screen.get<UnitHistory>(
    new URL(asked.at(-1) ?? "").pathname + new URL(asked.at(-1) ?? "").search,
  );
  const full = history.rsocMax.map((greatest) => (greatest ?? 0) > 99.99);
  /** Its band comes within the pixels that are looked at. */
  const nearlyFull = history.rsocMax.map((greatest) => (greatest ?? 0) > 97);
  expect(full.filter(Boolean).length).toBeGreaterThan(100);
  /** For each bin, whether a pixel just below the line of 100 % is green above it, one beside it included. */
  const isGreenAtTop = await page
    .locator(".chart")
    .first()
    .evaluate((chart, bins) => {
      const canvas = chart.querySelector("canvas") as HTMLCanvasElement;
      const over = chart.querySelector(".u-over") as HTMLElement;
      const ratio = canvas.width / canvas.clientWidth;
      const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
      const isGreen = (x: number, y: number) => {
        const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(x, y, 1, 1).data;
        return alpha > 20 && green > red + 10 && green > blue + 10;
      };
      return Array.from({ length: bins }, (_, bin) => {
        const x = Math.floor((over.offsetLeft + ((bin + 0.5) / bins) * over.clientWidth) * ratio);
        const y = Math.ceil((over.offsetTop + 3) * ratio);
        return [x - 2, x - 1, x, x + 1, x + 2].some((each) => isGreen(each, y));
      });
    }, full.length);
  const wrong = full.filter((isFull, bin) => {
    const isFullBeside = [-3, -2, -1, 0, 1, 2, 3].some((each) => nearlyFull[bin + each]);
    return isFull ? !isGreenAtTop[bin] : !isFullBeside && isGreenAtTop[bin];
  });
  expect(wrong).toEqual([]);
  const legend = await page.locator(".chart-legend .value").first().textContent();
  expect(legend).toMatch(/^\d+\.\d\d\s% \(\d+\.\d\d\s% – \d+\.\d\d\s%\)$/);
  await page.context().close();
});
