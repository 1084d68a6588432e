import { expect, test } from "vitest";
import { changeUnit } from "../../src/simulation/commands.ts";
import { readUnitAt } from "../../src/simulation/community.ts";
import type { UnitSettings, UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import { createCommunityOf, createEvenWorld, defaultSettings } from "../support/worlds.ts";

const hour = 3600;

function createHome(world: World, settings: Partial<UnitSettings> = {}) {
  const community = createCommunityOf([{ ...defaultSettings, ...settings }], world);
  const unit = community.units[0] as UnitState;
  return {
    unit,
    stateAt: (timeS: number) => {
      const { upsMode, acCharging, stateOfChargePercent } = readUnitAt(community, unit, timeS, world);
      return { upsMode, acCharging, charge: stateOfChargePercent };
    },
    setCharge: (timeS: number, stateOfChargePercent: number) =>
      changeUnit(community, unit, { stateOfChargePercent }, { timeS, accelerationFactor: 1, world }),
  };
}

test("S12: falling to 30 % the UPS goes to bypass at that moment", () => {
  // Battery mode: −400 − (17.5 + 4.5 + 129 + 56) = −607 W, 480 Wh from 40 % to 30 %.
  const { unit, stateAt } = createHome(createEvenWorld(), { stateOfChargePercent: 40 });
  const bypassS = (480 / 607) * hour;
  expect(stateAt(bypassS - 1e-3).upsMode).toBe("battery");
  expect(stateAt(bypassS + 1e-3).upsMode).toBe("bypass");
  expect(unit.upsSwitchedS).toBeCloseTo(bypassS, 8);
});

test("S12: rising again the UPS stays in bypass until 35 %", () => {
  // Bypass: 300 − (17.5 + 4.5) = 278 W; 240 Wh from 30 % to 35 %.
  const { stateAt } = createHome(createEvenWorld({ solarW: 300 }), { stateOfChargePercent: 30 });
  const backS = (240 / 278) * hour;
  expect(stateAt(0)).toEqual({ upsMode: "bypass", acCharging: false, charge: 30 });
  expect(stateAt(backS - 1e-3).upsMode).toBe("bypass");
  expect(stateAt(backS + 1e-3).upsMode).toBe("battery");
  // Battery mode: 300 − 400 − 207 = −307 W: it falls again.
  expect(stateAt(backS + 0.5 * hour).charge).toBeCloseTo(35 - (0.5 * 30_700) / 4800, 10);
});

test("S12: falling to 20 % AC charges the battery until 25 %", () => {
  // Bypass: −22 W, 48 Wh from 21 % to 20 %; then 150 − 22 = 128 W, 240 Wh to 25 %; then −22 W again.
  const { stateAt } = createHome(createEvenWorld(), { stateOfChargePercent: 21 });
  const onS = (48 / 22) * hour;
  const offS = onS + (240 / 128) * hour;
  expect(stateAt(onS - 1e-3)).toMatchObject({ upsMode: "bypass", acCharging: false });
  expect(stateAt(onS + 1e-3)).toMatchObject({ upsMode: "bypass", acCharging: true });
  expect(stateAt(offS - 1e-3)).toMatchObject({ acCharging: true });
  const off = stateAt(offS + 1e-3);
  expect(off).toMatchObject({ upsMode: "bypass", acCharging: false });
  expect(off.charge).toBeCloseTo(25, 6);
  expect(stateAt(offS + hour).charge).toBeCloseTo(25 - 2200 / 4800, 9);
});

test("S12: a charge set by hand takes the UPS along at once, the thresholds included", () => {
  const { stateAt, setCharge } = createHome(createEvenWorld());
  const steps = [
    [30.01, "battery", false],
    [30, "bypass", false],
    [34.99, "bypass", false],
    [35, "battery", false],
    [20.01, "bypass", false],
    [20, "bypass", true],
    [24.99, "bypass", true],
    [25, "bypass", false],
    [0, "bypass", true],
    [100, "battery", false],
  ] as const;
  steps.forEach(([charge, upsMode, acCharging], i) => {
    setCharge(i, charge);
    expect(stateAt(i)).toEqual({ upsMode, acCharging, charge });
  });
});

test("S12: a unit begins in the mode that it is given, where its charge allows both", () => {
  for (const upsMode of ["battery", "bypass"] as const) {
    const between = createHome(createEvenWorld(), { stateOfChargePercent: 33, upsMode });
    expect(between.stateAt(0).upsMode).toBe(upsMode);
  }
  expect(createHome(createEvenWorld(), { upsMode: "bypass" }).stateAt(0).upsMode).toBe("battery");
  expect(createHome(createEvenWorld(), { stateOfChargePercent: 10 }).stateAt(0).upsMode).toBe("bypass");
});

test("S12: with equal thresholds the UPS switches no more often than every 10 s", () => {
  const world = createEvenWorld({ solarW: 300, bypassBelowPercent: 30, batteryAbovePercent: 30 });
  const home = createHome(world, { stateOfChargePercent: 30.01 });
  const switches: number[] = [];
  for (let timeS = 0; timeS < hour; timeS += 0.5) {
    home.stateAt(timeS);
    if (home.unit.upsSwitchedS !== switches.at(-1)) switches.push(home.unit.upsSwitchedS);
  }
  expect(switches.length).toBeGreaterThan(5);
  for (let i = 2; i < switches.length; i++) {
    expect((switches[i] as number) - (switches[i - 1] as number)).toBeGreaterThan(10 - 1e-6);
  }
  expect(Math.abs(home.stateAt(hour).charge - 30)).toBeLessThan(0.1);
});

test("S12: with equal thresholds the UPS leaves bypass once the charge has risen past them", () => {
  const world = createEvenWorld({ solarW: 1000, bypassBelowPercent: 30, batteryAbovePercent: 30 });
  const { stateAt } = createHome(world, { stateOfChargePercent: 25, upsMode: "bypass" });
  // 1000 − 22 = 978 W; 240 Wh from 25 % to 30 %.
  const backS = (240 / 978) * hour;
  expect(stateAt(backS - 1)).toMatchObject({ upsMode: "bypass" });
  expect(stateAt(backS + 11)).toMatchObject({ upsMode: "battery" });
});
