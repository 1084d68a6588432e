import type { World } from "../../simulation/world.ts";
import type { RecordStorage } from "./record-storage.ts";
import { type ReplayedReading, replayUnit } from "./replay.ts";

/**
 * What each unit read at every multiple of `intervalS` and after every command to it, from `fromS` up to, not
 * including, `untilS`; unit by unit, each in the order of time.
 */
export function* listReadings(
  storage: RecordStorage,
  world: World,
  fromS: number,
  untilS: number,
  intervalS: number,
): Generator<ReplayedReading> {
  for (let unit = 1; unit <= storage.highestUnitNumber(); unit++) {
    const replay = replayUnit(storage, world, unit, fromS, untilS);
    for (const timeS of listMoments(storage, unit, fromS, untilS, intervalS)) {
      const reading = replay.readAt(timeS);
      if (reading !== null) yield reading;
    }
  }
}

function listMoments(
  storage: RecordStorage,
  unit: number,
  fromS: number,
  untilS: number,
  intervalS: number,
): number[] {
  const moments = new Set<number>();
  for (let k = Math.ceil(fromS / intervalS); k * intervalS < untilS; k++) moments.add(k * intervalS);
  for (const { timeS } of storage.readEvents(unit, fromS, untilS)) {
    if (timeS >= fromS && timeS < untilS) moments.add(timeS);
  }
  return [...moments].sort((a, b) => a - b);
}
