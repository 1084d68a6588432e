import { findLack } from "../../input/series/own-data.ts";
import { type Answer, refuse } from "../../notation/refusal.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import {
  cutReport,
  type DataRow,
  deleteData,
  deleteOrphans,
  finishData,
  listData,
  nextDataNumber,
  writeDataRow,
} from "./data-rows.ts";
import type { TableRows } from "./row-frames.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import type { KeptData } from "./stored-shapes.ts";

/** What comes before the rows of data that are to be kept. */
export interface DataOffer {
  readonly head: Omit<KeptData, "keptWallMs">;
  /** What the import reported, as JSON. */
  readonly report: string;
}

/** What data of its own a community may keep. */
export interface DataLimits {
  readonly dataBytes: number;
}

/**
 * Keeps data aside whose rows come in `frames`, in small transactions between which others have their turn; all or nothing.
 * Data that are there already are not kept twice.
 */
export async function keepData(
  database: SqliteDatabase,
  { head, report }: DataOffer,
  frames: AsyncIterable<TableRows>,
  limits: DataLimits,
  wallMs: number,
): Promise<Answer> {
  const { sql } = database;
  const kept = listData(sql);
  const known = kept.some(({ head: { id } }) => id === head.id);
  if (!known) {
    const held = kept.reduce((sum, { head: { bytes } }) => sum + bytes, 0);
    if (held + head.bytes > limits.dataBytes)
      return refuse(
        "too_large",
        `The data take ${head.bytes} bytes, beside ${held} bytes of others; allowed: ${limits.dataBytes} bytes of data in all (dataBytes). /data/delete makes room`,
      );
    const fault = await write(database, head, report, frames, wallMs);
    if (fault !== null) return refuse("internal", fault);
  }
  return {
    ok: true,
    json: `{"id":"${head.id}","lack":${JSON.stringify(findLack(head))},"report":${report}}`,
  };
}

async function write(
  database: SqliteDatabase,
  head: DataOffer["head"],
  report: string,
  frames: AsyncIterable<TableRows>,
  wallMs: number,
): Promise<string | null> {
  const { sql } = database;
  deleteOrphans(sql);
  const number = nextDataNumber(sql);
  let bytes = 0;
  try {
    for await (const { rows } of frames)
      database.transactionSync(() => {
        for (const row of rows as unknown as DataRow[]) {
          writeDataRow(sql, number, row);
          bytes += row.bytes.byteLength;
        }
      });
    if (bytes !== head.bytes) return `Of ${head.bytes} bytes of data ${bytes} came`;
    database.transactionSync(() => {
      for (const row of cutReport(report)) writeDataRow(sql, number, row);
      finishData(sql, number, { ...head, keptWallMs: wallMs });
    });
    return null;
  } finally {
    deleteOrphans(sql);
  }
}

/** Deletes data, unless what was made with them could not be told any more. */
export function dropData(
  database: SqliteDatabase,
  id: string,
  records: Pick<RecordStorage, "readChapters" | "listSnapshots" | "readSnapshot">,
): Answer {
  const found = listData(database.sql).find(({ head }) => head.id === id);
  if (found === undefined)
    return refuse("not_found", `There are no data ${id}; /data tells which are kept`, "id");
  const chapter = records.readChapters().find(({ inputHash }) => inputHash === id);
  if (chapter !== undefined)
    return refuse(
      "conflict",
      `The run was made with these data from simulated second ${chapter.fromS} on; Reset with clock=start forgets it`,
      "id",
    );
  const snapshot = records
    .listSnapshots()
    .find(({ name }) => records.readSnapshot(name)?.chapter.inputHash === id);
  if (snapshot !== undefined)
    return refuse("conflict", `Snapshot ${JSON.stringify(snapshot.name)} was made with these data`, "id");
  database.transactionSync(() => deleteData(database.sql, found.number));
  return { ok: true, json: "{}" };
}
