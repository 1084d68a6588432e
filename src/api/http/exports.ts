import * as v from "valibot";
import type { ExportRequest } from "../../community/records/export.ts";
import type { CommunityRequest } from "../../community/state/request.ts";
import {
  type Checked,
  checkParameters,
  type GivenParameters,
  numberFrom,
} from "../../notation/parameters.ts";

const day = v.pipe(
  numberFrom(0, 1e8, "(days from 0)"),
  v.integer("a whole number of days from 0"),
  v.metadata({ integer: true }),
);
const days = { from: v.optional(day, "0"), to: v.optional(day) };
export const daysSchema = v.object(days);
const exportOf = (format: ExportRequest["format"]) =>
  v.object({ ...days, format: v.optional(v.picklist(["csv", "json"], "csv or json"), format) });
const ofCommands = exportOf("json");
const ofOthers = exportOf("csv");

/** The log of commands comes as JSON, all else as CSV, unless it is asked for otherwise. */
export function exportSchemaOf(of: ExportRequest["of"]) {
  return of === "commands" ? ofCommands : ofOthers;
}

/** `?from=&to=&format=`: days from 0, both ends included. */
export function parseExport(of: ExportRequest["of"], given: GivenParameters): Checked<ExportRequest> {
  const checked = checkParameters(exportSchemaOf(of), given);
  if (!checked.ok) return checked;
  const { from, to = Number.MAX_SAFE_INTEGER, format } = checked.value;
  return { ok: true, value: { of, fromDay: from, toDay: to, format } };
}

/** `/summary?from=&to=`: days from 0, both ends included. */
export function parseSummary(given: GivenParameters): Checked<CommunityRequest> {
  const checked = checkParameters(daysSchema, given);
  if (!checked.ok) return checked;
  const { from, to = Number.MAX_SAFE_INTEGER } = checked.value;
  return { ok: true, value: { kind: "summary", fromDay: from, toDay: to } };
}

export const exportTypes = { csv: "text/csv; charset=utf-8", json: "application/json" } as const;
