import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { findProblems } from "./find-problems.ts";
import { eventually, type Screen, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;
const edge = (name: string) => page.locator(`[data-edge="${name}"]`);
const direction = (name: string) => edge(name).getAttribute("data-direction");
const width = async (name: string) =>
  Number(await edge(name).locator(".edge-line").getAttribute("stroke-width"));

beforeAll(async () => {
  screen = await startScreen();
  // Day and night, so that there is something to draw.
  await screen.set("/time/step?seconds=250000");
});
afterAll(() => screen.close());
beforeEach(async () => {
  page = await screen.open("unit/E001");
  await page.getByRole("button", { name: "Full picture" }).click();
  await eventually(() => page.locator(".connection").textContent(), "Live");
});
afterEach(() => page.context().close());

test("U13: The picture has every edge of Figure 4-2 and every loss, each with its power and unit", async () => {
  const names = await page
    .locator("[data-edge]")
    .evaluateAll((all) => all.map((each) => each.getAttribute("data-edge")));
  expect(names).toHaveLength(16);
  const texts = await page.locator(".edge-text").allTextContents();
  expect(texts).toHaveLength(16);
  for (const text of texts) expect(text).toMatch(/\d\s(W|kW)$/);
  const boxes = await page.locator(".node-name").allTextContents();
  expect(boxes).toEqual([
    "Utility",
    "P1",
    "P2",
    "UPS",
    "House",
    "PV",
    "PVC",
    "EMU",
    "Battery",
    "DC/DC",
    "DC grid",
  ]);
});

test("U13: Arrows turn with the power, and more power is wider", async () => {
  await screen.set("/set/emu/E001?rsoc=60&ups_output_power=400&pvc_charge_power=0");
  await eventually(() => direction("dcToBattery"), "backward", 1500);
  expect([await direction("upsToHouse"), await direction("dcToUps"), await direction("pvToPvc")]).toEqual([
    "forward",
    "forward",
    "none",
  ]);
  const narrow = await width("upsToHouse");
  await screen.set("/set/emu/E001?ups_output_power=2500&pvc_charge_power=4000");
  await eventually(() => direction("dcToBattery"), "forward", 1500);
  expect(await width("upsToHouse")).toBeGreaterThan(narrow);
});

test("U13: A full battery curtails, and the picture shows it", async () => {
  await screen.set("/set/emu/E001?rsoc=100&ups_output_power=100&pvc_charge_power=3000");
  await eventually(() => direction("curtailed"), "forward", 1500);
  const { curtailedSolarPowerW } = await screen.unit("E001");
  expect(curtailedSolarPowerW).toBeGreaterThan(1000);
  const kilowatts = `curtailed ${(curtailedSolarPowerW / 1000).toFixed(2)}\u00a0kW`;
  expect(await page.locator(".edge-text").allTextContents()).toContain(kilowatts);
});

test("U13: In bypass with AC charging, power goes from the UPS into the DC line", async () => {
  await screen.set("/set/emu/E001?rsoc=15&ups_output_power=200&pvc_charge_power=0");
  await eventually(() => direction("dcToUps"), "backward", 1500);
  expect(await page.locator(".node-state").allTextContents()).toContain("AC charging");
});

test("U54: One sentence says what the house lives on; the simple picture draws only what carries, with losses in one, and fits on the first screen", async () => {
  await page.getByRole("button", { name: "Full picture" }).click();
  await screen.set("/set/emu/E001?rsoc=60&ups_output_power=400&pvc_charge_power=3000");
  const sentence = page.locator(".flow-sentence");
  await eventually(
    async () =>
      /^House 400\.0\sW, all from the sun; [\d.]+\skW into the battery$/.test(
        (await sentence.textContent()) ?? "",
      ),
    true,
  );
  const carries = () =>
    page
      .locator('.edge:not([data-direction="none"])')
      .evaluateAll((all) => all.map((each) => each.getAttribute("data-edge")));
  expect(await carries()).toEqual(["sun", "utility", "battery", "house", "losses"]);
  await screen.set("/set/emu/E001?pvc_charge_power=0");
  await eventually(
    async () => (await sentence.textContent())?.replaceAll("\u00a0", " "),
    "House 400.0 W, all from the battery",
  );
  await screen.set("/set/emu/E001?rsoc=10");
  await eventually(async () => /all from the utility/.test((await sentence.textContent()) ?? ""), true);
  const box = await page.locator(".simple-flow").boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 999)).toBeLessThanOrEqual(900);
});

test("U14: Marks move along the edges, but not where motion is to be reduced", async () => {
  await screen.set("/set/emu/E001?rsoc=60&ups_output_power=400");
  const marks = () => edge("upsToHouse").locator(".edge-marks");
  await eventually(() => direction("upsToHouse"), "forward", 1500);
  expect(await marks().evaluate((each) => each.getAnimations().length)).toBe(1);
  const still = await screen.open("unit/E001", { reducedMotion: "reduce" });
  await still.getByRole("button", { name: "Full picture" }).click();
  await still.locator('[data-edge="upsToHouse"][data-direction="forward"]').waitFor();
  const running = await still.evaluate(() => document.getAnimations().length);
  expect(running).toBe(0);
  expect(await still.locator('[data-edge="upsToHouse"] .edge-arrow').getAttribute("d")).not.toBe("");
  await still.context().close();
});

test("U16: Charts show the unit's history; a drag zooms and the buttons lead back", async () => {
  const requests: URL[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/history")) requests.push(new URL(request.url()));
  });
  const legend = page.locator(".charts .chart-legend").nth(1);
  await eventually(
    () => legend.locator(".legend-name").allTextContents(),
    ["Solar", "Demand", "AC intake", "Shared over the DC grid", "Curtailed", "Wasted"],
  );
  const plot = page.locator(".charts .u-over").first();
  await plot.scrollIntoViewIfNeeded();
  const box = await plot.boundingBox();
  if (box === null) throw new Error("There is no plot");
  await page.mouse.move(box.x + box.width * 0.25, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 80, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => requests.length).toBeGreaterThan(0);
  const { timeS } = await screen.state();
  const zoomed = requests.at(-1)?.searchParams;
  expect(Number(zoomed?.get("from")) / timeS).toBeCloseTo(0.25, 1);
  expect(Number(zoomed?.get("to")) / timeS).toBeCloseTo(0.5, 1);
  await page.locator(".charts").getByRole("button", { name: "All", exact: true }).click();
  await expect.poll(() => requests.at(-1)?.searchParams.get("from")).toBe("0");
});

test("U16: The chart's cursor moves with the arrow keys and is told to screen readers", async () => {
  const plane = page.locator(".chart-plane").first();
  await page.locator(".charts .u-over").first().waitFor();
  await plane.focus();
  await plane.press("ArrowLeft");
  const told = page.locator(".chart output").first();
  await expect.poll(() => told.textContent()).toMatch(/Charge \d+\.\d\d\s%/);
  const before = await told.textContent();
  await plane.press("PageUp");
  expect(await told.textContent()).not.toBe(before);
});

test("U80: A home's hardware is folded away, is seen and set field by field and by a file, and what is refused names its field", async () => {
  const panel = page.locator("details.hardware");
  expect(await panel.getByRole("button", { name: "Set the hardware" }).isVisible()).toBe(false);
  await panel.locator("summary").click();
  const capacity = panel.getByLabel("Capacity", { exact: true });
  await eventually(() => capacity.inputValue(), "4800");
  expect(await panel.getByLabel("Charging, at most", { exact: true }).getAttribute("placeholder")).toBe(
    "no limit",
  );
  await capacity.fill("9,600.5");
  await panel.getByLabel("Own ID").fill("bakery");
  await panel.getByRole("button", { name: "Set the hardware" }).click();
  await eventually(() => panel.locator(".said").textContent(), "E001 has this hardware from now on.");
  const told = await screen.get<{ homes: { id: string; battery: { capacityWh: number } }[] }>("/homes");
  expect(told.homes[0]).toMatchObject({ id: "bakery", battery: { capacityWh: 9600.5 } });

  await panel.getByLabel("Least charge").fill("50");
  await panel.getByRole("button", { name: "Set the hardware" }).click();
  await expect
    .poll(() => panel.locator(".said").textContent())
    .toMatch(/^Nothing was changed: .*battery\.floorPercent is 50; allowed: below UPS_TRIGGER_BATT_ON, 35/);
  expect(await panel.getByLabel("Least charge").getAttribute("aria-invalid")).toBe("true");

  const buffer = Buffer.from("id;battery.capacityWh\nmill;7000\n");
  await panel
    .locator('input[type="file"]')
    .setInputFiles({ name: "homes.csv", mimeType: "text/csv", buffer });
  await eventually(
    () => panel.locator(".said").textContent(),
    "All homes have the hardware of homes.csv from now on.",
  );
  await eventually(() => capacity.inputValue(), "7000");
  expect(await findProblems(page)).toEqual([]);
  const loading = page.waitForEvent("download");
  await panel.getByRole("link", { name: "Download all homes" }).click();
  expect((await loading).suggestedFilename()).toBe("homes.json");
});
