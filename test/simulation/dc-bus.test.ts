import fc from "fast-check";
import { expect, test } from "vitest";
import { changeUnit, type UnitChange } from "../../src/simulation/commands.ts";
import { type CommunityState, readUnitAt } from "../../src/simulation/community.ts";
import { busVoltageAt, voltageReferenceOf } from "../../src/simulation/dc-bus.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import {
  check,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  perform,
  runScenario,
  type Scenario,
  scenarios,
  type TimedCommand,
} from "../support/worlds.ts";

/** A bus of four units at 80 %, acceleration 10 unless told. */
function createBusOf(units = 4, accelerationFactor = 10) {
  const world = createEvenWorld();
  const community = createCommunityOf(new Array(units).fill(defaultSettings), world);
  const unitOf = (number: number) => community.units[number - 1] as UnitState;
  return {
    community,
    change: (timeS: number, number: number, change: UnitChange) =>
      changeUnit(community, unitOf(number), change, { timeS, accelerationFactor, world }),
    perform: (command: TimedCommand) => perform(community, command, world),
    voltageAt: (timeS: number) => busVoltageAt(community.bus, timeS),
    reference: () => voltageReferenceOf(community.bus),
    read: (timeS: number, number: number) => readUnitAt(community, unitOf(number), timeS, world),
    currentsAt: (timeS: number) =>
      community.units.map((unit) => readUnitAt(community, unit, timeS, world).dcGridCurrentA),
  };
}

function expectBusRules({ units, bus }: CommunityState): void {
  const reference = voltageReferenceOf(bus);
  const asked = { waiting: 0, gridAutonomy: 0, charging: 1, discharging: -1 };
  for (const unit of units) {
    if (unit.number === reference) continue;
    const sign = reference === null ? 0 : asked[unit.converterMode];
    expect(unit.dcGridCurrentA).toBeCloseTo(sign * unit.dcGridCurrentLimitA, 12);
    expect(unit.dcGridVoltageV).toBe(unit.dcGridCurrentA === 0 ? 0 : bus.targetVoltageV);
  }
  const sum = units.reduce((total, unit) => total + unit.dcGridCurrentA, 0);
  expect(Math.abs(sum)).toBeLessThan(1e-9);
}

test("S5: after every command the currents sum to zero and follow the converters", () => {
  check(
    fc.property(scenarios, (scenario) => {
      runScenario(scenario, { afterCommand: expectBusRules });
    }),
    60,
  );
});

test("S5: at every moment the readings' currents sum to zero, and each power is current times voltage", () => {
  check(
    fc.property(scenarios, fc.array(fc.nat({ max: 86_400 }), { maxLength: 20 }), (scenario, readAtS) => {
      const sums = new Map<number, number>();
      runScenario(scenario, {
        readAtS,
        onReading: (reading) => {
          const { timeS, dcGridCurrentA, dcGridPowerW, busVoltageV } = reading;
          sums.set(timeS, (sums.get(timeS) ?? 0) + dcGridCurrentA);
          expect(dcGridPowerW).toBeCloseTo(dcGridCurrentA * busVoltageV, 9);
        },
      });
      for (const sum of sums.values()) expect(Math.abs(sum)).toBeLessThan(1e-9);
    }),
    50,
  );
});

test("S5: the voltage reference carries minus what the others carry", () => {
  const bus = createBusOf(4, 200);
  bus.change(0, 1, { converterMode: "gridAutonomy" });
  bus.change(0, 2, { converterMode: "charging", dcGridCurrentLimitA: 3 });
  bus.change(0, 3, { converterMode: "discharging", dcGridCurrentLimitA: 1 });
  expect(bus.currentsAt(100)).toEqual([-2, 3, -1, 0]);
  expect([1, 2, 3, 4].map((number) => bus.read(100, number).dcGridPowerW)).toEqual([-700, 1050, -350, 0]);
  bus.change(200, 4, { converterMode: "gridAutonomy", targetBusVoltageV: 380 });
  expect(bus.currentsAt(200)).toEqual([0, 3, -1, -2]);
  expect(bus.read(200, 4).dcGridPowerW).toBe(-760);
  bus.change(300, 2, { converterMode: "waiting" });
  expect(bus.currentsAt(300)).toEqual([0, 0, -1, 1]);
});

test("S5: without a voltage reference no current flows and the bus is dead", () => {
  const bus = createBusOf();
  bus.change(0, 1, { converterMode: "charging" });
  bus.change(0, 2, { converterMode: "discharging" });
  expect(bus.currentsAt(100)).toEqual([0, 0, 0, 0]);
  expect(bus.voltageAt(100)).toBe(0);
});

test("S5: a unit that is added takes its part in the currents", () => {
  const bus = createBusOf(2, 200);
  bus.change(0, 1, { converterMode: "gridAutonomy" });
  const settings = { ...defaultSettings, converterMode: "charging" as const };
  bus.perform({ kind: "add", settings, timeS: 100, accelerationFactor: 200 });
  expect(bus.currentsAt(200)).toEqual([-2, 0, 2]);
});

test("S6: a unit that is added in grid autonomy holds the bus", () => {
  const bus = createBusOf(2, 200);
  const settings = { ...defaultSettings, converterMode: "gridAutonomy" as const };
  bus.perform({ kind: "add", settings, timeS: 100, accelerationFactor: 200 });
  expect(bus.reference()).toBe(3);
  expect(bus.voltageAt(400)).toBe(350);
});

test("S6: the reference is the unit that entered last; it hands the bus back when it leaves", () => {
  const bus = createBusOf(4, 200);
  bus.change(0, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 350 });
  bus.change(1, 3, { converterMode: "gridAutonomy", targetBusVoltageV: 360 });
  bus.change(2, 2, { converterMode: "gridAutonomy", targetBusVoltageV: 370 });
  expect([bus.reference(), bus.voltageAt(2)]).toEqual([2, 370]);
  bus.change(3, 3, { converterMode: "charging" });
  expect([bus.reference(), bus.voltageAt(3)]).toEqual([2, 370]);
  bus.change(4, 2, { converterMode: "waiting" });
  expect([bus.reference(), bus.voltageAt(4)]).toEqual([1, 350]);
  bus.change(5, 1, { converterMode: "waiting" });
  expect([bus.reference(), bus.voltageAt(5)]).toEqual([null, 0]);
  expect(bus.currentsAt(6)).toEqual([0, 0, 0, 0]);
});

test("S6: a reference that is told to enter again stays in its place", () => {
  const bus = createBusOf(3, 200);
  bus.change(0, 1, { converterMode: "gridAutonomy" });
  bus.change(1, 2, { converterMode: "gridAutonomy" });
  bus.change(2, 1, { converterMode: "gridAutonomy" });
  expect(bus.community.bus.autonomyOrder).toEqual([1, 2]);
});

test("S6: removing the reference kills the bus, and replacing all units does", () => {
  const remove = { kind: "remove" as const, timeS: 10, accelerationFactor: 200 };
  const replace = { ...remove, kind: "replace" as const, settings: [defaultSettings] };
  for (const command of [remove, replace]) {
    const bus = createBusOf(2, 200);
    bus.change(0, 2, { converterMode: "gridAutonomy" });
    bus.change(0, 1, { converterMode: "charging" });
    bus.perform(command);
    expect([bus.reference(), bus.voltageAt(10), bus.currentsAt(20)]).toEqual([null, 0, [0]]);
  }
});

test("S6: units that begin in grid autonomy hold the bus at once, the last of them as its reference", () => {
  const bus = createBusOf();
  const settings = [350, 360].map((targetBusVoltageV) => {
    return { ...defaultSettings, converterMode: "gridAutonomy" as const, targetBusVoltageV };
  });
  bus.perform({ kind: "replace", settings, timeS: 50, accelerationFactor: 1 });
  expect([bus.reference(), bus.voltageAt(50)]).toEqual([2, 360]);
});

test("S6: a dead bus is raised in 120 s of simulated time, and no current flows until then", () => {
  const bus = createBusOf();
  bus.change(1000, 1, { converterMode: "gridAutonomy" });
  bus.change(1000, 2, { converterMode: "charging" });
  expect([1000, 1030, 1060, 1119, 1120, 5000].map(bus.voltageAt)).toEqual([
    0,
    87.5,
    175,
    expect.closeTo((350 * 119) / 120, 9),
    350,
    350,
  ]);
  expect(bus.currentsAt(1119.999)).toEqual([0, 0, 0, 0]);
  expect(bus.read(1119.999, 2)).toMatchObject({ dcGridPowerW: 0, busRamping: true });
  expect(bus.currentsAt(1120)).toEqual([-2, 2, 0, 0]);
  expect(bus.read(1120, 2)).toMatchObject({ dcGridPowerW: 700, busRamping: false });
  expect(bus.read(1120 + 3600, 2).ledger.fromDcGridWh).toBeCloseTo(700, 9);
});

test("S6: a ramp takes 120 s times the share of the voltage that is missing", () => {
  const bus = createBusOf();
  bus.change(0, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 200 });
  expect(bus.community.bus.rampEndS).toBe(120);
  bus.change(500, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 400 });
  expect(bus.community.bus.rampEndS).toBe(560);
  expect(bus.voltageAt(530)).toBe(300);
});

test("S6: on a live bus a new reference and a new voltage hold at once", () => {
  const bus = createBusOf();
  bus.change(0, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 290 });
  bus.change(200, 2, { converterMode: "gridAutonomy", targetBusVoltageV: 380 });
  expect(bus.voltageAt(200)).toBe(380);
  bus.change(300, 2, { targetBusVoltageV: 100 });
  expect(bus.voltageAt(300)).toBe(100);
  bus.change(400, 2, { targetBusVoltageV: 350 });
  expect(bus.voltageAt(400)).toBe(350);
  bus.change(500, 1, { targetBusVoltageV: 310 });
  expect(bus.voltageAt(500)).toBe(350);
});

test("S6: a voltage set during a ramp holds at once, and currents flow with it", () => {
  const bus = createBusOf();
  bus.change(0, 1, { converterMode: "gridAutonomy" });
  bus.change(0, 2, { converterMode: "charging" });
  bus.change(60, 1, { targetBusVoltageV: 360 });
  expect(bus.voltageAt(60)).toBe(360);
  expect(bus.read(60, 2).dcGridPowerW).toBe(720);
});

test("S6: a ramp is gone when its unit leaves grid autonomy", () => {
  const bus = createBusOf();
  bus.change(0, 1, { converterMode: "gridAutonomy" });
  bus.change(0, 2, { converterMode: "charging" });
  bus.change(60, 1, { converterMode: "waiting" });
  expect([60, 120, 1000].map(bus.voltageAt)).toEqual([0, 0, 0]);
  expect(bus.currentsAt(1000)).toEqual([0, 0, 0, 0]);
});

test("S6: handed back in mid-ramp, the bus goes on from its present voltage at the earlier unit's own rate", () => {
  const bus = createBusOf();
  const enter = (timeS: number, number: number, targetBusVoltageV: number) =>
    bus.change(timeS, number, { converterMode: "gridAutonomy", targetBusVoltageV });
  enter(0, 1, 360);
  enter(20, 2, 240);
  expect(bus.voltageAt(20)).toBe(60);
  enter(40, 3, 120);
  expect(bus.voltageAt(40)).toBe(100);
  // Nested hand-overs: each unit's ramp rises by its own target in 120 s.
  bus.change(50, 3, { converterMode: "waiting" });
  expect([bus.reference(), bus.voltageAt(50), bus.voltageAt(60)]).toEqual([2, 110, 130]);
  bus.change(60, 2, { converterMode: "charging", dcGridCurrentLimitA: 1 });
  expect([bus.reference(), bus.voltageAt(60), bus.voltageAt(70)]).toEqual([1, 130, 160]);
  expect(bus.community.bus.rampEndS).toBeCloseTo(60 + (120 * (360 - 130)) / 360, 9);
  expect(bus.currentsAt(136)).toEqual([0, 0, 0, 0]);
  expect([bus.voltageAt(137), ...bus.currentsAt(137)]).toEqual([360, -1, 1, 0, 0]);
});

test("S6: with equal voltages a unit that enters and leaves in mid-ramp changes nothing of it", () => {
  for (const leaveAtS of [30, 99, 110, 119]) {
    const bus = createBusOf();
    bus.change(0, 1, { converterMode: "gridAutonomy" });
    bus.change(22, 2, { converterMode: "gridAutonomy" });
    bus.change(leaveAtS, 2, { converterMode: "waiting" });
    expect(bus.community.bus.rampEndS).toBeCloseTo(120, 9);
    for (const timeS of [leaveAtS, 119.5]) expect(bus.voltageAt(timeS)).toBeCloseTo((350 * timeS) / 120, 9);
  }
});

test("S6: a reference that is removed in mid-ramp hands the bus back like one that leaves", () => {
  const bus = createBusOf(2);
  bus.change(0, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 360 });
  bus.change(20, 2, { converterMode: "gridAutonomy", targetBusVoltageV: 240 });
  bus.perform({ kind: "remove", timeS: 40, accelerationFactor: 10 });
  expect([bus.reference(), bus.voltageAt(40), bus.voltageAt(80)]).toEqual([1, 100, 220]);
});

test("S6: a ramp of the earlier unit ends at the voltage that it was given meanwhile", () => {
  const bus = createBusOf(2);
  bus.change(0, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 360 });
  bus.change(20, 2, { converterMode: "gridAutonomy", targetBusVoltageV: 360 });
  bus.change(30, 1, { targetBusVoltageV: 300 });
  expect(bus.voltageAt(30)).toBe(90);
  bus.change(40, 2, { converterMode: "waiting" });
  expect([bus.voltageAt(40), bus.voltageAt(80), bus.voltageAt(1000)]).toEqual([120, 220, 300]);
});

test("S6: a reference told to enter again changes its target; a dead bus goes on from its present voltage", () => {
  const bus = createBusOf();
  const enter = (timeS: number, targetBusVoltageV: number) =>
    bus.change(timeS, 1, { converterMode: "gridAutonomy", targetBusVoltageV });
  enter(0, 360);
  enter(60, 300);
  expect([bus.voltageAt(60), bus.voltageAt(80), bus.voltageAt(108)]).toEqual([180, 230, 300]);
  enter(1000, 400);
  expect(bus.voltageAt(1000)).toBe(400);
});

test("S6: replacing all units in mid-ramp ends the ramp", () => {
  const bus = createBusOf(2);
  bus.change(0, 1, { converterMode: "gridAutonomy" });
  bus.change(20, 2, { converterMode: "gridAutonomy" });
  bus.perform({ kind: "replace", settings: [defaultSettings], timeS: 40, accelerationFactor: 10 });
  expect([40, 120, 1000].map(bus.voltageAt)).toEqual([0, 0, 0]);
});

/** The rules of the bus told a second time, by rates: a ramp rises by its target in 120 s. */
class RatedBus {
  readonly targets = new Map<number, number>();
  /** In the order of entry. */
  order: number[] = [];
  voltageV = 0;
  isRamping = false;

  get target(): number {
    return this.targets.get(this.order.at(-1) ?? 0) ?? 0;
  }

  pass(seconds: number): void {
    if (!this.isRamping) return;
    this.voltageV = Math.min(this.target, this.voltageV + (this.target / 120) * seconds);
    this.isRamping = this.voltageV < this.target;
  }

  enter(number: number, target: number): void {
    this.targets.set(number, target);
    if (!this.order.includes(number)) this.order.push(number);
    if (this.order.at(-1) === number) this.#follow(this.voltageV < 290);
  }

  leave(number: number): void {
    const before = this.order.at(-1);
    this.order = this.order.filter((one) => one !== number);
    if (before === number) this.#follow(this.order.length > 0 && (this.isRamping || this.voltageV < 290));
  }

  set(number: number, target: number): void {
    this.targets.set(number, target);
    if (this.order.at(-1) === number) this.#follow(false);
  }

  #follow(isRaisedSlowly: boolean): void {
    this.isRamping = isRaisedSlowly && this.target > this.voltageV;
    if (!this.isRamping) this.voltageV = this.target;
  }
}

test("S6: through any entries, exits and voltages the bus is where the rates of its ramps lead", () => {
  const command = fc.record({
    waitS: fc.oneof(fc.nat({ max: 15 }), fc.nat({ max: 60 }), fc.nat({ max: 300 })),
    number: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom("enter", "enter", "leave", "leave", "charge", "set"),
    targetBusVoltageV: fc.constantFrom(100, 240, 280, 300, 350, 360, 380),
  });
  let handOvers = 0;
  check(
    fc.property(fc.array(command, { minLength: 10, maxLength: 40 }), (commands) => {
      const [bus, rated] = [createBusOf(), new RatedBus()];
      for (let number = 1; number <= 4; number++) rated.targets.set(number, 350);
      let timeS = 0;
      for (const { waitS, number, kind, targetBusVoltageV } of commands) {
        timeS += waitS;
        rated.pass(waitS);
        const beforeV = bus.voltageAt(timeS);
        expect(beforeV).toBeCloseTo(rated.voltageV, 6);
        // Within rounding of the limit or of a ramp's end either is right.
        if (Math.abs(beforeV - 290) < 1e-6 || Math.abs(beforeV - rated.target) < 1e-6 !== !rated.isRamping)
          return;
        const wasSlow = rated.isRamping || beforeV < 290;
        const before = rated.order.at(-1);
        if (kind === "enter") {
          bus.change(timeS, number, { converterMode: "gridAutonomy", targetBusVoltageV });
          rated.enter(number, targetBusVoltageV);
        } else if (kind === "set") {
          bus.change(timeS, number, { targetBusVoltageV });
          rated.set(number, targetBusVoltageV);
        } else {
          bus.change(timeS, number, { converterMode: kind === "leave" ? "waiting" : "charging" });
          rated.leave(number);
        }
        expect([bus.community.bus.autonomyOrder, bus.voltageAt(timeS)]).toEqual([
          rated.order,
          expect.closeTo(rated.voltageV, 6),
        ]);
        if (rated.order.at(-1) === before || kind === "enter" || kind === "set" || !wasSlow) continue;
        handOvers++;
        expect(bus.voltageAt(timeS)).toBeLessThanOrEqual(beforeV);
        if (rated.target > beforeV) expect(bus.voltageAt(timeS)).toBe(beforeV);
      }
    }),
    400,
  );
  expect(handOvers).toBeGreaterThan(500);
});

test("S6: other units' commands neither cut a ramp short nor disturb it", () => {
  const moments = fc.array(fc.nat({ max: 119 }), { maxLength: 8 });
  const modes = fc.constantFrom("waiting" as const, "charging" as const, "discharging" as const);
  const changes = fc.record({ converterMode: modes, targetBusVoltageV: fc.nat({ max: 1000 }) });
  check(
    fc.property(moments, changes, (times, change) => {
      const [alone, disturbed] = [createBusOf(), createBusOf()];
      for (const bus of [alone, disturbed]) bus.change(0, 1, { converterMode: "gridAutonomy" });
      times.sort((a, b) => a - b);
      for (const [i, timeS] of times.entries()) disturbed.change(timeS, 2 + (i % 3), change);
      for (const timeS of [...times, 60, 119.9, 120]) {
        expect(disturbed.voltageAt(timeS)).toBe(alone.voltageAt(timeS));
      }
      const sum = disturbed.currentsAt(119.9).reduce((total, current) => total + Math.abs(current), 0);
      expect(sum).toBe(0);
    }),
    100,
  );
});

/** The units in grid autonomy, in their order of entry after a command, from the order before it. */
function orderAfter(before: readonly number[], units: readonly UnitState[], isReplaced: boolean): number[] {
  const present = units.filter((unit) => unit.converterMode === "gridAutonomy").map(({ number }) => number);
  const stayed = isReplaced ? [] : before.filter((number) => present.includes(number));
  return [...stayed, ...present.filter((number) => !stayed.includes(number))];
}

test("S6: the order of entry is that of the commands, whatever they are", () => {
  check(
    fc.property(scenarios, (scenario) => {
      const { units } = createCommunityOf(scenario.settings, createPlannedWorld(scenario.plan));
      let order = orderAfter([], units, true);
      runScenario(scenario, {
        afterCommand: ({ units, bus }, { kind }) => {
          order = orderAfter(order, units, kind === "replace");
          expect(bus.autonomyOrder).toEqual(order);
          if (order.length === 0) expect(bus.targetVoltageV).toBe(0);
        },
      });
    }),
    40,
  );
});

function withAcceleration({ commands, ...rest }: Scenario, factorOf: (index: number) => number): Scenario {
  return { ...rest, commands: commands.map((one, i) => ({ ...one, accelerationFactor: factorOf(i) })) };
}

test("S10: up to 120 the acceleration changes no bit, and neither does it above", () => {
  check(
    fc.property(scenarios, (scenario) => {
      const slow = runScenario(withAcceleration(scenario, () => 1));
      expect(runScenario(withAcceleration(scenario, (i) => [0, 10, 120][i % 3] as number))).toStrictEqual(
        slow,
      );
      const fast = runScenario(withAcceleration(scenario, () => 121));
      expect(runScenario(withAcceleration(scenario, (i) => [200, 1e5][i % 2] as number))).toStrictEqual(fast);
    }),
    25,
  );
});

test("S10: without a new reference no acceleration changes a bit", () => {
  // Nor one that takes the bus over, as it may when another leaves.
  const isRamp = (command: TimedCommand) =>
    command.kind === "remove" || (command.kind === "change" && command.change.converterMode !== undefined);
  check(
    fc.property(scenarios, (given) => {
      const scenario = { ...given, commands: given.commands.filter((command) => !isRamp(command)) };
      const slow = runScenario(withAcceleration(scenario, () => 1));
      expect(runScenario(withAcceleration(scenario, () => 1000))).toStrictEqual(slow);
    }),
    25,
  );
});

test("S10: above an acceleration of 120 a ramp is immediate, at 120 it is not", () => {
  for (const [accelerationFactor, voltageV] of [
    [1, 0],
    [120, 0],
    [121, 350],
  ] as const) {
    const bus = createBusOf(2, accelerationFactor);
    bus.change(0, 1, { converterMode: "gridAutonomy" });
    expect(bus.voltageAt(0)).toBe(voltageV);
  }
});

test("S5: a community's world does not matter to its bus", () => {
  check(
    fc.property(scenarios, (scenario) => {
      const bus = runScenario(scenario).bus;
      const mock = createPlannedWorld({ ...scenario.plan, powerFlowEnabled: false });
      expect(runScenario(scenario, { world: mock }).bus).toStrictEqual(bus);
    }),
    40,
  );
});
