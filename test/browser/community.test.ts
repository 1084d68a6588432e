import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { eventually, type Screen, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;
const set = (path: string) => fetch(`${screen.server.url}${path}`, { method: "POST" });
const tile = (name: string) => page.locator(".tile").filter({ has: page.getByText(name, { exact: true }) });
const value = (name: string) => tile(name).locator(".tile-value").textContent();
const traders = (name: string) => page.locator(".traders > div").filter({ hasText: name }).locator("li");
const ids = () => page.locator(".units tbody tr:not(.spacer) th").allTextContents();

beforeAll(async () => {
  screen = await startScreen();
  await set("/set/acc/100000");
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await set("/set/acc/0");
});
afterAll(() => screen.close());
beforeEach(async () => {
  await set("/restart");
  page = await screen.open("community");
  await eventually(() => page.locator(".connection").textContent(), "Live");
});
afterEach(() => page.context().close());

test("U13: The community shows the bus, who holds it, and who charges and discharges", async () => {
  expect(await value("Bus voltage")).toBe("0\u00a0V");
  expect(await value("Holds the bus")).toBe("nobody");
  await set("/set/acc/200");
  await set("/set/emu/E001?mode=0x0014&dvg=350&drg=0&dig=4&rsoc=80");
  await set("/set/emu/E002?mode=0x0041&dvg=350&dig=2");
  await eventually(async () => (await screen.state()).busVoltageV, 350);
  await set("/set/acc/0");
  await eventually(() => value("Bus voltage"), "350\u00a0V");
  expect(await value("Holds the bus")).toBe("E001");
  expect(await traders("Discharge to the DC grid").allTextContents()).toEqual(["E001 700\u00a0W"]);
  expect(await traders("Charge from the DC grid").allTextContents()).toEqual(["E002 700\u00a0W"]);
  expect(await value("Exchange")).toBe("700\u00a0W");
});

test("U13: What comes in and where it goes are the sums over all units, and are equal", async () => {
  const totals = await page.locator(".balance h3 .value").allTextContents();
  expect(totals[0]).toBe(totals[1]);
  const { units } = await screen.state();
  const demandW = units.reduce((total, unit) => total + unit.demandPowerW, 0);
  const shown = await page.locator(".balance li").filter({ hasText: "Demand" }).textContent();
  const written = /([\d.,]+)\u00a0(k?)W/.exec(shown ?? "");
  const shownW = Number(written?.[1]?.replace(",", "")) * (written?.[2] === "k" ? 1000 : 1);
  expect(Math.abs(shownW - demandW)).toBeLessThan(0.01 * demandW + 1);
});

test("U14: The heat map has the charge of each home at each moment, from the emulator's history", async () => {
  const heat = page.locator("canvas.heat");
  const readout = page.locator("#heat-cell");
  const { timeS } = await screen.state();
  const map = await screen.get<{ rsoc: number[][]; units: string[] }>(`/history?map=rsoc&from=0&to=${timeS}`);
  await heat.focus();
  await expect
    .poll(async () => {
      await heat.press("ArrowUp");
      return readout.textContent();
    })
    .toMatch(/^E001 · 2020-01-0\d \d\d:\d\d · /);
  expect(await readout.textContent()).toContain(`${map.rsoc.at(-1)?.[0]?.toFixed(2)}\u00a0%`);
  await heat.press("ArrowDown");
  await heat.press("ArrowLeft");
  expect(await readout.textContent()).toContain("E002");
  expect(await readout.textContent()).toContain(`${map.rsoc.at(-2)?.[1]?.toFixed(2)}\u00a0%`);
  await heat.press("Enter");
  await page.getByRole("heading", { name: "Unit E002" }).waitFor();
});

test("U14: A pointer on the heat map reads a cell", async () => {
  const heat = page.locator("canvas.heat");
  await heat.hover({ position: { x: 300, y: 40 } });
  await eventually(
    async () => /^E00\d · /.test((await page.locator("#heat-cell").textContent()) ?? ""),
    true,
  );
});

test("U15: The table sorts by each column, both ways", async () => {
  for (const [unit, charge] of [
    ["E001", 40],
    ["E002", 90],
    ["E003", 10],
    ["E004", 60],
  ])
    await set(`/set/emu/${unit}?rsoc=${charge}`);
  const header = page.getByRole("columnheader", { name: /^Charge/ });
  await header.getByRole("button").click();
  await eventually(ids, ["E002", "E004", "E001", "E003"]);
  expect(await header.getAttribute("aria-sort")).toBe("descending");
  await header.getByRole("button").click();
  await eventually(ids, ["E003", "E001", "E004", "E002"]);
  expect(await header.getAttribute("aria-sort")).toBe("ascending");
});

test("U15: The table filters by ID, by name and by what units do", async () => {
  await page.getByLabel("Filter").fill("e003");
  await eventually(ids, ["E003"]);
  expect(await page.locator(".count").textContent()).toBe("1 of 4 units");
  await page.getByLabel("Filter").fill("");
  await set("/set/emu/E004?mode=0x0041");
  await page.getByLabel("Units shown").selectOption("trading");
  await eventually(ids, ["E004"]);
  await page.locator(".units").getByRole("link", { name: "E004" }).click();
  await page.getByRole("heading", { name: "Unit E004" }).waitFor();
});

test("U15: Nothing broke and nothing was refused by the content security policy", () => {
  expect(screen.problems).toEqual([]);
});
