import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openControls, press } from "../support/browser.ts";
import { card, eventually, field, type Screen, said, setRefresh, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;
const dialog = () => page.getByRole("dialog");
const shownCharge = (unit: string) => field(page, unit, "rsoc").inputValue();
const chargeOf = async (unit: string) => (await screen.unit(unit)).stateOfChargePercent;

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());
beforeEach(async () => {
  await screen.set("/set/acc/0");
  await screen.set("/restart?clock=start");
  page = await screen.open("units");
});
afterEach(() => page.context().close());

test("U1: Auto Refresh is on at first and shows by itself what others change", async () => {
  expect(await page.locator("#auto-refresh").isChecked()).toBe(true);
  await eventually(() => page.locator(".connection").textContent(), "Live");
  await screen.set("/set/emu/E001?rsoc=77");
  await eventually(() => shownCharge("E001"), "77.00", 1000);
});

for (const [acceleration, intervalMs] of [
  [60, 5000],
  [1000, 1000],
] as const) {
  test(`U1: With Auto Refresh on, values follow the time running ${acceleration} times as fast every ${intervalMs} ms`, async () => {
    const other = await screen.openWithClock("units");
    await eventually(() => other.locator(".connection").textContent(), "Live");
    const shown = () => other.locator(".clock-time").textContent();
    await screen.set(`/set/acc/${acceleration}`);
    await eventually(
      () => other.locator(".clock-rate").textContent(),
      `× ${acceleration.toLocaleString("en")}`,
    );
    await other.clock.fastForward(intervalMs);
    await other.waitForTimeout(200);
    const before = await shown();
    await other.clock.fastForward(intervalMs - 600);
    await other.waitForTimeout(200);
    expect(await shown()).toBe(before);
    await other.clock.fastForward(600);
    await expect.poll(shown).not.toBe(before);
    await other.context().close();
  });
}

test("U2: With Auto Refresh off all stands still until Read All", async () => {
  await eventually(() => page.locator(".connection").textContent(), "Live");
  await setRefresh(page, false);
  await said(page, "Auto Refresh is off");
  await screen.set("/set/emu/E001?rsoc=66");
  await page.waitForTimeout(300);
  expect(await shownCharge("E001")).not.toBe("66.00");
  await press(page, "Read All");
  await said(page, /Read \d+ homes as of/);
  expect(await shownCharge("E001")).toBe("66.00");
});

test("U3: Set All sends what is typed in each card, and only that", async () => {
  await field(page, "E001", "rsoc").fill("61");
  await field(page, "E002", "ups_output_power").fill("700");
  const before = await screen.unit("E003");
  await press(page, "Set All");
  expect(await said(page, "Set what was typed")).toContain("2 homes");
  expect(await chargeOf("E001")).toBe(61);
  expect((await screen.unit("E002")).demandPowerW).toBe(700);
  expect(await screen.unit("E003")).toEqual(before);
});

test("U3: Set All with a refused value sets the others and says which was refused", async () => {
  await field(page, "E001", "rsoc").fill("62");
  await field(page, "E002", "rsoc").fill("620");
  await press(page, "Set All");
  expect(await said(page, "refused")).toContain("E002: rsoc: “620” is not possible");
  expect(await chargeOf("E001")).toBe(62);
  expect(await field(page, "E002", "rsoc").inputValue()).toBe("620");
});

test("U3: Set All with nothing typed changes nothing and says so", async () => {
  await press(page, "Set All");
  await said(page, "Nothing is typed");
});

test("U4: Save All keeps and Load Last, after asking, brings back", async () => {
  await screen.set("/set/emu/E001?rsoc=44");
  await press(page, "Save All");
  await said(page, /Saved \d+ homes/);
  await screen.set("/set/emu/E001?rsoc=88");
  await press(page, "Load Last");
  expect(await dialog().textContent()).toContain("replaced");
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await said(page, "Nothing was changed");
  expect(await chargeOf("E001")).toBe(88);
  await press(page, "Load Last");
  await dialog().getByRole("button", { name: "Load Last" }).click();
  await said(page, /Loaded the \d+ homes/);
  expect(await chargeOf("E001")).toBe(44);
  await eventually(() => shownCharge("E001"), "44.00");
});

test("U5: Reset asks, and can start the clock again", async () => {
  await screen.set("/set/acc/100000");
  await page.waitForTimeout(200);
  await screen.set("/set/acc/0");
  await screen.set("/set/emu/E001?rsoc=88");
  const reached = (await screen.state()).timeS;
  await press(page, "Reset");
  await page.keyboard.press("Escape");
  await said(page, "Nothing was changed");
  expect(await chargeOf("E001")).toBe(88);
  await press(page, "Reset");
  await dialog().getByRole("button", { name: "Reset" }).click();
  await said(page, /Reset to \d+ homes/);
  expect(await chargeOf("E001")).not.toBe(88);
  expect((await screen.state()).timeS).toBe(reached);
  await press(page, "Reset");
  await dialog().getByRole("checkbox", { name: "start simulated time" }).check();
  await dialog().getByRole("button", { name: "Reset" }).click();
  await eventually(async () => (await screen.state()).timeS, 0);
});

test("U5: in a deal Reset and Remove Unit say what becomes of it, and otherwise do not", async () => {
  for (const action of ["Reset", "Remove Unit"]) {
    for (const mode of ["0x0014", "0x0000"]) {
      await screen.set(`/set/dcdc/E001?mode=${mode}&dvg=350&dig=2`);
      // By itself the page learns of no more than two changes a second.
      await press(page, "Read All");
      await said(page, /Read \d+ homes/);
      await press(page, action);
      const words = ((await dialog().textContent()) ?? "").includes("apis-main");
      expect(words, `${action}, ${mode}`).toBe(mode === "0x0014");
      await page.keyboard.press("Escape");
      await said(page, "Nothing was changed");
    }
  }
});

test("U6: Add Unit adds the next; Remove Unit says what is lost and asks", async () => {
  const before = (await screen.state()).units.length;
  const next = `E00${before + 1}`;
  await press(page, "Add Unit");
  await dialog().getByRole("button", { name: "Add Unit" }).click();
  expect(await said(page, "Added")).toContain(next);
  expect((await screen.state()).units.at(-1)?.id).toBe(next);
  await card(page, next).waitFor();
  await press(page, "Remove Unit");
  expect(await dialog().textContent()).toMatch(new RegExp(`${next}.*charge of`));
  await dialog().getByRole("button", { name: "Cancel" }).click();
  expect((await screen.state()).units).toHaveLength(before + 1);
  await press(page, "Remove Unit");
  await dialog().getByRole("button", { name: "Remove Unit" }).click();
  expect(await said(page, "Removed")).toContain(next);
  expect((await screen.state()).units).toHaveLength(before);
  await card(page, next).waitFor({ state: "detached" });
});

test("U7: Set Acceleration Rate sets the rate; a refused one stays with the server's message beside it", async () => {
  await openControls(page);
  const rate = page.locator("#acceleration");
  await rate.fill("250");
  await rate.press("Enter");
  await said(page, "250 times");
  expect(await screen.get("/get/acc")).toBe(250);
  await eventually(async () => (await page.locator(".clock-rate").textContent()) ?? "", "× 250");
  await rate.fill("-3");
  await press(page, "Set Acceleration Rate");
  await eventually(
    async () => /from 0 to 100,000/.test((await page.locator("#acceleration-refusal").textContent()) ?? ""),
    true,
  );
  expect(await rate.inputValue()).toBe("-3");
  expect(await rate.getAttribute("aria-invalid")).toBe("true");
  expect(await screen.get("/get/acc")).toBe(250);
});

test("U7: One click opens the specification's nine controls, in its order and under its names, those that lose something apart", async () => {
  const group = page.locator(".controls");
  expect(await group.isVisible()).toBe(false);
  await page.getByRole("button", { name: "Emulation" }).click();
  expect(await group.isVisible()).toBe(true);
  expect(await group.locator("label > span, button").allTextContents()).toEqual([
    "Auto Refresh",
    "Read All",
    "Set All",
    "Save All",
    "Load Last",
    "Reset",
    "Add Unit",
    "Remove Unit",
    "Set Acceleration Rate",
  ]);
  const right = async (name: string) => (await group.getByRole("button", { name }).boundingBox())?.x ?? 0;
  expect(await group.locator(".loses").allTextContents()).toEqual(["Load Last", "Reset", "Remove Unit"]);
  for (const name of ["Load Last", "Reset", "Remove Unit"])
    expect(await right(name), name).toBeGreaterThan(await right("Save All"));
  const below = await group
    .locator("button")
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().y));
  expect(below).toEqual(below.toSorted((a, b) => a - b));
  await page.keyboard.press("Escape");
  expect(await group.isVisible()).toBe(true);
  await group.getByRole("button", { name: "Read All" }).focus();
  await page.keyboard.press("Escape");
  expect(await group.isVisible()).toBe(false);
});

test("U7: Nothing broke and nothing was refused by the content security policy", () => {
  expect(screen.problems).toEqual([]);
});
