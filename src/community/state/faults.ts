import {
  type Fault,
  type Faults,
  isGone,
  isOn,
  isOver,
  listLeft,
  mostFaults,
  mustBeHeld,
  writeAdded,
  writeEnded,
  writeGone,
} from "../../input/faults/fault.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { endAlarms } from "../../simulation/converter-faults.ts";
import { endOfTimeS } from "../../simulation/world.ts";
import type { StoredChange } from "../storage/storage.ts";
import type { Done } from "./done.ts";
import { secondOf } from "./find-target.ts";
import type { Present } from "./present.ts";
import type { Command } from "./request.ts";
import { hasUnit, refuseUnit } from "./view.ts";

/*
 * Faults of the hardware are part of what is true of a community: they are kept with it, go back with its snapshots and are in
 * its log as the commands that added and ended them. Whether one is on follows from simulated time alone.
 */

export function addFault(
  present: Present,
  { fault, at, untilS, forS }: Extract<Command, { kind: "addFault" }>,
  timeS: number,
): Done | Refused {
  const view = present.view(timeS);
  if (fault.unitNumber !== null && !hasUnit(view, fault.unitNumber))
    return refuseUnit(view, fault.unitNumber, "unit");
  const fromS = at === undefined ? timeS : secondOf(at, present.at.config.startTime);
  const lastS = endOfTimeS(present.world);
  if (fromS < timeS || fromS > lastS) {
    const most = lastS === Number.POSITIVE_INFINITY ? "on" : `to the end of the data, ${lastS}`;
    return refuse(
      "invalid_parameter",
      `at is simulated second ${fromS}; allowed: from the present, ${timeS}, ${most}`,
      "at",
    );
  }
  const endS = forS === undefined ? (untilS ?? null) : fromS + forS;
  if (endS !== null && endS <= fromS)
    return refuse(
      "invalid_parameter",
      `untilS is ${endS}; allowed: later than the fault begins, at simulated second ${fromS}`,
      "untilS",
    );
  const { lastId } = present.faults;
  const { units } = present.members.community;
  const left = listLeft(present.faults, timeS, units);
  const kept = left.filter((each) => !isOver(each, timeS));
  if (kept.length >= mostFaults)
    return refuse("conflict", `There are ${kept.length} faults; allowed: ${mostFaults}. End one before`);
  const added: Fault = { ...fault, id: lastId + 1, fromS, untilS: endS };
  const over = left.filter((each) => isOver(each, timeS)).slice(0, mostFaults - 1 - kept.length);
  present.faults = { lastId: added.id, list: [...over, ...kept, added] };
  if (fromS === timeS) present.logFault("WARNING", added, "begins", timeS);
  return {
    change: { timeS, faults: present.faults },
    note: writeAdded(added),
    answer: () => present.at.writer.answerFaults(present.view(timeS), added.id),
  };
}

export function endFault(
  present: Present,
  { id }: Extract<Command, { kind: "endFault" }>,
  timeS: number,
): Done | Refused {
  present.passEventsUntil(timeS);
  const { lastId, list } = present.faults;
  const { community } = present.members;
  const kept = list.filter((each) => !isGone(each, timeS, community.units));
  const ended = kept.find((each) => each.id === id);
  if (ended === undefined) {
    const ids = kept.map((each) => each.id).join(", ") || "none, since no fault is on or will be";
    return refuse("not_found", `There is no fault ${id}; allowed: ${ids}`, "id");
  }
  // What it has done stays done; its number stays as long as its alarm.
  const over = (each: Fault): Fault => (each === ended ? { ...each, untilS: timeS, isDone: true } : each);
  present.faults = { lastId, list: list.map(over) };
  const touched = endAlarms(community, timeS, present.world, present.observer);
  present.faults = { lastId, list: listLeft(present.faults, timeS, community.units) };
  const units = touched.length > 0 ? present.members.changed(touched) : {};
  const wasOn = isOn(ended, timeS);
  if (wasOn) present.logFault("INFO", ended, "ends", timeS);
  return {
    change: { timeS, ...units, faults: present.faults },
    note: writeEnded(ended),
    answer: () => present.at.writer.answerFaults(present.view(timeS), id),
  };
}

/**
 * Notes what meters told that have become stuck, before a command at simulated second `timeS` can change it; what there is to
 * keep of that.
 */
export function keepHeld(present: Present, timeS: number): Pick<StoredChange, "faults"> {
  const { lastId, list } = present.faults;
  if (!list.some((fault) => mustBeHeld(fault, timeS))) return {};
  const hold = (fault: Fault): Fault => {
    if (!mustBeHeld(fault, timeS)) return fault;
    const { units } = present.members.community;
    const numbers = fault.unitNumber === null ? units.map(({ number }) => number) : [fault.unitNumber];
    return { ...fault, held: numbers.map((number) => present.readHeld(fault, number, timeS) ?? 0) };
  };
  present.faults = { lastId, list: list.map(hold) };
  return { faults: present.faults };
}

/** Faults of units that are gone are gone with them: what the log says of that after a change of units, or null. */
export function dropFaults(present: Present): string | null {
  const { lastId, list } = present.faults;
  const { count } = present.members;
  const kept = list.filter(({ unitNumber }) => unitNumber === null || unitNumber <= count);
  if (kept.length === list.length) return null;
  present.faults = { lastId, list: kept };
  return writeGone(list.filter((fault) => !kept.includes(fault)).map(({ id }) => id));
}

/** Faults as they go on at `toS` as they did at `fromS`. */
export function moveFaults({ lastId, list }: Faults, fromS: number, toS: number): Faults {
  const shiftS = toS - fromS;
  const moved = list
    .filter((fault) => !isOver(fault, fromS))
    .map((fault) => ({
      ...fault,
      fromS: Math.max(toS, fault.fromS + shiftS),
      untilS: fault.untilS === null ? null : fault.untilS + shiftS,
    }));
  return { lastId, list: moved };
}
