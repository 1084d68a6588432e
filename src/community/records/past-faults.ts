import { endedFaults, type FaultSpan, listSpans, noFaults, readSpan } from "../../input/faults/fault.ts";
import { startName } from "../storage/snapshot-rows.ts";
import type { RecordStorage } from "./record-storage.ts";

/** A fault that was there, and when that was commanded. */
interface PastFault extends FaultSpan {
  readonly addedS: number;
  readonly endsByItself: boolean;
}

/**
 * The faults of a run, as its log of commands has them, with those with which it began: from when to when each was there,
 * those that came and went by a command among them.
 */
export function listPastFaults(storage: RecordStorage): PastFault[] {
  const faults = new Map<number, PastFault>();
  const start = storage.listSnapshots().find(({ name }) => name === startName);
  if (start !== undefined && start.runBeganMs === storage.readRun()?.beganWallMs)
    for (const span of listSpans(storage.readSnapshot(startName)?.faults ?? noFaults))
      faults.set(span.id, { ...span, addedS: start.timeS, endsByItself: true });
  for (const { timeS, effect } of storage.readFaultCommands()) {
    const added = readSpan(effect);
    if (added !== null) faults.set(added.id, { ...added, addedS: timeS, endsByItself: true });
    for (const id of endedFaults(effect)) {
      const fault = faults.get(id);
      // What had not begun never was.
      if (fault === undefined || timeS <= fault.fromS) faults.delete(id);
      else if (timeS < fault.untilS) faults.set(id, { ...fault, untilS: timeS, endsByItself: false });
    }
  }
  return [...faults.values()];
}
