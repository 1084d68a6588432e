import type { InParts } from "../notation/in-parts.ts";
import type { Checked } from "../notation/parameters.ts";
import { type Refused, refuse } from "../notation/refusal.ts";
import { formatCalendar, toCalendar } from "../notation/simulated-time.ts";
import { formatUnitId } from "../notation/unit-id.ts";
import { accounts } from "../simulation/ledger.ts";
import { checkBounds, checkSteps, checkUnit, type Ground, targetOf } from "./check-steps.ts";
import type { ObservableName } from "./observables.ts";
import type { Stepper } from "./stepper.ts";
import {
  checkFields,
  isObject,
  readObserved,
  readStep,
  readUnits,
  type Step,
  stepFields,
  within,
} from "./steps.ts";
import { ToldSteps, writeLedger } from "./told-steps.ts";

/*
 * Steps as they are asked for in one message: `/step` and `/session` take them, and `/rollout` plans of them. All of a message
 * is held against the community before any of it is done.
 */

/** What is told of, of which homes. */
interface Told {
  readonly observed: readonly ObservableName[];
  /** All of them, unless said. */
  readonly unitNumbers: readonly number[] | null;
}

/** Steps that are taken one after the other. */
export interface StepRequest extends Told {
  readonly steps: readonly Step[];
}

/** Plans of which each begins at the present moment, and none is carried out. */
export interface RolloutRequest extends Told {
  readonly plans: readonly (readonly Step[])[];
}

const toldFields = ["observe", "units"] as const;

type Said = Readonly<Partial<Record<(typeof toldFields)[number], unknown>>>;

/** Reads `{expectS?, actions?, seconds | untilS | event, observe?, units?}`, or with `steps` a list of steps; `more` names other fields. */
export function readStepRequest(given: unknown, more: readonly string[]): Checked<StepRequest> {
  const isList = typeof given === "object" && given !== null && "steps" in given;
  const others = [...toldFields, ...more];
  const fields = checkFields(
    given,
    isList ? ["expectS", "steps", ...others] : [...stepFields, ...others],
    "",
  );
  if (!fields.ok) return fields;
  const said = isList ? findTold(fields.value, fields.value.steps) : fields.value;
  const told = readTold(said);
  if (!told.ok) return told;
  const steps = isList
    ? readSteps(fields.value.steps, "steps", fields.value.expectS, said)
    : readOne(given, others);
  return steps.ok ? { ok: true, value: { ...told.value, steps: steps.value } } : steps;
}

/** Reads `{expectS?, plans: [[step, …], …], observe?, units?}`. */
export function readRolloutRequest(given: unknown): Checked<RolloutRequest> {
  const fields = checkFields(given, ["expectS", "plans", ...toldFields], "");
  if (!fields.ok) return fields;
  const { plans: givenPlans, expectS } = fields.value;
  const said = findTold(fields.value, Array.isArray(givenPlans) ? givenPlans[0] : undefined);
  const told = readTold(said);
  if (!told.ok) return told;
  if (!Array.isArray(givenPlans) || givenPlans.length === 0)
    return refuse("invalid_parameter", "plans must be a list of plans, each a list of steps", "plans");
  const plans: (readonly Step[])[] = [];
  for (const [index, plan] of givenPlans.entries()) {
    const steps = readSteps(plan, `plans[${index}]`, expectS, said);
    if (!steps.ok) return steps;
    plans.push(steps.value);
  }
  return { ok: true, value: { ...told.value, plans } };
}

/** What is told, said beside the steps or in the first of them. */
function findTold(given: Readonly<Record<string, unknown>>, steps: unknown): Said {
  const first = Array.isArray(steps) && isObject(steps[0]) ? steps[0] : {};
  return { observe: given.observe ?? first.observe, units: given.units ?? first.units };
}

function readTold({ observe = [], units }: Said): Checked<Told> {
  const observed = readObserved(observe, "observe");
  if (!observed.ok) return observed;
  if (units === undefined) return { ok: true, value: { observed: observed.value, unitNumbers: null } };
  const numbers = readUnits(units, "units");
  return numbers.ok ? { ok: true, value: { observed: observed.value, unitNumbers: numbers.value } } : numbers;
}

function readOne(given: unknown, more: readonly string[]): Checked<Step[]> {
  const step = readStep(given, "", more);
  return step.ok ? { ok: true, value: [step.value] } : step;
}

/** Reads a list of steps, of which the first begins at `expectS` if that is given. */
function readSteps(given: unknown, place: string, expectS: unknown, said: Said): Checked<Step[]> {
  if (!Array.isArray(given) || given.length === 0)
    return refuse("invalid_parameter", `${place} must be a list of one or more steps`, place);
  const steps: Step[] = [];
  for (const [index, one] of given.entries()) {
    const refusal = refuseOtherColumns(one, said, `${place}[${index}]`);
    if (refusal !== null) return refusal;
    const expects = index === 0 && expectS !== undefined && isObject(one);
    const step = readStep(expects ? { expectS, ...one } : one, `${place}[${index}]`, toldFields);
    if (!step.ok) return step;
    steps.push(step.value);
  }
  return { ok: true, value: steps };
}

/** A step may say what is told too, but a column holds the same of all. */
function refuseOtherColumns(step: unknown, said: Said, place: string): Refused | null {
  if (!isObject(step)) return null;
  for (const name of toldFields) {
    if (!(name in step) || JSON.stringify(step[name]) === JSON.stringify(said[name])) continue;
    const where = within(place, name);
    return refuse(
      "invalid_parameter",
      `${where} is another than before; allowed: the same for all steps`,
      where,
    );
  }
  return null;
}

/** Why steps cannot be taken, or null. */
export function refuseSteps({ steps, observed, unitNumbers }: StepRequest, ground: Ground): Refused | null {
  const checked = checkSteps(steps, ground);
  if (!checked.ok) return checked;
  const units = unitNumbers?.length ?? ground.unitCount;
  const values = units * (steps.length * (observed.length + accounts.length) + accounts.length);
  return refuseUnits(unitNumbers, ground) ?? checkBounds(values, checked.value);
}

/** Why plans cannot be rolled out, or null. */
export function refusePlans(
  { plans, observed, unitNumbers }: RolloutRequest,
  ground: Ground,
): Refused | null {
  let homeSteps = 0;
  let values = 0;
  const units = unitNumbers?.length ?? ground.unitCount;
  for (const plan of plans) {
    const checked = checkSteps(plan, ground);
    if (!checked.ok) return checked;
    homeSteps += checked.value;
    values += units * (plan.length * observed.length + accounts.length);
  }
  return refuseUnits(unitNumbers, ground) ?? checkBounds(values, homeSteps);
}

function refuseUnits(unitNumbers: readonly number[] | null, ground: Ground): Refused | null {
  for (const [index, number] of (unitNumbers ?? []).entries()) {
    const refusal = checkUnit(number, ground, `units[${index}]`);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** The units that are told of. */
export function numbersTold({ unitNumbers }: Told, { state }: Stepper): readonly number[] {
  return unitNumbers ?? state.units.map(({ number }) => number);
}

/** What is told of the moment at which `stepper` stands. */
export function writeMoment({ timeS, ended }: Stepper, startTime: string) {
  return { time: formatCalendar(toCalendar(startTime, timeS)), timeS, ended };
}

/** Home-steps after which others may have their turn: about a millisecond of them. */
const homeStepsAtOnce = 800;

/** Rolls plans out, each on a copy of `stepper`, which stays as it is. */
export function* rollOut(request: RolloutRequest, stepper: Stepper, startTime: string): InParts<object> {
  const numbers = numbersTold(request, stepper);
  const { state, world } = stepper;
  const plans: object[] = [];
  let homeSteps = 0;
  for (const plan of request.plans) {
    const copy = stepper.copy();
    const told = new ToldSteps(request.observed, numbers, plan.length, false);
    for (const step of plan) {
      const beganS = copy.timeS;
      copy.act(step.acts);
      told.note(copy, copy.advance(targetOf(step, copy)));
      homeSteps += state.units.length * Math.max(1, (copy.timeS - beganS) / world.solar.stepS);
      if (homeSteps < homeStepsAtOnce) continue;
      homeSteps = 0;
      yield;
    }
    const { units: _, ...rest } = told.write();
    plans.push({ ...writeMoment(copy, startTime), ...rest, energies: writeLedger(copy, numbers, stepper) });
  }
  return { ...writeMoment(stepper, startTime), units: numbers.map(formatUnitId), plans };
}
