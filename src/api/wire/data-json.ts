import * as v from "valibot";
import type { View } from "../../community/state/view.ts";
import type { KeptData } from "../../community/storage/stored-shapes.ts";
import { findLack } from "../../input/series/own-data.ts";
import { type Refused, refuse } from "../../notation/refusal.ts";
import { describe } from "../../notation/rows.ts";

const steps = v.nullable(
  v.object({
    minutes: describe(v.number(), "length of a step"),
    means: describe(v.boolean(), "whether a value is the mean of its step, not a point"),
  }),
);

const shapes = {
  id: v.string(),
  name: describe(v.string(), "names of the files that they come from"),
  kept: describe(v.string(), "since when in real time"),
  days: v.number(),
  firstDate: describe(v.nullable(v.string()), "the first day's date, where a file has dates"),
  homes: v.number(),
  bytes: v.number(),
  demand: steps,
  pv: steps,
  irradiance: steps,
  lack: describe(v.nullable(v.string()), "why they cannot be used as they are"),
};

/** What `/data` tells. */
export const dataSchema = v.object({
  data: v.array(
    v.object({
      ...shapes,
      used: describe(v.picklist(["now", "before", "never"]), "by the present chapter, or by one of the past"),
    }),
  ),
});

export function writeData({ records, chapters }: View): v.InferOutput<typeof dataSchema> {
  const hashes = chapters().map(({ inputHash }) => inputHash);
  const usedOf = (id: string) => (hashes.at(-1) === id ? "now" : hashes.includes(id) ? "before" : "never");
  return { data: records.listData().map((kept) => ({ ...describeData(kept), used: usedOf(kept.id) })) };
}

function describeData(kept: KeptData) {
  const { id, name, days, firstDate, homes, bytes, sun, demand, pv } = kept;
  const stepsOf = (series: KeptData["sun"]) =>
    series && { minutes: 1440 / series.pointsPerDay, means: series.isMeans };
  return {
    id,
    name,
    kept: new Date(kept.keptWallMs).toISOString(),
    days,
    firstDate,
    homes,
    bytes,
    demand: stepsOf(demand),
    pv: stepsOf(pv),
    irradiance: stepsOf(sun),
    lack: findLack(kept),
  };
}

const report = describe(
  v.record(v.string(), v.unknown()),
  "what was understood, file by file, what was done, what can hardly be meant, sums and gaps of each series, and what is drawn",
);

/** What an upload answers. */
export const uploadedSchema = v.object({ id: v.string(), lack: shapes.lack, report });
/** What `/data/report` tells. */
export const dataReportSchema = uploadedSchema;

export function writeDataReport(
  { records }: View,
  id: string,
): v.InferOutput<typeof uploadedSchema> | Refused {
  const kept = records.listData().find((each) => each.id === id);
  if (kept === undefined) return refuseUnknownData(id, records.listData());
  return { id, lack: findLack(kept), report: JSON.parse(records.readDataReport(id) ?? "{}") };
}

function refuseUnknownData(id: string, all: readonly KeptData[]): Refused {
  const kept = all.map((each) => each.id).join(", ") || "none";
  return refuse("not_found", `There are no data ${JSON.stringify(id.slice(0, 40))}; kept are ${kept}`, "id");
}
