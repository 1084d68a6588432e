import * as v from "valibot";
import type { EmulatorRequest } from "../../community/state/request.ts";
import { emuSchema } from "../../input/units/set-parameters.ts";
import { observableNames } from "../../laboratory/observables.ts";
import { readRolloutRequest, readStepRequest } from "../../laboratory/step-request.ts";
import { type Checked, checkParameters, definedOf } from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";
import { accounts } from "../../simulation/ledger.ts";
import { occurrenceKinds } from "../../simulation/occurrences.ts";
import { parseJson } from "./given-parameters.ts";
import { parseHomes } from "./home-commands.ts";
import { parseUpload } from "./snapshot-commands.ts";
import { claimParameters, withClaim } from "./time-commands.ts";

/** The longest body of steps that is read [byte]. */
export const stepBodyBytes = 16 * 1024 * 1024;

/** Reads a body that came to a path that takes one: JSON, or what is put there. */
export async function parseBody(path: string, body: string): Promise<Checked<EmulatorRequest>> {
  if (path === "/homes") return parseHomes(body);
  const given = parseJson(body);
  if (given === undefined) return refuse("invalid_parameter", "The body is no JSON", "body");
  if (path === "/snapshots/upload") return parseUpload(given);
  return path === "/rollout" ? parseRollout(given) : parseStep(given);
}

/** Reads what a session's message asks for: steps, or plans. */
export function parseSessionMessage(given: unknown): Checked<EmulatorRequest> {
  const isOfPlans = typeof given === "object" && given !== null && "plans" in given;
  return isOfPlans ? parseRollout(given) : parseStep(given);
}

function parseStep(given: unknown): Checked<EmulatorRequest> {
  const read = readStepRequest(given, Object.keys(claimParameters));
  if (!read.ok) return read;
  const { claim, claimSeconds } = given as Readonly<Record<string, unknown>>;
  const texts = Object.entries(definedOf({ claim, claimSeconds })).map(([name, value]) => [
    name,
    String(value),
  ]);
  const checked = checkParameters(v.object(claimParameters), Object.fromEntries(texts));
  if (!checked.ok) return checked;
  return withClaim(checked.value, { kind: "step", ...read.value }) as Checked<EmulatorRequest>;
}

function parseRollout(given: unknown): Checked<EmulatorRequest> {
  const read = readRolloutRequest(given);
  return read.ok ? { ok: true, value: { kind: "rollout", ...read.value } } : read;
}

const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));
const optionals = <E extends v.ObjectEntries>(entries: E) => v.partial(v.object(entries)).entries;

const second = v.pipe(v.number(), v.minValue(0));
const kind = v.picklist(occurrenceKinds);
const action = v.object({
  unit: described(v.string(), "a unit, from E001"),
  set: described(
    v.record(v.picklist(Object.keys(emuSchema.entries)), v.union([v.number(), v.string()])),
    "parameters of /set/emu and /set/dcdc",
  ),
});
const stepEntries = {
  expectS: described(second, "the simulated second at which the step must begin"),
  actions: described(v.array(action), "performed in their order before time moves"),
  seconds: described(v.pipe(second, v.integer()), "simulated seconds to go"),
  untilS: described(second, "the simulated second to go to"),
  event: described(v.union([kind, v.array(kind)]), "ends the step where it comes first"),
  unit: described(v.string(), "whose event; that of any unless said"),
  latest: described(second, "the simulated second up to which the event is waited for"),
};
const toldEntries = {
  observe: described(v.array(v.picklist(observableNames)), "names of what is told of each unit"),
  units: described(v.array(v.string()), "units that are told of; all unless said"),
};
const steps = v.array(v.object(optionals({ ...stepEntries, ...toldEntries })));
const claimEntries = {
  claim: described(v.string(), "whose the clock is from then on: nobody else may change the time"),
  claimSeconds: described(v.pipe(second, v.integer()), "for so many real seconds"),
};

/** What `/step` takes: one step, or with `steps` one after the other. */
export const stepBodySchema = v.object(
  optionals({
    ...stepEntries,
    steps: described(steps, "steps, in the place of one"),
    ...toldEntries,
    ...claimEntries,
  }),
);
export const rolloutBodySchema = v.object({
  plans: described(v.array(steps), "each begins at the present moment"),
  ...optionals({ expectS: stepEntries.expectS, ...toldEntries }),
});

const column = v.array(v.number());
const columnsOf = <N extends string>(names: readonly N[]) =>
  v.object(Object.fromEntries(names.map((name) => [name, column])) as Record<N, typeof column>);
const event = v.object({ timeS: v.number(), unit: v.nullable(v.string()), kind });
const moment = { time: v.string(), timeS: v.number(), ended: v.boolean() };
const told = {
  stepTimesS: described(column, "the simulated second at which each step ended"),
  events: described(v.array(event), "what came, in the order of time, unit and kind"),
  eventsLeftOut: described(v.number(), "how many came after these, of which at most 100,000 are told"),
  observations: described(
    v.partial(columnsOf(observableNames)),
    "a value for each of `units` in their order, step after step",
  ),
};

export const stepAnswerSchema = v.object({
  ...moment,
  heldByThisStep: described(v.boolean(), "whether time ran before, and is held since"),
  ...told,
  units: v.array(v.string()),
  energies: described(columnsOf(accounts), "what flowed in each step [Wh], laid out alike"),
  ledger: described(columnsOf(accounts), "what has flowed since each of `units` began [Wh]"),
});
export const rolloutAnswerSchema = v.object({
  ...moment,
  units: v.array(v.string()),
  plans: v.array(
    v.object({
      ...moment,
      ...told,
      energies: described(columnsOf(accounts), "what would have flowed in the whole plan [Wh]"),
    }),
  ),
});
