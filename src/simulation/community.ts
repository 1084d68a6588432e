import { advanceUnit, commitUnit } from "./advance.ts";
import { findBusFlow } from "./bus-currents.ts";
import type { ConverterFault } from "./converter-faults.ts";
import { type BusState, bendVoltage, createBus, holdVoltage, moveBus } from "./dc-bus.ts";
import type { Observer } from "./observer.ts";
import { readUnit, type UnitReading } from "./reading.ts";
import { copyUnit, type UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/** All units and the bus between them. `units[i].number` is `i + 1`. */
export interface CommunityState {
  units: UnitState[];
  bus: BusState;
  /** Faults that trip converters: none where they are left out. */
  faults?: readonly ConverterFault[];
  /** From when to when each fault of the hardware lasts, whatever it does. */
  faultSpans?: readonly Pick<ConverterFault, "unitNumber" | "fromS" | "untilS">[];
}

/** A community that goes on from `timeS` by itself. */
export function copyCommunity(community: CommunityState, timeS: number): CommunityState {
  const { units, bus } = community;
  return { ...community, units: units.map(copyUnit), bus: moveBus(bus, timeS, timeS) };
}

export function createCommunity(): CommunityState {
  return { units: [], bus: createBus() };
}

/** Passes the events of all units up to `timeS`. */
export function advanceCommunity(
  community: CommunityState,
  timeS: number,
  world: World,
  observer?: Observer,
): void {
  for (const unit of community.units) advanceUnit(unit, timeS, world, observer);
}

/** Reads one unit at `timeS`, passing its events on the way. */
export function readUnitAt(
  community: CommunityState,
  unit: UnitState,
  timeS: number,
  world: World,
  observer?: Observer,
): UnitReading {
  return readUnit(unit, community.bus, timeS, world, observer);
}

/**
 * Gives every unit the current and voltage that its converter and the bus now ask for, and touches
 * those for which they change. Returns their numbers. Currents sum to zero (docs/model.md, 5.2).
 */
export function shareBusCurrents(
  community: CommunityState,
  timeS: number,
  world: World,
  observer?: Observer,
): number[] {
  const { units, bus } = community;
  const flow = findBusFlow(units, bus, world);
  if (flow === null) holdVoltage(bus, 0, timeS);
  else if (flow.voltageV !== bus.targetVoltageV) bendVoltage(bus, flow.voltageV, timeS);
  const changed: number[] = [];
  for (const unit of units) {
    const currentA = flow?.currentsA[unit.number - 1] ?? 0;
    const voltageV = currentA === 0 ? 0 : bus.targetVoltageV;
    const fromS = currentA === 0 ? 0 : bus.rampEndS;
    if (!flowChanges(unit, currentA, voltageV, fromS, timeS)) continue;
    if (unit.timeS < timeS) commitUnit(unit, timeS, world, observer);
    unit.dcGridCurrentA = currentA;
    unit.dcGridVoltageV = voltageV;
    unit.dcGridFlowFromS = fromS;
    changed.push(unit.number);
  }
  return changed;
}

function flowChanges(
  unit: UnitState,
  currentA: number,
  voltageV: number,
  fromS: number,
  nowS: number,
): boolean {
  if (unit.dcGridCurrentA !== currentA || unit.dcGridVoltageV !== voltageV) return true;
  return Math.max(unit.dcGridFlowFromS, nowS) !== Math.max(fromS, nowS);
}
