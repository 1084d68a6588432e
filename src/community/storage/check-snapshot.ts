import type { Snapshot } from "../../simulation/snapshot.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { check, expectNext, explain, FaultError, parseBody } from "./row-faults.ts";
import { upgradeSnapshot } from "./stored-forms.ts";
import { type KeptSnapshot, keptSnapshotSchema } from "./stored-shapes.ts";

/** The bus of the community, or of what Save All kept: all of it must fit its units. */
export type Bus = Snapshot["bus"];

/** The snapshot in a text that this or an earlier release has written, or what is wrong with it. */
export function readGivenSnapshot(version: number, text: string): KeptSnapshot | string {
  try {
    return checkSnapshot(upgradeSnapshot(parseBody({ version, body: text }) as KeptSnapshot));
  } catch (error) {
    return explain(error);
  }
}

/** A snapshot with which a community can begin. @throws FaultError */
function checkSnapshot(json: unknown): KeptSnapshot {
  const snapshot = check(keptSnapshotSchema, json);
  const states = snapshot.units.map(({ state }) => state);
  states.forEach((state, index) => {
    expectNext(state.number, index + 1);
    if (state.timeS !== snapshot.head.timeS)
      throw new FaultError(`unit ${state.number} is of another moment`);
  });
  if (snapshot.head.unitCount !== states.length) throw new FaultError("units: there are more or fewer");
  const fault = findBusFault(snapshot.bus, states);
  if (fault !== null) throw new FaultError(fault);
  return snapshot;
}

/** Every unit in grid autonomy stands in the order of the bus, and no other. */
export function findBusFault(
  { autonomyOrder, rampStartS, rampEndS }: Bus,
  units: readonly UnitState[],
): string | null {
  if (rampEndS < rampStartS) return "its bus ramps backwards";
  const held = units.filter(({ converterMode }) => converterMode === "gridAutonomy");
  const isWhole =
    held.length === autonomyOrder.length && held.every(({ number }) => autonomyOrder.includes(number));
  return isWhole ? null : "its bus is not held by the units in grid autonomy";
}

/** A save knows all states of its units and their bus, or none. */
export function findSaveFault(states: readonly (UnitState | null)[], bus: Bus | null): string | null {
  const known = states.filter((state) => state !== null);
  if (known.length === 0 && bus === null) return null;
  if (known.length !== states.length || bus === null) return "of its save not all is known";
  if (known.some(({ number }, index) => number !== index + 1)) return "units of its save are missing";
  return findBusFault(bus, known);
}
