import Papa from "papaparse";
import { secondsPerDay } from "../../simulation/world.ts";
import { commandColumns, describeCommandLog, listCommandBatches } from "./command-log.ts";
import { firstToldDay } from "./forget.ts";
import { type IndividualSource, individualColumns, listIndividualRows } from "./individual.ts";
import { summarizeInParts, summaryColumns } from "./summary.ts";

/** Which records are wanted: days count from 0, `toDay` is the last one. */
export interface ExportRequest {
  readonly of: keyof typeof columnsOf;
  readonly fromDay: number;
  readonly toDay: number;
  readonly format: "csv" | "json";
}

interface ExportSource extends IndividualSource {
  /** The present simulated second, up to which there is anything. */
  readonly untilS: number;
  /** What there is at that moment: units that ever were, and the last command. */
  readonly units: number;
  readonly lastCommandId: number;
}

const columnsOf = { summary: summaryColumns, individual: individualColumns, commands: commandColumns };

/**
 * The text of an export in pieces that each take about a millisecond, and are made when asked for: a unit's day, some
 * commands, or, before the whole summary, nothing for each of its days.
 */
export function* writeExport(source: ExportSource, request: ExportRequest): Generator<string> {
  const batches = listBatches(source, request);
  if (request.format === "csv") yield* writeCsv(batches, columnsOf[request.of]);
  else if (request.of !== "commands") yield* writeJson(batches);
  else {
    yield `${JSON.stringify(describeCommandLog(source, request)).slice(0, -1)},"commands":`;
    yield* writeJson(batches);
    yield "}";
  }
}

function* writeCsv(batches: Iterable<object[]>, columns: readonly string[]): Generator<string> {
  yield `${columns.join(",")}\r\n`;
  for (const rows of batches) {
    if (rows.length === 0) yield "";
    else yield `${Papa.unparse({ fields: [...columns], data: rows }, unparseOptions)}\r\n`;
  }
}

/** A cell that a spreadsheet would run as a formula is made a text. */
const unparseOptions = { header: false, escapeFormulae: /^[=+\-@\t\r](?![\d.])/ };

function* writeJson(batches: Iterable<object[]>): Generator<string> {
  let before = "[";
  for (const rows of batches) {
    if (rows.length === 0) {
      yield "";
      continue;
    }
    yield before + JSON.stringify(rows).slice(1, -1);
    before = ",";
  }
  yield before === "[" ? "[]" : "]";
}

function* listBatches(source: ExportSource, { of, fromDay, toDay }: ExportRequest): Generator<object[]> {
  const { storage, untilS, units } = source;
  const firstDay = Math.max(fromDay, firstToldDay(storage));
  if (of === "commands") yield* listCommandBatches(source, fromDay, toDay);
  if (of === "summary") yield* listSummary(source, firstDay, toDay);
  if (of !== "individual") return;
  for (let day = firstDay; day <= toDay && day * secondsPerDay < untilS; day++) {
    yield* listIndividualRows(source, units, day, untilS);
  }
}

/** All rows of the summary, behind an empty list for each day. */
function* listSummary(
  { storage, startTime }: ExportSource,
  fromDay: number,
  toDay: number,
): Generator<object[]> {
  const parts = summarizeInParts(storage.readDays(fromDay, toDay), startTime);
  for (;;) {
    const { done, value } = parts.next();
    yield done ? value : [];
    if (done) return;
  }
}
