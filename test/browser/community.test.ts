import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { ChargeMap } from "../../src/community/records/history.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;
const ids = () => page.locator(".units tbody tr:not(.spacer) th").allTextContents();
const value = (tile: string) =>
  page
    .locator(".tile")
    .filter({ has: page.getByText(tile, { exact: true }) })
    .locator(".tile-value")
    .textContent();
const traders = (name: string) =>
  page.locator(".traders > div").filter({ hasText: name }).locator("li").allTextContents();
const readout = (each: Page) => each.locator("#heat-cell").textContent();

beforeAll(async () => {
  screen = await startScreen();
  const charges = [50, 90, 40, 70];
  for (const [index, charge] of charges.entries())
    await screen.set(`/set/emu/E00${index + 1}?rsoc=${charge}`);
  await screen.set("/set/emu/E001?mode=0x0014&dvg=350&drg=0&dig=4");
  await screen.set("/set/emu/E002?mode=0x0041&dvg=350&dig=2");
  await screen.set("/time/step?seconds=110000");
});
afterAll(() => screen.close());
beforeEach(async () => {
  page = await screen.open("community");
});
afterEach(() => page.context().close());

test("U15: The bus: its voltage, who holds it, who discharges and who charges", async () => {
  await eventually(() => value("Bus voltage"), "350.0\u00a0V");
  expect(await value("Holds the bus")).toBe("E001");
  expect(await traders("Giving")).toEqual(["E001 700.0\u00a0W"]);
  expect(await traders("Taking")).toEqual(["E002 700.0\u00a0W"]);
  expect(await value("Shared over the DC grid")).toBe("700.0\u00a0W");
});

test("U15: What comes in is as much as where it goes, and both are sums over the units", async () => {
  const totals = await page.locator(".balance h3 .value").allTextContents();
  expect(totals[0]).toMatch(/\d\u00a0k?W/);
  expect(totals[0]).toBe(totals[1]);
  const { units } = await screen.state();
  const demandW = units.reduce((total, unit) => total + unit.demandPowerW, 0);
  const shown = await page.locator(".balance li").filter({ hasText: "Demand" }).textContent();
  const [, number = "", kilo] = /([\d.,]+)\u00a0(k?)W/.exec(shown ?? "") ?? [];
  expect(Math.abs(Number(number) * (kilo === "k" ? 1000 : 1) - demandW)).toBeLessThan(6);
});

test("U15: The heat map has the charge of each home in each bin, by keyboard and by pointer", async () => {
  await page.goto(`${screen.server.url}/#/help`);
  const answer = page.waitForResponse(/map=rsoc/);
  await page.goto(`${screen.server.url}/#/community`);
  const map = (await (await answer).json()) as ChargeMap;
  const heat = page.locator("canvas.heat");
  const cell = (binsAgo: number, unit: number) => {
    const columns = [map.rsoc, map.rsocMin, map.rsocMax];
    const [mean, least, greatest] = columns.map((column) => column.at(-binsAgo)?.[unit]?.toFixed(2));
    return `${mean}\u00a0% (${least}\u00a0% – ${greatest}\u00a0%)`;
  };
  await heat.focus();
  await eventually(async () => {
    await heat.press("ArrowUp");
    return (await readout(page))?.startsWith("E001");
  }, true);
  expect(await readout(page)).toMatch(/^E001 · 2020-01-\d\d \d\d:\d\d(:\d\d)? – /);
  expect(await readout(page)).toContain(cell(1, 0));
  await heat.press("ArrowDown");
  await heat.press("ArrowLeft");
  expect(await readout(page)).toContain(cell(2, 1));
  await heat.hover({ position: { x: 300, y: 88 } });
  await eventually(async () => (await readout(page))?.slice(0, 4), "E004");
  await heat.press("Enter");
  await page.getByRole("heading", { name: "Home E004" }).waitFor();
});

test("U15: The table sorts by each column, both ways", async () => {
  await eventually(ids, ["E001", "E002", "E003", "E004"]);
  const { units } = await screen.state();
  const sorted = [...units].sort((a, b) => b.stateOfChargePercent - a.stateOfChargePercent);
  const byCharge = sorted.map((unit) => unit.id);
  const header = page.getByRole("columnheader", { name: /^Charge/ });
  await header.getByRole("button").click();
  expect(await ids()).toEqual(byCharge);
  expect(await header.getAttribute("aria-sort")).toBe("descending");
  await header.getByRole("button").click();
  expect(await ids()).toEqual(byCharge.reverse());
  expect(await header.getAttribute("aria-sort")).toBe("ascending");
});

test("U15: The table filters by ID and by what units do; a row leads to its unit", async () => {
  await page.getByLabel("Filter").fill("e003");
  await eventually(ids, ["E003"]);
  expect(await page.locator(".count").textContent()).toBe("1 of 4 homes");
  await page.getByLabel("Filter").fill("");
  await page.getByLabel("Homes shown").selectOption("trading");
  await eventually(ids, ["E001", "E002"]);
  await page.locator(".units").getByRole("link", { name: "E002" }).click();
  await page.getByRole("heading", { name: "Home E002" }).waitFor();
});

test("U24: A first visit is led to Help, which fills in this address for apis-main", async () => {
  await page.getByRole("link", { name: "Open Help" }).click();
  const settings = JSON.parse((await page.locator("#apis-main-settings").textContent()) ?? "");
  const emulator = { host: "127.0.0.1", port: screen.server.port };
  expect(settings).toEqual({ systemType: "dcdc_emulator", connection: { emulator } });
  expect(await page.getByRole("heading").allTextContents()).toContain("What to try first");
  await page.goto(`${screen.server.url}/#/community`);
  expect(await page.locator(".welcome").count()).toBe(0);
});

test("U15: Nothing broke and nothing was refused by the content security policy", () => {
  expect(screen.problems).toEqual([]);
});

test("U74: The picture has each home with its charge and which way its current flows, and leads to it", async () => {
  const tile = (id: string) => page.locator(`.home-tile[href="#/unit/${id}"]`);
  await eventually(() => tile("E001").getAttribute("data-direction"), "gives");
  expect(await tile("E002").getAttribute("data-direction")).toBe("takes");
  expect(await tile("E003").getAttribute("data-direction")).toBe("none");
  const { stateOfChargePercent } = await screen.unit("E003");
  expect(await tile("E003").locator("title").textContent()).toContain(
    `${stateOfChargePercent.toFixed(2)}\u00a0%`,
  );
  expect(await page.locator(".pair-flows li").allTextContents()).toEqual(["E001 → E002 700.0\u00a0W"]);
  expect(await page.locator(".bus-words").textContent()).toBe(
    "Bus voltage 350.0\u00a0V · Holds the bus: E001",
  );
  await tile("E003").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Home E003" }).waitFor();
});

test("U81: At 1440×900 nothing of the first screen is cut, of a community and of a home, in both languages", async () => {
  const whole = {
    community: [
      ".welcome",
      ".community-picture",
      ".summary .tiles",
      ".flows-now",
      "canvas.heat",
      ".heat-bar",
    ],
    "unit/E001": [".flow-sentence", ".flow-frame svg", ".flow-words", ".card .readings", ".card .lines"],
  };
  for (const locale of ["en-GB", "ja-JP"])
    for (const [view, parts] of Object.entries(whole)) {
      const other = await screen.open(view, { locale, viewport: { width: 1440, height: 900 } });
      await other.locator("canvas").first().waitFor();
      await other
        .locator(".flow-sentence, .summary .tile:last-child .tile-note")
        .filter({ hasText: "W" })
        .waitFor();
      for (const part of parts) {
        const { y = -1, height = 0 } = (await other.locator(part).boundingBox()) ?? {};
        const place = `${part}, ${view}, ${locale}`;
        expect(y, place).toBeGreaterThan(0);
        expect(height, place).toBeGreaterThan(10);
        expect(y + height, place).toBeLessThanOrEqual(900);
      }
      await other.context().close();
    }
});
