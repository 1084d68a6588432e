import fc from "fast-check";
import { expect, test } from "vitest";
import { changeUnit, type UnitChange } from "../../src/simulation/commands.ts";
import { readUnitAt } from "../../src/simulation/community.ts";
import { integrateMinimum } from "../../src/simulation/integrate-minimum.ts";
import type { Observer } from "../../src/simulation/observer.ts";
import type { UnitSettings, UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  defaultSettings,
  readMoments,
  runScenario,
  scenarios,
  spread,
  withSun,
} from "../support/worlds.ts";

/** One unit in `world` that reads and changes itself, noting each time its battery is found empty. */
function createHome(world: World, settings: Partial<UnitSettings> = {}) {
  const emptyAtS: number[] = [];
  const observer: Observer = { onBatteryEmpty: (_, timeS) => emptyAtS.push(timeS) };
  const community = createCommunityOf([{ ...defaultSettings, ...settings }, defaultSettings], world);
  const unit = community.units[0] as UnitState;
  const moment = (timeS: number) => ({ timeS, accelerationFactor: 200, world, observer });
  return {
    emptyAtS,
    unit,
    read: (timeS: number) => readUnitAt(community, unit, timeS, world, observer),
    change: (timeS: number, change: UnitChange) => changeUnit(community, unit, change, moment(timeS)),
    holdBus: (timeS: number) =>
      changeUnit(
        community,
        community.units[1] as UnitState,
        { converterMode: "gridAutonomy" },
        moment(timeS),
      ),
  };
}

const hour = 3600;

test("S4: the charge stays within 0 and 100 %, in the state and in every reading", () => {
  check(
    fc.property(scenarios, readMoments, (scenario, readAtS) => {
      const charges: number[] = [];
      const last = runScenario(scenario, {
        readAtS,
        onReading: (reading) => charges.push(reading.stateOfChargePercent),
        afterCommand: ({ units }) => charges.push(...units.map((unit) => unit.stateOfChargePercent)),
      });
      charges.push(...last.units.map((unit) => unit.stateOfChargePercent));
      expect(charges.filter((charge) => !(charge >= 0 && charge <= 100))).toEqual([]);
    }),
    60,
  );
});

test("S14: even sun and demand move the charge by their difference over the capacity", () => {
  // 300 + 57 − 400 − 57 − (17.5 + 4.5 + 129 + 0.14·400) = −307 W
  const { read } = createHome(createEvenWorld({ solarW: 300 }));
  expect(read(hour).stateOfChargePercent).toBeCloseTo(80 - 30_700 / 4800, 12);
  expect(read(2.5 * hour).stateOfChargePercent).toBeCloseTo(80 - (2.5 * 30_700) / 4800, 12);
  expect(read(3 * hour).batteryPowerW).toBeCloseTo(-307, 12);
});

test("S14: a full battery curtails the sun, and what is curtailed is wasted", () => {
  // 2000 − 400 − 207 = 1393 W into the battery: 480 Wh of room are filled after 480/1393 h.
  const { read } = createHome(createEvenWorld({ solarW: 2000 }), { stateOfChargePercent: 90 });
  const fullAtH = 480 / 1393;
  expect(read((fullAtH - 0.001) * hour).stateOfChargePercent).toBeLessThan(100);
  const reading = read(5 * hour);
  expect(reading.stateOfChargePercent).toBe(100);
  expect(reading.batteryPowerW).toBe(0);
  expect(reading.curtailedSolarPowerW).toBeCloseTo(1393, 10);
  expect(reading.wastedPowerW).toBeCloseTo(1393, 10);
  expect(reading.solarPowerW).toBeCloseTo(607, 10);
  expect(reading.ledger.wastedWh).toBeCloseTo((5 - fullAtH) * 1393, 8);
  expect(reading.ledger.curtailedSolarWh).toBeCloseTo((5 - fullAtH) * 1393, 8);
  expect(reading.ledger.batteryChangeWh).toBeCloseTo(480, 9);
  expect(reading.ledger.solarWh).toBeCloseTo(10_000, 9);
});

test("S14: a surplus from the DC grid is wasted without making the sun's power negative", () => {
  // 700 + 100 − 400 − (17.5 + 71 + 129 + 56) = 126.5 W of surplus, of which the sun can be curtailed by 100.
  const home = createHome(createEvenWorld({ solarW: 100 }), { stateOfChargePercent: 100 });
  home.holdBus(0);
  home.change(0, { converterMode: "charging" });
  const reading = home.read(2 * hour);
  expect(reading).toMatchObject({ solarPowerW: 0, curtailedSolarPowerW: 100, batteryPowerW: 0 });
  expect(reading.wastedPowerW).toBeCloseTo(126.5, 10);
  expect(reading.ledger.wastedWh).toBeCloseTo(253, 9);
  expect(reading.ledger.curtailedSolarWh).toBeCloseTo(200, 9);
});

test("S14: a full battery is left at the moment the surplus ends", () => {
  // The sun falls from 1000 W to 0 within the first hour; 607 W are used, so the surplus ends after 0.393 h.
  const { read } = createHome(withSun(createEvenWorld({ days: 1 }), [1000]), { stateOfChargePercent: 100 });
  expect(read(0.39 * hour).stateOfChargePercent).toBe(100);
  expect(read(0.4 * hour).stateOfChargePercent).toBeLessThan(100);
  const { ledger } = read(0.5 * hour);
  expect(ledger.wastedWh).toBeCloseTo((393 * 0.393) / 2, 9);
  expect(ledger.curtailedSolarWh).toBeCloseTo((393 * 0.393) / 2, 9);
  expect(ledger.batteryChangeWh).toBeCloseTo((-107 * 0.107) / 2, 9);
});

test("S14: what an empty battery cannot deliver comes from AC", () => {
  // Bypass and AC charging: −700 + 150 − (17.5 + 55) = −622.5 W; p2 = 57 + 67 + 24 + 10 + 400 + 150 + 622.5
  const home = createHome(createEvenWorld(), { stateOfChargePercent: 0 });
  home.holdBus(0);
  home.change(0, { converterMode: "discharging" });
  const reading = home.read(2 * hour);
  expect(reading.stateOfChargePercent).toBe(0);
  expect(reading.batteryPowerW).toBe(0);
  expect(reading.shortfallPowerW).toBeCloseTo(622.5, 10);
  expect(reading.acIntakePowerW).toBeCloseTo(1330.5, 10);
  expect(reading.ledger.shortfallWh).toBeCloseTo(1245, 9);
  expect(reading.ledger.acIntakeWh).toBeCloseTo(2661, 9);
  expect(reading.ledger.toDcGridWh).toBeCloseTo(1400, 9);
});

test("S14: an empty battery is told of once each time, however long it lasts and whoever reads", () => {
  const home = createHome(createEvenWorld(), { stateOfChargePercent: 10 });
  home.holdBus(0);
  home.change(0, { converterMode: "discharging" });
  for (let timeS = 0; timeS <= 12 * hour; timeS += 777) home.read(timeS);
  expect(home.emptyAtS).toEqual([expect.closeTo((480 / 622.5) * hour, 6)]);
  home.change(13 * hour, { stateOfChargePercent: 5 });
  home.read(24 * hour);
  expect(home.emptyAtS).toEqual([expect.anything(), expect.closeTo((13 + 240 / 622.5) * hour, 6)]);
});

test("S14: a command that keeps a battery above empty does not tell of an empty one", () => {
  // Waiting: 0 + 60 − (17.5 + 4.5) = +38 W; charging: 700 + 60 − (17.5 + 71) W, also positive.
  const world = createEvenWorld({ solarW: 60, acChargingPowerW: 0, acChargingLossW: 0 });
  const home = createHome(world, { stateOfChargePercent: 0 });
  home.holdBus(0);
  home.change(0, { converterMode: "charging" });
  home.read(hour);
  expect(home.emptyAtS).toEqual([]);
});

test("S14: a command to a battery that stays empty does not tell of it again", () => {
  const world = createEvenWorld({ acChargingPowerW: 0, acChargingLossW: 0 });
  const home = createHome(world, { stateOfChargePercent: 0 });
  home.holdBus(0);
  home.change(0, { converterMode: "discharging" });
  home.read(hour);
  expect(home.emptyAtS).toHaveLength(1);
  home.change(hour, { dcGridCurrentLimitA: 1 });
  home.change(2 * hour, { converterMode: "waiting" });
  home.read(3 * hour);
  expect(home.emptyAtS).toHaveLength(1);
});

test("S14: a full battery of random powers wastes its surplus and no more", () => {
  check(
    fc.property(spread(0, 5000), spread(0, 1000), (solarW, demandW) => {
      const { read } = createHome(createEvenWorld({ solarW, demandW }), { stateOfChargePercent: 100 });
      const surplusW = solarW - demandW * 1.14 - 151;
      expect(read(3 * hour).ledger.wastedWh).toBeCloseTo(3 * Math.max(0, surplusW), 6);
    }),
    100,
  );
});

test("S14: the smaller of two lines is integrated as a fine sum does it", () => {
  const values = spread(-100, 100);
  check(
    fc.property(values, values, values, values, (a, aEnd, b, bEnd) => {
      const sum = Array.from({ length: 20_000 }, (_, i) => {
        const share = (i + 0.5) / 20_000;
        return Math.min(a + (aEnd - a) * share, b + (bEnd - b) * share);
      }).reduce((total, value) => total + (value * 10) / 20_000, 0);
      expect(integrateMinimum(a, aEnd, b, bEnd, 10)).toBeCloseTo(sum, 4);
    }),
    60,
  );
});
