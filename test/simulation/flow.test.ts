import { expect, test } from "vitest";
import { changeUnit } from "../../src/simulation/commands.ts";
import { readUnitAt } from "../../src/simulation/community.ts";
import type { Parameters } from "../../src/simulation/parameters.ts";
import type { ConverterMode, UnitState } from "../../src/simulation/unit.ts";
import { createCommunityOf, createEvenWorld, defaultSettings } from "../support/worlds.ts";

/** What a unit reads with 300 W of sun, 400 W of demand and, where a current flows, 2 A at 350 V. */
function readHome(stateOfChargePercent: number, mode: ConverterMode, parameters: Partial<Parameters> = {}) {
  const world = createEvenWorld({ solarW: 300, ...parameters });
  const settings = [{ ...defaultSettings, stateOfChargePercent }, defaultSettings];
  const community = createCommunityOf(settings, world);
  const [unit, partner] = community.units as [UnitState, UnitState];
  const moment = { timeS: 0, accelerationFactor: 200, world };
  if (mode === "charging" || mode === "discharging") {
    changeUnit(community, partner, { converterMode: "gridAutonomy" }, moment);
  }
  changeUnit(community, unit, { converterMode: mode }, moment);
  const { dcLossPowerW, acLossPowerW, acIntakePowerW, batteryPowerW, converterLossPowerW, dcGridPowerW } =
    readUnitAt(community, unit, 10, world);
  const rounded = [
    dcLossPowerW,
    acLossPowerW,
    acIntakePowerW,
    batteryPowerW,
    converterLossPowerW,
    dcGridPowerW,
  ];
  return rounded.map((value) => Number(value.toFixed(9)) + 0);
}

// Columns: DC loss, AC loss, AC intake, battery power, converter loss, power from the DC grid.
test("S13: battery mode, waiting", () => {
  expect(readHome(80, "waiting")).toEqual([207, 57, 57, -307, 4.5, 0]);
});

test("S13: battery mode, charging from the DC grid", () => {
  expect(readHome(80, "charging")).toEqual([273.5, 57, 57, 326.5, 71, 700]);
});

test("S13: battery mode, discharging into the DC grid", () => {
  expect(readHome(80, "discharging")).toEqual([257.5, 57, 57, -1057.5, 55, -700]);
});

test("S13: battery mode, grid autonomy without a partner", () => {
  expect(readHome(80, "gridAutonomy")).toEqual([257.5, 57, 57, -357.5, 55, 0]);
});

test("S13: bypass, waiting", () => {
  expect(readHome(25, "waiting")).toEqual([22, 148, 548, 278, 4.5, 0]);
});

test("S13: bypass, charging from the DC grid", () => {
  expect(readHome(25, "charging")).toEqual([88.5, 148, 548, 911.5, 71, 700]);
});

test("S13: bypass, discharging into the DC grid", () => {
  expect(readHome(25, "discharging")).toEqual([72.5, 148, 548, -472.5, 55, -700]);
});

test("S13: bypass and AC charging, waiting", () => {
  expect(readHome(15, "waiting")).toEqual([22, 158, 708, 428, 4.5, 0]);
});

test("S13: battery mode and AC charging, where the thresholds allow both", () => {
  const parameters = { bypassBelowPercent: 10, batteryAbovePercent: 15 };
  expect(readHome(18, "waiting", parameters)).toEqual([207, 67, 217, -157, 4.5, 0]);
});

test("S13: energies of an hour are the powers", () => {
  const world = createEvenWorld({ solarW: 300 });
  const community = createCommunityOf([{ ...defaultSettings, stateOfChargePercent: 25 }], world);
  const { ledger } = readUnitAt(community, community.units[0] as UnitState, 3600, world);
  const expected = { solarWh: 300, demandWh: 400, acLossWh: 148, dcLossWh: 22, acIntakeWh: 548 };
  for (const [key, value] of Object.entries({
    ...expected,
    batteryChangeWh: 278,
    wastedWh: 0,
    toDcGridWh: 0,
  })) {
    expect(ledger[key as keyof typeof ledger], key).toBeCloseTo(value, 10);
  }
});
