import Papa from "papaparse";
import { secondsPerDay, type World } from "../simulation/world.ts";
import { firstToldDay } from "./forget.ts";
import { individualColumns, listIndividualRows } from "./individual.ts";
import type { RecordStorage } from "./record-storage.ts";
import { summarizeDays, summaryColumns } from "./summary.ts";

/** Which records are wanted: days count from 0, `toDay` is the last one. */
export interface ExportRequest {
  readonly of: "summary" | "individual";
  readonly fromDay: number;
  readonly toDay: number;
  readonly format: "csv" | "json";
}

export interface ExportSource {
  readonly storage: RecordStorage;
  readonly world: World;
  readonly startTime: string;
  readonly intervalS: number;
  /** The present simulated second, up to which there is anything. */
  readonly untilS: number;
}

/** The text of an export in pieces that are each made when asked for: a piece a day, or the whole summary. */
export function* writeExport(source: ExportSource, request: ExportRequest): Generator<string> {
  const { of, format } = request;
  const columns = of === "summary" ? summaryColumns : individualColumns;
  let isFirst = true;
  if (format === "json") yield "[";
  else yield `${columns.join(",")}\r\n`;
  for (const rows of listBatches(source, request)) {
    if (rows.length === 0) continue;
    if (format === "csv") yield `${Papa.unparse({ fields: [...columns], data: rows }, unparseOptions)}\r\n`;
    else yield `${isFirst ? "" : ","}${JSON.stringify(rows).slice(1, -1)}`;
    isFirst = false;
  }
  if (format === "json") yield "]";
}

/** A cell that a spreadsheet would run as a formula is made a text. */
const unparseOptions = { header: false, escapeFormulae: /^[=+\-@\t\r](?![\d.])/ };

function* listBatches(source: ExportSource, { of, fromDay, toDay }: ExportRequest): Generator<object[]> {
  const { storage, world, startTime, intervalS, untilS } = source;
  const firstDay = Math.max(fromDay, firstToldDay(storage));
  if (of === "summary") {
    yield summarizeDays(storage.readDays(firstDay, toDay), startTime);
    return;
  }
  for (let day = firstDay; day <= toDay && day * secondsPerDay < untilS; day++) {
    yield listIndividualRows(storage, world, startTime, day, untilS, intervalS);
  }
}
