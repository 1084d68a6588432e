import Papa from "papaparse";
import { secondsPerDay } from "../../simulation/world.ts";
import { commandColumns, describeCommandLog, listCommandBatches } from "./command-log.ts";
import { dealColumns, listDeals } from "./deals.ts";
import { firstToldDay } from "./forget.ts";
import { type IndividualSource, individualColumns, listIndividualRows } from "./individual.ts";
import type { RecordStorage } from "./record-storage.ts";
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

const columnsOf = {
  summary: summaryColumns,
  individual: individualColumns,
  commands: commandColumns,
  deals: dealColumns,
};

/**
 * The text of an export in pieces that each take about a millisecond, and are made when asked for: a unit's day, some
 * commands, or, before the whole summary, nothing for each of its days.
 */
export function writeExport(source: ExportSource, request: ExportRequest): Generator<string> {
  // What can be told now is what it tells.
  const firstDay = Math.max(request.fromDay, firstToldDay(source.storage));
  return writePieces(source, request, firstDay);
}

function* writePieces(source: ExportSource, request: ExportRequest, firstDay: number): Generator<string> {
  const batches = listBatches(source, request, firstDay);
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

function* listBatches(
  source: ExportSource,
  { of, fromDay, toDay }: ExportRequest,
  firstDay: number,
): Generator<object[]> {
  const { storage, untilS, units } = source;
  if (of === "commands") yield* listCommandBatches(source, fromDay, toDay);
  if (of === "summary") yield* listSummary(source, firstDay, toDay);
  if (of === "deals") {
    const toS = Math.min(untilS, (toDay + 1) * secondsPerDay);
    yield* whileKept(storage, firstDay, listDeals(source, units, firstDay * secondsPerDay, toS));
  }
  if (of !== "individual") return;
  for (let day = firstDay; day <= toDay && day * secondsPerDay < untilS; day++) {
    yield* whileKept(storage, day, listIndividualRows(source, units, day, untilS));
  }
}

/** What tells of `day` and later ones; an export without days that it was to tell of would not be seen to lack them. */
function* whileKept<T>(storage: RecordStorage, day: number, batches: Iterable<T>): Generator<T> {
  for (const batch of batches) {
    if (day < firstToldDay(storage)) throw new Error(`Day ${day} was forgotten before it was told`);
    yield batch;
  }
}

/** All rows of the summary, behind an empty list for each day. */
function* listSummary(
  { storage, startTime }: ExportSource,
  fromDay: number,
  toDay: number,
): Generator<object[]> {
  const days = whileKept(storage, fromDay, storage.readDays(fromDay, toDay));
  const parts = summarizeInParts(days, startTime);
  for (;;) {
    const { done, value } = parts.next();
    yield done ? value : [];
    if (done) return;
  }
}
