import type { D1Database } from "@cloudflare/workers-types";
import type { Config } from "../../input/config/entries.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import type { OpenChapter } from "../records/chapter.ts";
import type { AnswerWriter } from "../state/answer-writer.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import type { Log } from "../watching/log.ts";
import { createD1Sink } from "./d1-sink.ts";
import { writeExtendedUnits } from "./extended-unit.ts";
import { createHttpSink } from "./http-sink.ts";
import { Outbox } from "./outbox.ts";

interface OutboxSetup {
  readonly community: string;
  readonly config: Config;
  /** The chapters of the run as it is now, at least one. */
  readonly chapters: () => readonly OpenChapter[];
  readonly storage: CommunityStorage;
  readonly log: Log;
  readonly writeUnit: AnswerWriter["writeUnit"];
  /** The database that is bound, if one is. */
  readonly database: D1Database | undefined;
  /** The JSON of a unit for what nothing moves. */
  templateOf(unitNumber: number): UnitJson;
}

/** The outbox that the configuration asks for, or null. */
export function createOutbox(setup: OutboxSetup): Outbox | null {
  const { community, config, chapters, storage, log, writeUnit, database, templateOf } = setup;
  const { dburl, saveIndividualToDB } = config;
  if (!saveIndividualToDB) return null;
  const source = { community, storage, chapters };
  if (dburl !== "") {
    const units = { storage, chapters, writeUnit, templateOf };
    return new Outbox(
      source,
      createHttpSink(dburl, (readings) => writeExtendedUnits(units, readings)),
      log,
    );
  }
  const displayOf = (unitNumber: number) => templateOf(unitNumber).oesunit.display;
  if (database !== undefined) return new Outbox(source, createD1Sink(database, chapters, displayOf), log);
  log("ERROR", "saveIndividualToDB is true, but there is neither dburl nor a D1 database bound as RECORDS");
  return null;
}
