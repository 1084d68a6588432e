import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { commandLogSchema } from "../../community/records/command-log.ts";
import { dealSchema } from "../../community/records/deals.ts";
import {
  chargeMapSchema,
  communityHistorySchema,
  unitHistorySchema,
} from "../../community/records/history.ts";
import { individualRowSchema } from "../../community/records/individual.ts";
import { summaryRowSchema } from "../../community/records/summary.ts";
import { summarySchema } from "../../community/records/totals.ts";
import { logLevels } from "../../community/watching/log.ts";
import { unitSchema } from "../../input/units/unit-json.ts";
import { errorStatuses } from "../http/errors.ts";
import type { AnswerName } from "../http/routes.ts";
import { snapshotsSchema } from "../wire/snapshots-json.ts";
import { stepTakenSchema, timeSchema } from "../wire/time-json.ts";

/** A JSON Schema, draft 2020-12. */
export type Schema = Readonly<Record<string, unknown>>;

const { emu, dcdc: converter, oesunit, time } = unitSchema.entries;
const { status, meter, vdis, param } = converter.entries;
const shortStatus = v.pick(status, ["status", "alarmState", "operationMode"]);
const dig = v.pick(param, ["dig"]);
const set = v.object({ status: shortStatus, meter, vdis, param: dig });
/** A reading that was set by hand is echoed, whatever it is. */
const echoedEmu = v.object({ ...emu.entries, ups_output_voltage: v.number() });
const anything = v.record(v.string(), v.unknown());
const line = v.object({
  time: v.string(),
  level: v.picklist(logLevels),
  message: v.string(),
  fields: v.optional(anything),
});

const answers: Readonly<Record<AnswerName, v.GenericSchema>> = {
  unit: v.object({ emu, dcdc: set, oesunit, time }),
  emu,
  converter,
  status: v.object({ status: shortStatus, meter }),
  set,
  voltage: v.object({ meter, vdis }),
  current: v.object({ meter, param: dig }),
  log: v.record(v.string(), v.object({ ...unitSchema.entries, emu: echoedEmu })),
  acceleration: v.number(),
  time: timeSchema,
  step: stepTakenSchema,
  snapshots: snapshotsSchema,
  history: v.union([unitHistorySchema, communityHistorySchema, chargeMapSchema]),
  summary: summarySchema,
  messages: v.array(line),
  metrics: v.string(),
};

/** What each answer is, from the schemas of what is answered. */
export const answerSchemas = Object.fromEntries(
  Object.entries(answers).map(([name, schema]) => [name, describeAnswer(schema)]),
) as Readonly<Record<AnswerName, Schema>>;

/** What the records are as JSON. */
export const exportSchemas = {
  summary: describeAnswer(v.array(summaryRowSchema)),
  individual: describeAnswer(v.array(individualRowSchema)),
  commands: describeAnswer(commandLogSchema),
  deals: describeAnswer(v.array(dealSchema)),
} as const;

export const errorSchema = describeAnswer(
  v.object({
    error: v.object({
      code: v.picklist(Object.keys(errorStatuses)),
      message: v.string(),
      parameter: v.optional(v.string()),
      progress: v.optional(
        v.object({ fromS: v.number(), reachedS: v.number(), toS: v.number(), share: v.number() }),
      ),
    }),
  }),
);

/** An answer has all that its schema has and nothing else; what checks only what comes in is left out. */
export function describeAnswer(schema: v.GenericSchema): Schema {
  return close(describeSchema(schema)) as Schema;
}

/** Checks that JSON Schema does not have, such as that of a name's letters, are left to the errors. */
export function describeSchema(schema: v.GenericSchema): Schema {
  const { $schema: _, ...described } = toJsonSchema(schema, { errorMode: "ignore" });
  return described as Schema;
}

function close(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(close);
  if (typeof value !== "object" || value === null) return value;
  const closed = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, close(inner)]));
  const isWhole = closed.properties !== undefined && closed.additionalProperties === undefined;
  return isWhole ? { ...closed, additionalProperties: false } : closed;
}
