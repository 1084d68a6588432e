import type { Refused } from "../../notation/refusal.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { firstKeptDay } from "../records/forget.ts";
import { behindS, countPassedDays, mostEmptiedTold, passDays, Work } from "./catch-up.ts";
import type { Present } from "./present.ts";

/**
 * Carries all units one slice on towards `wallMs`, with the records of the days that have ended if `withRecords`; returns
 * whether they have come there. What one slice cannot do is committed at a midnight: the records of days first, then the
 * units at the end of the last of them; what waits to be kept is kept before. Of the past at least `historyDays` are kept; what will be older is not recorded.
 */
export function carryOn(
  present: Present,
  wallMs: number,
  withRecords: boolean,
  historyDays: number,
  keepWaiting: () => void,
  workOfSlice?: number,
): boolean {
  present.historyDays = historyDays;
  const untilS = present.time.at(wallMs);
  const recorder = present.recorder;
  present.behindSinceDay ??= computedDays(present);
  const dueDays = Math.floor(untilS / secondsPerDay);
  let days = passUntil(present, untilS, new Work(workOfSlice));
  const isThere = days >= dueDays;
  if (isThere && !withRecords && !present.turns) return arrive(present, wallMs);
  keepWaiting();
  const { units } = present.members.community;
  const skips = !isThere && recorder.days < days && days < firstKeptDay(dueDays, historyDays);
  if (skips) {
    for (const trip of present.takeTrips()) present.at.storage.save(trip);
    recorder.skipTo(days, units);
    // The day before what is kept is where the past begins when it runs again.
    days++;
    present.passEventsUntil(days * secondsPerDay);
  }
  const work = new Work(workOfSlice);
  const isRecorded =
    present.keepTrips(days * secondsPerDay, work) &&
    recorder.recordUntil(days * secondsPerDay, historyDays, work);
  if (isThere && isRecorded) return arrive(present, wallMs);
  recorder.takeOver(units);
  present.at.storage.keepUnits(
    recorder.units.map((state) => ({ state, template: present.templateOf(state.number) })),
  );
  if (skips) present.at.storage.forgetBefore(days - 1);
  return false;
}

/** Why there is no answer yet: how far catching up has come at `wallMs`. */
export function refuseAsBehind(present: Present, wallMs: number): Refused {
  const reachedS = computedDays(present) * secondsPerDay;
  const fromS = (present.behindSinceDay ?? computedDays(present)) * secondsPerDay;
  const toS = present.time.at(wallMs);
  const share = Math.floor((1000 * (reachedS - fromS)) / Math.max(1, toS - fromS)) / 1000;
  const [from, to] = [fromS, toS].map((timeS) => present.formatTime(timeS));
  const message = `Catching up from ${from} to ${to}: ${(100 * share).toFixed(1)} %; it goes on by itself`;
  return {
    ok: false,
    refusal: { code: "catching_up", message, progress: { fromS, reachedS, toS, share } },
  };
}

/** All that has passed is computed. */
function arrive(present: Present, wallMs: number): true {
  present.behindSinceDay = null;
  if (present.turns) present.turnTo(present.given, present.time.at(wallMs), wallMs);
  return true;
}

/** Carries all units to the last midnight before `untilS`, or as far as one slice can; returns the days that have passed. */
function passUntil(present: Present, untilS: number, work: Work): number {
  if (behindS(present.members.community.units, untilS) === 0) return Math.floor(untilS / secondsPerDay);
  present.emptied = 0;
  const { units } = present.members.community;
  const days = passDays(units, untilS, present.world, present.observer, work, (timeS, observer) =>
    present.passTrips(timeS, observer),
  );
  const untold = present.emptied - mostEmptiedTold;
  present.emptied = Number.NEGATIVE_INFINITY;
  if (untold > 0) present.logAt("ERROR", `Batteries became empty ${untold} more times`, days * secondsPerDay);
  return days;
}

/** Days of which all is computed, records too. */
export function computedDays(present: Present): number {
  return Math.min(countPassedDays(present.members.community.units), present.recorder.days);
}
