import type { Checked } from "../notation/parameters.ts";
import { type Refused, refuse } from "../notation/refusal.ts";
import { formatUnitId } from "../notation/unit-id.ts";
import { endOfTimeS, type World } from "../simulation/world.ts";
import { checkDroop } from "./check-droop.ts";
import type { Stepper, Target } from "./stepper.ts";
import { type Step, within } from "./steps.ts";

/* Steps that were read are held against the community before any of them is done. */

/** What one request may ask for. */
const stepBounds = {
  /** Numbers that are told. */
  values: 2_000_000,
  /** A home over one step, or over one point of its demand where the step is longer. */
  homeSteps: 2_000_000,
} as const;

/** The community that steps are held against. */
export interface Ground {
  readonly timeS: number;
  readonly unitCount: number;
  readonly world: World;
}

/** Refuses a unit that is not there. */
export function checkUnit(unitNumber: number, { unitCount }: Ground, place: string): Refused | null {
  if (unitNumber <= unitCount) return null;
  const id = formatUnitId(unitNumber);
  return refuse(
    "unknown_unit",
    `${place}: there is no unit ${id}; there are E001 to ${formatUnitId(unitCount)}`,
    place,
  );
}

/**
 * Holds `steps`, of which the first begins at the present moment, against the community. Returns how many home-steps
 * they take at the most.
 */
export function checkSteps(steps: readonly Step[], ground: Ground): Checked<number> {
  const { unitCount, world } = ground;
  const endS = endOfTimeS(world);
  const { stepS } = world.solar;
  // When a step begins is known, or after an event at least between two moments.
  let earliestS = ground.timeS;
  let latestS = ground.timeS;
  let homeSteps = 0;
  for (const step of steps) {
    const refusal = checkActors(step, ground) ?? checkBeginning(step, earliestS, latestS);
    if (refusal !== null) return refusal;
    const { place, seconds, untilS, awaited } = step;
    if (untilS < earliestS)
      return refuse(
        "invalid_parameter",
        `${within(place, "untilS")} is ${untilS}; allowed: from the step's beginning, ${earliestS}, on`,
        within(place, "untilS"),
      );
    const lastS = Math.max(latestS, Math.min(latestS + seconds, untilS, endS));
    if (lastS === Number.POSITIVE_INFINITY)
      return refuse(
        "missing_parameter",
        `${within(place, "latest")} is missing: the data repeat, and the event may never come`,
        within(place, "latest"),
      );
    homeSteps += unitCount * Math.max(1, Math.ceil((lastS - latestS) / stepS));
    if (awaited === undefined) earliestS = Math.max(earliestS, Math.min(earliestS + seconds, untilS, endS));
    latestS = lastS;
  }
  return { ok: true, value: homeSteps };
}

function checkActors({ acts, awaited, place }: Step, ground: Ground): Refused | null {
  for (const [index, { unitNumber, change }] of acts.entries()) {
    const actPlace = within(place, `actions[${index}]`);
    const refusal =
      checkUnit(unitNumber, ground, `${actPlace}.unit`) ??
      checkDroop(unitNumber, change, ground.world, `${actPlace}.set.drg`);
    if (refusal !== null) return refusal;
  }
  return awaited?.unitNumber === undefined
    ? null
    : checkUnit(awaited.unitNumber, ground, within(place, "unit"));
}

function checkBeginning({ expectS, place }: Step, earliestS: number, latestS: number): Refused | null {
  const name = within(place, "expectS");
  if (expectS === null) return null;
  if (earliestS !== latestS)
    return refuse(
      "invalid_parameter",
      `${name}: an event ends a step before this one, whenever it comes`,
      name,
    );
  if (expectS === earliestS) return null;
  return refuse("conflict", `${name} is ${expectS}; the step would begin at ${earliestS}`, name);
}

/** Refuses what tells or takes more than one request may. */
export function checkBounds(values: number, homeSteps: number): Refused | null {
  for (const [what, asked, most] of [
    ["values", values, stepBounds.values],
    ["home-steps", homeSteps, stepBounds.homeSteps],
  ] as const) {
    if (asked > most)
      return refuse("too_large", `This would be ${asked} ${what}; allowed: ${most} in one request`);
  }
  return null;
}

/** Where a step ends that begins at the present moment of `stepper`. */
export function targetOf({ seconds, untilS, awaited }: Step, { timeS }: Stepper): Target {
  return { untilS: Math.max(timeS, Math.min(timeS + seconds, untilS)), awaited };
}
