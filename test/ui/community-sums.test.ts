import { expect, test } from "vitest";
import { listTraders, sumCommunity } from "../../src/ui/homes/community-sums.ts";
import { unitState } from "./unit-state.ts";

const giver = unitState({ id: "E001", gridPowerW: -700, batteryPowerW: -900, stateOfChargePercent: 80 });
const taker = unitState({ id: "E002", gridPowerW: 400, batteryPowerW: 300, stateOfChargePercent: 20 });
const small = unitState({ id: "E003", gridPowerW: 300, wastedPowerW: 250, curtailedSolarPowerW: 200 });

test("U27: Sums keep charging and discharging, curtailed and wasted apart", () => {
  const sums = sumCommunity([giver, taker, small]);
  expect(sums).toMatchObject({ dischargingW: 900, chargingW: 300, curtailedW: 200, wastedW: 50 });
  expect(sums.exchangeW).toBe(700);
  expect(sums.meanChargePercent).toBe(50);
});

test("U27: Of a community what is not served is unmet, and not what AC serves in the place of batteries", () => {
  const helped = unitState({ demandPowerW: 500, shortfallPowerW: 200 });
  const dark = unitState({ demandPowerW: 300, unservedPowerW: 300, outage: "dark" });
  expect(sumCommunity([helped, dark])).toMatchObject({ demandW: 500, unservedW: 300 });
});

test("U27: A community without units has sums of zero", () => {
  expect(Object.values(sumCommunity([])).every((value) => value === 0)).toBe(true);
});

test("U27: Traders are listed by side, the strongest first; who only idles is none", () => {
  const { givers, takers } = listTraders([small, unitState({ id: "E004", gridPowerW: 0.01 }), taker, giver]);
  expect(givers.map((unit) => unit.id)).toEqual(["E001"]);
  expect(takers.map((unit) => unit.id)).toEqual(["E002", "E003"]);
});
