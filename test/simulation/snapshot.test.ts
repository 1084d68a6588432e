import fc from "fast-check";
import { expect, test } from "vitest";
import { commitUnit } from "../../src/simulation/advance.ts";
import { bringBack, changeUnit } from "../../src/simulation/commands.ts";
import { advanceCommunity, type CommunityState, readUnitAt } from "../../src/simulation/community.ts";
import { busVoltageAt } from "../../src/simulation/dc-bus.ts";
import { type Snapshot, takeSnapshot } from "../../src/simulation/snapshot.ts";
import type { UnitState } from "../../src/simulation/unit.ts";
import type { World } from "../../src/simulation/world.ts";
import {
  check,
  commandSequences,
  createCommunityOf,
  createEvenWorld,
  createPlannedWorld,
  defaultSettings,
  endOfRunS,
  perform,
  scenarios,
  spread,
  type TimedCommand,
} from "../support/worlds.ts";

/** Everything but what was counted, which a snapshot takes along as a sum. */
const stateOf = ({ units, bus }: CommunityState) => ({
  bus,
  units: units.map(({ today: _, finishedDays: __, ...state }) => state),
});
const meterOf = ({ today, finishedDays }: UnitState) => today.acIntakeWh + finishedDays.acIntakeWh;
const throughJson = (snapshot: Snapshot): Snapshot => JSON.parse(JSON.stringify(snapshot));

function performAll(community: CommunityState, commands: readonly TimedCommand[], world: World): void {
  for (const command of commands) perform(community, command, world);
}

test("S19: a community brought back at its own moment goes on to the bit as if nothing had been since", () => {
  const cuts = fc.record({ share: spread(0, 1), meanwhile: commandSequences });
  check(
    fc.property(scenarios, cuts, ({ plan, settings, commands }, { share, meanwhile }) => {
      const world = createPlannedWorld(plan);
      const atS = share * endOfRunS(plan);
      const [before, after] = [
        commands.filter(({ timeS }) => timeS <= atS),
        commands.filter(({ timeS }) => timeS > atS),
      ];
      const begin = () => {
        const community = createCommunityOf(settings, world);
        performAll(community, before, world);
        advanceCommunity(community, atS, world);
        return community;
      };
      const [undisturbed, disturbed] = [begin(), begin()];
      // A command is an event, and so is what brings back.
      for (const unit of undisturbed.units) commitUnit(unit, atS, world);
      const untouched = JSON.stringify(disturbed);
      const snapshot = throughJson(takeSnapshot(disturbed, atS, world));
      expect(JSON.stringify(disturbed)).toBe(untouched);
      performAll(
        disturbed,
        meanwhile.map((command) => ({ ...command, timeS: atS })),
        world,
      );
      bringBack(disturbed, snapshot, { timeS: atS, accelerationFactor: 10, world });
      expect(stateOf(disturbed)).toStrictEqual(stateOf(undisturbed));
      expect(disturbed.units.map(meterOf)).toEqual(undisturbed.units.map(meterOf));
      for (const community of [undisturbed, disturbed]) {
        performAll(community, after, world);
        advanceCommunity(community, endOfRunS(plan), world);
      }
      expect(stateOf(disturbed)).toStrictEqual(stateOf(undisturbed));
    }),
    80,
  );
});

/** A community with its times counted from `nowS`, to the microsecond, so that two of different moments may be compared. */
function relativeTo(nowS: number, { units, bus }: CommunityState) {
  const from = (timeS: number) => Math.round((timeS - nowS) * 1e6) / 1e6 + 0;
  const ahead = (timeS: number) => Math.max(0, from(timeS));
  return {
    order: bus.autonomyOrder,
    voltageV: busVoltageAt(bus, nowS),
    targetV: bus.targetVoltageV,
    rampEndS: ahead(bus.rampEndS),
    units: units.map(({ today: _, finishedDays: __, ...unit }) => ({
      ...unit,
      timeS: from(unit.timeS),
      upsSwitchedS: from(unit.upsSwitchedS),
      acChargingSwitchedS: from(unit.acChargingSwitchedS),
      dcGridFlowFromS: ahead(unit.dcGridFlowFromS),
    })),
  };
}

test("S19: brought back at any other moment all is as it was, with as much time gone and left", () => {
  const world = createEvenWorld({ solarW: 300, days: 60 });
  const whole = (max: number) => fc.nat({ max });
  check(
    fc.property(
      commandSequences,
      whole(200),
      whole(20 * 86_400),
      commandSequences,
      (commands, waitS, laterS, following) => {
        const community = createCommunityOf(new Array(4).fill(defaultSettings), world);
        performAll(
          community,
          commands.map((command) => ({ ...command, timeS: Math.floor(command.timeS) })),
          world,
        );
        const atS = Math.floor(commands.at(-1)?.timeS ?? 0) + waitS;
        advanceCommunity(community, atS, world);
        const snapshot = takeSnapshot(community, atS, world);
        for (const unit of community.units) commitUnit(unit, atS, world);
        const was = relativeTo(atS, community);
        const toS = atS + laterS;
        const again = createCommunityOf([defaultSettings], world);
        advanceCommunity(again, toS, world);
        bringBack(again, throughJson(snapshot), { timeS: toS, accelerationFactor: 10, world });
        expect(relativeTo(toS, again)).toStrictEqual(was);
        // What is held by hand lasts to the next input point, which may lie nearer or farther.
        if (community.units.some((unit) => unit.heldSolarPowerW !== null || unit.heldDemandPowerW !== null))
          return;
        const after = following.filter((command) => !holdsPower(command));
        for (const [one, fromS] of [
          [community, atS],
          [again, toS],
        ] as const) {
          performAll(
            one,
            after.map((command) => ({ ...command, timeS: fromS + Math.floor(command.timeS) })),
            world,
          );
        }
        const endS = Math.floor(after.at(-1)?.timeS ?? 0) + 5000;
        const chargesAt = (one: CommunityState, timeS: number) =>
          one.units.map((unit) => readUnitAt(one, unit, timeS, world).stateOfChargePercent);
        chargesAt(again, toS + endS).forEach((charge, index) => {
          expect(charge).toBeCloseTo(chargesAt(community, atS + endS)[index] as number, 6);
        });
      },
    ),
    60,
  );
});

const holdsPower = (command: TimedCommand) =>
  command.kind === "change" &&
  (command.change.solarPowerW !== undefined || command.change.demandPowerW !== undefined);

test("S19: a ramp goes on from its very voltage, whatever the moment", () => {
  const world = createEvenWorld({ days: 60 });
  const community = createCommunityOf(new Array(3).fill(defaultSettings), world);
  const change = (timeS: number, number: number, given: Parameters<typeof changeUnit>[2]) =>
    changeUnit(community, community.units[number - 1] as UnitState, given, {
      timeS,
      accelerationFactor: 10,
      world,
    });
  change(100, 2, { converterMode: "gridAutonomy", targetBusVoltageV: 340 });
  change(110, 1, { converterMode: "gridAutonomy", targetBusVoltageV: 360 });
  change(110, 3, { converterMode: "charging", dcGridCurrentLimitA: 2 });
  const voltageV = busVoltageAt(community.bus, 117.3);
  const snapshot = takeSnapshot(community, 117.3, world);
  const leftS = community.bus.rampEndS - 117.3;
  for (const toS of [117.3, 118, 1e6 + 1 / 3, 3.14e6]) {
    bringBack(community, snapshot, { timeS: toS, accelerationFactor: 10, world });
    expect([busVoltageAt(community.bus, toS), community.bus.autonomyOrder]).toEqual([voltageV, [2, 1]]);
    expect(busVoltageAt(community.bus, toS + leftS / 2)).toBeCloseTo((voltageV + 360) / 2, 6);
    expect(readUnitAt(community, community.units[2] as UnitState, toS + leftS - 1, world).dcGridPowerW).toBe(
      0,
    );
    const { dcGridPowerW } = readUnitAt(community, community.units[2] as UnitState, toS + leftS + 1, world);
    expect(dcGridPowerW).toBe(720);
  }
});
