import { emuSchema, pickUnitChange } from "../input/units/set-parameters.ts";
import { type Checked, checkParameters, type GivenParameters, quote } from "../notation/parameters.ts";
import { type Refused, refuse } from "../notation/refusal.ts";
import { formatUnitId, parseUnitId } from "../notation/unit-id.ts";
import { type Awaited, type OccurrenceKind, occurrenceKinds } from "../simulation/occurrences.ts";
import { endOfTimeS, type World } from "../simulation/world.ts";
import { isObservableName, type ObservableName, observableNames } from "./observables.ts";
import type { Act, Stepper, Target } from "./stepper.ts";

/*
 * What a step may say: read from what somebody wrote, and held against the community before any of it is done. A refusal names
 * the place, such as `steps[2].actions[0].set.rsoc`.
 */

/** What is set of a unit: the parameters of `/set/emu` and `/set/dcdc`, under their names there. */
export interface Action {
  readonly unit: string;
  readonly set: Readonly<Record<string, number | string>>;
}

/** One or more of them; the step ends at the first that comes. */
export interface StepTarget {
  /** Whole simulated seconds from the present moment on. */
  readonly seconds?: number;
  /** Simulated second. */
  readonly untilS?: number;
  /** Kinds of events; `unit` leaves only those of one home, and of all. */
  readonly event?: OccurrenceKind | readonly OccurrenceKind[];
  readonly unit?: string;
  /** Simulated second up to which the event is waited for. */
  readonly latest?: number;
}

export interface GivenStep extends StepTarget {
  /** The simulated second at which the step must begin. */
  readonly expectS?: number;
  readonly actions?: readonly Action[];
}

/** An action as it is performed, with its parameters as texts. */
export interface CheckedAct extends Act {
  readonly given: GivenParameters;
}

/** A step whose form was checked. */
export interface Step {
  /** Where it stands, in what was given; "" if that is one step. */
  readonly place: string;
  readonly expectS: number | null;
  readonly acts: readonly CheckedAct[];
  readonly seconds: number;
  readonly untilS: number;
  readonly awaited?: Awaited;
}

/** What one request may ask for. */
export const stepBounds = {
  /** Numbers that are told. */
  values: 2_000_000,
  /** A home over one step, or over one point of its demand where the step is longer. */
  homeSteps: 2_000_000,
} as const;

export const stepFields = ["expectS", "actions", "seconds", "untilS", "event", "unit", "latest"];
const latestSecond = 1e12;

/** `place` with a field of what stands there. */
export function within(place: string, field: string): string {
  return place === "" ? field : `${place}.${field}`;
}

function wrong(place: string, given: unknown, allowed: string): Refused {
  const shown = typeof given === "string" ? quote(given) : (JSON.stringify(given) ?? "missing").slice(0, 80);
  return refuse("invalid_parameter", `${place} is ${shown}; allowed: ${allowed}`, place);
}

export function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/** Refuses what is no object with these fields alone. */
export function checkFields(
  given: unknown,
  fields: readonly string[],
  place: string,
): Checked<Readonly<Record<string, unknown>>> {
  if (!isObject(given)) return wrong(place || "body", given, `an object with ${fields.join(", ")}`);
  const other = Object.keys(given).find((name) => !fields.includes(name));
  if (other === undefined) return { ok: true, value: given };
  const name = within(place, other.slice(0, 80));
  return refuse(
    "invalid_parameter",
    `${quote(name)} is no field of this; allowed: ${fields.join(", ")}`,
    name,
  );
}

/** Reads one step; `more` names fields that its object has besides. */
export function readStep(given: unknown, place: string, more: readonly string[] = []): Checked<Step> {
  const fields = checkFields(given, [...stepFields, ...more], place);
  if (!fields.ok) return fields;
  const { expectS, actions = [], seconds, untilS, event, unit, latest } = fields.value;
  const acts = readActions(actions, within(place, "actions"));
  if (!acts.ok) return acts;
  const awaited = readAwaited(event, unit, place);
  if (!awaited.ok) return awaited;
  if (seconds === undefined && untilS === undefined && event === undefined)
    return refuse(
      "missing_parameter",
      `${within(place, "seconds")} is missing; give seconds, untilS or event`,
      within(place, "seconds"),
    );
  if (latest !== undefined && event === undefined)
    return refuse(
      "missing_parameter",
      `latest says how long an event is waited for; event is missing`,
      within(place, "event"),
    );
  for (const [name, value] of Object.entries({ expectS, untilS, latest })) {
    if (value !== undefined && !isSecond(value))
      return wrong(within(place, name), value, `a simulated second, a number from 0 to ${latestSecond}`);
  }
  if (seconds !== undefined && !(isSecond(seconds) && Number.isInteger(seconds)))
    return wrong(within(place, "seconds"), seconds, `a whole number from 0 to ${latestSecond}`);
  const never = Number.POSITIVE_INFINITY;
  const step = {
    place,
    expectS: (expectS as number | undefined) ?? null,
    acts: acts.value,
    seconds: (seconds as number | undefined) ?? never,
    untilS: Math.min((untilS as number | undefined) ?? never, (latest as number | undefined) ?? never),
    ...(awaited.value && { awaited: awaited.value }),
  };
  return { ok: true, value: step };
}

function isSecond(given: unknown): given is number {
  return typeof given === "number" && given >= 0 && given <= latestSecond;
}

function readAwaited(event: unknown, unit: unknown, place: string): Checked<Awaited | null> {
  if (event === undefined) {
    if (unit === undefined) return { ok: true, value: null };
    return refuse(
      "missing_parameter",
      "unit says whose event is waited for; event is missing",
      within(place, "event"),
    );
  }
  const kinds = Array.isArray(event) ? event : [event];
  const unknown = kinds.find((kind) => !(occurrenceKinds as readonly unknown[]).includes(kind));
  if (kinds.length === 0 || unknown !== undefined)
    return wrong(within(place, "event"), unknown ?? event, `one or more of ${occurrenceKinds.join(", ")}`);
  if (unit === undefined) return { ok: true, value: { kinds } };
  const unitNumber = typeof unit === "string" ? parseUnitId(unit) : null;
  if (unitNumber === null) return wrong(within(place, "unit"), unit, "a unit such as E001");
  return { ok: true, value: { kinds, unitNumber } };
}

/** Reads actions. */
export function readActions(given: unknown, place: string): Checked<CheckedAct[]> {
  if (!Array.isArray(given)) return wrong(place, given, 'a list such as [{"unit":"E001","set":{"rsoc":55}}]');
  const acts: CheckedAct[] = [];
  for (const [index, action] of given.entries()) {
    const act = readAction(action, `${place}[${index}]`);
    if (!act.ok) return act;
    acts.push(act.value);
  }
  return { ok: true, value: acts };
}

function readAction(action: unknown, place: string): Checked<CheckedAct> {
  const fields = checkFields(action, ["unit", "set"], place);
  if (!fields.ok) return fields;
  const { unit, set } = fields.value;
  const unitNumber = typeof unit === "string" ? parseUnitId(unit) : null;
  if (unitNumber === null) return wrong(within(place, "unit"), unit, "a unit such as E001");
  const setPlace = within(place, "set");
  if (!isObject(set) || Object.keys(set).length === 0)
    return wrong(setPlace, set, `an object with one or more of ${Object.keys(emuSchema.entries).join(", ")}`);
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(set)) {
    if (typeof value !== "number" && typeof value !== "string")
      return wrong(within(setPlace, name.slice(0, 80)), value, "a number or a text");
    // As for /set/dcdc: a droop that is blank stays as it is.
    if (name !== "drg" || value !== "") given[name] = String(value);
  }
  const checked = checkParameters(emuSchema, given);
  if (checked.ok) return { ok: true, value: { unitNumber, change: pickUnitChange(checked.value), given } };
  const { code, message, parameter = "" } = checked.refusal;
  return refuse(code, `${setPlace}: ${message}`, within(setPlace, parameter));
}

/** Reads the names of what is observed. */
export function readObserved(given: unknown, place: string): Checked<ObservableName[]> {
  const allowed = `a list of ${observableNames.join(", ")}`;
  if (!Array.isArray(given)) return wrong(place, given, allowed);
  for (const [index, name] of given.entries()) {
    if (typeof name !== "string" || !isObservableName(name))
      return wrong(`${place}[${index}]`, name, observableNames.join(", "));
    if (given.indexOf(name) < index) return wrong(`${place}[${index}]`, name, "each name once");
  }
  return { ok: true, value: given };
}

/** Reads which units are told of. */
export function readUnits(given: unknown, place: string): Checked<number[]> {
  if (!Array.isArray(given)) return wrong(place, given, 'a list such as ["E001","E003"]');
  const numbers: number[] = [];
  for (const [index, id] of given.entries()) {
    const number = typeof id === "string" ? parseUnitId(id) : null;
    if (number === null) return wrong(`${place}[${index}]`, id, "a unit such as E001");
    if (numbers.includes(number)) return wrong(`${place}[${index}]`, id, "each unit once");
    numbers.push(number);
  }
  return { ok: true, value: numbers };
}

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
  for (const [index, { unitNumber }] of acts.entries()) {
    const refusal = checkUnit(unitNumber, ground, within(place, `actions[${index}].unit`));
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
