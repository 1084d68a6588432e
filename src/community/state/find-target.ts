import { type Refused, refuse } from "../../notation/refusal.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { CommunityState } from "../../simulation/community.ts";
import { findFirstOccurrence } from "../../simulation/occurrences.ts";
import { endOfTimeS, type World } from "../../simulation/world.ts";
import type { Command, TargetMoment } from "./request.ts";

/** Home-steps that one request may take: a home carried over one point of its data, or a part of that. */
const mostHomeSteps = 2_000_000;

/** The longest time [simulated s] that so many homes can be carried in one request, whose data have a point every `stepS`. */
export function longestStepS(units: number, stepS: number): number {
  return Math.floor(mostHomeSteps / units) * stepS;
}

interface Ground {
  /** Up to which all events have been passed. */
  readonly community: CommunityState;
  readonly timeS: number;
  readonly world: World;
  readonly startTime: string;
}

interface Target {
  readonly ok: true;
  readonly timeS: number;
  /** Whether what was waited for came, if anything was. */
  readonly eventCame?: boolean;
}

/** Where a command that moves time leads to, at the end of the data at the latest. */
export function findTarget(
  command: Extract<Command, { kind: "stepTime" | "untilTime" }>,
  ground: Ground,
): Target | Refused {
  const { timeS, world, community } = ground;
  const endS = endOfTimeS(world);
  const lastS =
    command.kind === "stepTime" ? toMilliseconds(timeS + command.seconds) : findLast(command, ground);
  const name = command.kind === "stepTime" ? "seconds" : command.awaited === undefined ? "time" : "latest";
  if (lastS === null)
    return refuse(
      "missing_parameter",
      "latest is missing: the data repeat, and the event may never come",
      name,
    );
  if (lastS < timeS)
    return refuse(
      "invalid_parameter",
      `${name} is simulated second ${lastS}; allowed: from the present, ${timeS}, on`,
      name,
    );
  const untilS = Math.min(lastS, endS);
  const units = community.units.length;
  const homeSteps = units * Math.ceil((untilS - timeS) / world.solar.stepS);
  if (homeSteps > mostHomeSteps) {
    const longest = longestStepS(units, world.solar.stepS);
    const message = `${name} asks for ${homeSteps} home-steps; allowed: ${mostHomeSteps} in one request, ${longest} simulated s of ${units} homes`;
    return refuse("too_large", message, name);
  }
  if (command.kind === "stepTime" || command.awaited === undefined)
    return { ok: true, timeS: Math.max(timeS, untilS) };
  const { unitNumber } = command.awaited;
  if (unitNumber !== undefined && unitNumber > units)
    return refuse("unknown_unit", `There is no unit ${formatUnitId(unitNumber)}`, "unit");
  const firstS = findFirstOccurrence(community, { afterS: timeS, untilS }, command.awaited, world);
  return { ok: true, timeS: firstS ?? Math.max(timeS, untilS), eventCame: firstS !== null };
}

/** The latest moment of `until`, or null where none is said and none is known. */
function findLast(
  { time, awaited, latest }: Extract<Command, { kind: "untilTime" }>,
  { world, startTime }: Ground,
): number | null {
  const said = awaited === undefined ? time : latest;
  if (said !== undefined) return secondOf(said, startTime);
  const endS = endOfTimeS(world);
  return endS === Number.POSITIVE_INFINITY ? null : endS;
}

/** The simulated second of a moment. */
export function secondOf(moment: TargetMoment, startTime: string): number {
  if ("timeS" in moment) return moment.timeS;
  return (moment.calendarMs - Date.parse(`${startTime}Z`)) / 1000;
}

/** Sums of whole seconds and of moments that were told differ from what they are in decimals. */
function toMilliseconds(timeS: number): number {
  return Math.round(timeS * 1000) / 1000;
}
