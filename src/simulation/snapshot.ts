import { commitUnit } from "./advance.ts";
import type { CommunityState } from "./community.ts";
import { type BusState, moveBus } from "./dc-bus.ts";
import { addLedger, createLedger } from "./ledger.ts";
import { copyUnit, type UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/** All that is true of a community (docs/model.md, 8.1) at simulated second `timeS`, which is an event of each of its units. */
export interface Snapshot {
  readonly timeS: number;
  readonly units: readonly UnitState[];
  readonly bus: BusState;
}

/** A snapshot of `community` at `timeS`, up to which all events must have been passed; it changes nothing there. */
export function takeSnapshot({ units, bus }: CommunityState, timeS: number, world: World): Snapshot {
  const copies = units.map(copyUnit);
  for (const unit of copies) commitUnit(unit, timeS, world);
  return { timeS, units: copies, bus: moveBus(bus, timeS, timeS) };
}

/**
 * The community of `snapshot` as it goes on at `timeS`: what began some time before the snapshot began as long before
 * `timeS`, what lay ahead lies as far ahead. At the snapshot's own second nothing differs by a bit. What its units have
 * counted stays on their meters, and a new account of the day begins.
 */
export function moveSnapshot(snapshot: Snapshot, timeS: number): CommunityState {
  const moved = (momentS: number) =>
    timeS === snapshot.timeS ? momentS : timeS + (momentS - snapshot.timeS);
  const units = snapshot.units.map((kept): UnitState => {
    const finishedDays = { ...kept.finishedDays };
    addLedger(finishedDays, kept.today);
    return {
      ...kept,
      timeS,
      upsSwitchedS: moved(kept.upsSwitchedS),
      acChargingSwitchedS: moved(kept.acChargingSwitchedS),
      dcGridFlowFromS: moved(kept.dcGridFlowFromS),
      today: createLedger(),
      finishedDays,
    };
  });
  return { units, bus: moveBus(snapshot.bus, snapshot.timeS, timeS) };
}
