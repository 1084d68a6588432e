import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { press } from "../support/browser.ts";
import { card, eventually, field, type Screen, said, setRefresh, startScreen } from "./screen.ts";

let screen: Screen;
let page: Page;
const button = (unit: string, name: string) => card(page, unit).getByRole("button", { name });
const shownCharge = (unit: string) => field(page, unit, "rsoc").inputValue();

beforeAll(async () => {
  screen = await startScreen();
});
afterAll(() => screen.close());
beforeEach(async () => {
  await screen.set("/restart?clock=start");
  page = await screen.open("units");
  await eventually(() => page.locator(".connection").textContent(), "Live");
});
afterEach(() => page.context().close());

test("U8: A card has the ten inputs, the six readings and the lines of Figure 4-3, named and numbered", async () => {
  const labels = await card(page, "E001").locator(".field label").allTextContents();
  expect(labels).toEqual([
    "1Charge discharge power",
    "2rsoc",
    "3ups output power",
    "4pvc charge power",
    "5Powermeter all",
    "6Powermeter p2",
    "7Status",
    "8Grid current",
    "9Grid voltage",
    "10Droop ratio",
  ]);
  expect(await card(page, "E001").locator(".readings th").allTextContents()).toEqual([
    "11Grid power",
    "12Grid current",
    "13Grid voltage",
    "14Battery power",
    "15Battery current",
    "16Battery voltage",
  ]);
  const lines = await card(page, "E001").locator(".lines p").allTextContents();
  expect(lines.map((line) => line.replace(/:.*/, ""))).toEqual([
    "17Battery Status",
    "18Operating power",
    "Charge discharge power",
    "UPS output power",
    "PVC charge power",
    "Powermeter all",
    "powermeter p2",
  ]);
  expect(lines[0]).toMatch(/: \d+\.\d\d\s%$/);
});

test("U8: The longest mode is whole in its list, with its code, on every width, in both languages", async () => {
  for (const locale of ["en-GB", "ja-JP"])
    for (const [width, view] of [
      [390, "units"],
      [1440, "units"],
      [1440, "unit/E001"],
      [1920, "units"],
    ] as const) {
      const other = await screen.open(view, { locale, viewport: { width, height: 900 } });
      const list = other.locator(".card .field select").first();
      await list.waitFor();
      const [has, needs] = await list.evaluate((element) => {
        const select = element as HTMLSelectElement;
        const measured = document.createElement("span");
        measured.style.cssText = "position:absolute;white-space:pre";
        const { fontFamily, fontSize, fontWeight, paddingLeft, paddingRight } = getComputedStyle(select);
        Object.assign(measured.style, { fontFamily, fontSize, fontWeight, paddingLeft, paddingRight });
        document.body.append(measured);
        const widths = [...select.options].map(({ text }) => {
          measured.textContent = text;
          return measured.getBoundingClientRect().width;
        });
        measured.remove();
        return [select.clientWidth, Math.max(...widths)] as const;
      });
      // The arrow of the list takes some twenty pixels.
      expect(needs + 20, `${view}, ${width}, ${locale}`).toBeLessThanOrEqual(has);
      await other.context().close();
    }
});

test("U8: What a card shows is what the Web API tells", async () => {
  await screen.set("/set/emu/E001?mode=0x0014&dvg=350&drg=0&dig=4");
  await screen.set("/set/emu/E002?mode=0x0041&dvg=350&dig=2");
  await eventually(() => field(page, "E002", "mode").inputValue(), "0x0041");
  const { emu, dcdc } = await screen.wire("E002");
  const shown = (parameter: string) => field(page, "E002", parameter).inputValue();
  expect(Number(await shown("charge_discharge_power"))).toBeCloseTo(emu.charge_discharge_power, 0);
  expect(Number(await shown("rsoc"))).toBe(emu.rsoc);
  expect(Number(await shown("ups_output_power"))).toBeCloseTo(emu.ups_output_power, 0);
  expect(Number(await shown("pvc_charge_power"))).toBeCloseTo(emu.pvc_charge_power, 0);
  expect(Number(await shown("p1"))).toBe(dcdc.powermeter.p1);
  expect(Number(await shown("p2"))).toBe(dcdc.powermeter.p2);
  expect([await shown("dig"), await shown("dvg"), await shown("drg")]).toEqual(["2.00", "350.0", "0.00"]);
  const cells = await card(page, "E002").locator(".readings td").allTextContents();
  const { meter } = dcdc;
  expect(cells.slice(0, 3)).toEqual([
    `${meter.wg.toFixed(1)}\u00a0W`,
    `${meter.ig.toFixed(2)}\u00a0A`,
    `${Math.floor(meter.vg).toFixed(1)}\u00a0V`,
  ]);
  expect(cells[5]).toBe(`${emu.battery_voltage.toFixed(1)}\u00a0V`);
});

test("U9: Set sends all that is typed in one request, and only that", async () => {
  const requests: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/set/")) requests.push(`${request.url()} ${request.postData()}`);
  });
  await field(page, "E001", "rsoc").fill(" 55 ");
  await field(page, "E001", "mode").selectOption("Charging (0x0041)");
  await field(page, "E001", "drg").fill("5");
  await button("E001", "Set").click();
  await said(page, "E001: set rsoc 55\u00a0%, Status Charging (0x0041), Droop ratio 5\u00a0%.");
  expect(requests).toEqual([`${screen.server.url}/set/emu/E001 rsoc=55&mode=0x0041&drg=5`]);
  const unit = await screen.unit("E001");
  expect([unit.stateOfChargePercent, unit.converterMode, unit.droopPercent]).toEqual([55, "charging", 5]);
  expect(await card(page, "E001").locator(".field.typed").count()).toBe(0);
});

test("U9: Each of the ten fields is sent under its own name", async () => {
  const values = {
    charge_discharge_power: "11",
    rsoc: "52",
    ups_output_power: "333",
    pvc_charge_power: "444",
    p1: "15",
    p2: "16",
    mode: "0x0002",
    dig: "1.5",
    dvg: "340",
    drg: "2",
  };
  for (const [name, value] of Object.entries(values)) {
    if (name === "mode") await field(page, "E003", name).selectOption(value);
    else await field(page, "E003", name).fill(value);
  }
  const request = page.waitForRequest(/\/set\/emu\/E003/);
  await button("E003", "Set").click();
  expect(Object.fromEntries(new URLSearchParams((await request).postData() ?? ""))).toEqual(values);
  const told = await said(page, "E003: set rsoc 52");
  expect(told).toContain(
    "computed anew from the others: Charge discharge power, Powermeter all, Powermeter p2.",
  );
  const unit = await screen.unit("E003");
  expect(unit).toMatchObject({ demandPowerW: 333, solarPowerW: 444, converterMode: "discharging" });
  expect(unit).toMatchObject({ gridCurrentLimitA: 1.5, targetBusVoltageV: 340, droopPercent: 2 });
});

test("U10: A field being edited is never overwritten; the others are", async () => {
  await field(page, "E001", "rsoc").click();
  await page.keyboard.press("End");
  await page.keyboard.type("9");
  const typed = await shownCharge("E001");
  await screen.set("/set/emu/E001?rsoc=33&ups_output_power=321");
  await eventually(() => field(page, "E001", "ups_output_power").inputValue(), "321.0");
  expect(await shownCharge("E001")).toBe(typed);
  await press(page, "Read All");
  expect(await said(page, "is kept")).toContain("1 of them");
  expect(await shownCharge("E001")).toBe(typed);
  await page.goto(`${screen.server.url}/#/community`);
  await page.goto(`${screen.server.url}/#/units`);
  expect(await shownCharge("E001")).toBe(typed);
});

test("U10: A field that only has the focus keeps its text until it is left", async () => {
  await field(page, "E001", "rsoc").focus();
  const before = await shownCharge("E001");
  await screen.set("/set/emu/E001?rsoc=34&ups_output_power=322");
  await eventually(() => field(page, "E001", "ups_output_power").inputValue(), "322.0");
  expect(await shownCharge("E001")).toBe(before);
  await field(page, "E001", "dig").focus();
  expect(await shownCharge("E001")).toBe("34.00");
});

test("U10: Escape takes back a field, Discard the whole card", async () => {
  const before = await shownCharge("E001");
  await field(page, "E001", "rsoc").fill("9");
  await field(page, "E001", "rsoc").press("Escape");
  expect(await shownCharge("E001")).toBe(before);
  await field(page, "E001", "dvg").fill("9");
  await field(page, "E001", "dig").fill("9");
  await button("E001", "Discard typed").click();
  expect(await field(page, "E001", "dvg").inputValue()).not.toBe("9");
  expect(await card(page, "E001").locator(".field.typed").count()).toBe(0);
});

for (const [parameter, value, message] of [
  ["rsoc", "120", "rsoc: “120” is not possible; allowed is a number from 0 to 100\u00a0%."],
  ["ups_output_power", "a lot", "ups output power: “a lot” is not possible"],
  ["dvg", "1000.5", "Grid voltage: “1000.5” is not possible; allowed is a number from 0 to 1,000\u00a0V."],
] as const) {
  test(`U11: Refused ${parameter}: why stands beside the field, with its label, what was typed stays`, async () => {
    const before = await screen.unit("E001");
    await field(page, "E001", parameter).fill(value);
    await field(page, "E001", "dig").fill("3");
    await button("E001", "Set").click();
    expect(await said(page, "was not changed")).toContain(message);
    const input = field(page, "E001", parameter);
    expect(await page.locator(`#E001-${parameter}-refusal`).textContent()).toContain(message);
    expect(await input.getAttribute("aria-describedby")).toBe(`E001-${parameter}-refusal`);
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    expect(await input.inputValue()).toBe(value);
    expect(await field(page, "E001", "dig").inputValue()).toBe("3");
    expect(await screen.unit("E001")).toEqual(before);
    await input.fill("");
    expect(await page.locator(`#E001-${parameter}-refusal`).textContent()).toBe("");
  });
}

test("U12: Read reads one unit; with Auto Refresh off the others stand still", async () => {
  await setRefresh(page, false);
  const other = await shownCharge("E002");
  await screen.set("/set/emu/E001?rsoc=71");
  await screen.set("/set/emu/E002?rsoc=72");
  await button("E001", "Read").click();
  await said(page, "Read E001 as of");
  expect(await shownCharge("E001")).toBe("71.00");
  expect(await shownCharge("E002")).toBe(other);
});

test("U12: show Json shows all of the unit's JSON", async () => {
  await card(page, "E002").getByRole("link", { name: "show Json" }).click();
  const shown = JSON.parse((await page.getByRole("dialog").locator("pre").textContent()) ?? "");
  const wire = await screen.wire("E002");
  expect(Object.keys(shown)).toEqual(Object.keys(wire));
  expect(shown.dcdc).toEqual(wire.dcdc);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
