import { emuSchema, pickUnitChange } from "../input/units/set-parameters.ts";
import { type Checked, checkParameters, type GivenParameters, quote } from "../notation/parameters.ts";
import { type Refused, refuse } from "../notation/refusal.ts";
import { parseUnitId } from "../notation/unit-id.ts";
import { type Awaited, type OccurrenceKind, occurrenceKinds } from "../simulation/occurrences.ts";
import { isObservableName, type ObservableName, observableNames } from "./observables.ts";
import type { Act } from "./stepper.ts";

/*
 * What a step may say, read from what somebody wrote. A refusal names the place, such as `steps[2].actions[0].set.rsoc`.
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
interface CheckedAct extends Act {
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

function readActions(given: unknown, place: string): Checked<CheckedAct[]> {
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
