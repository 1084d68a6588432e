import type { Config } from "../../input/config/entries.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import type { World } from "../../simulation/world.ts";
import type { AnswerWriter } from "../state/answer-writer.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import type { Log } from "../watching/log.ts";
import { createD1Sink } from "./d1-sink.ts";
import { writeExtendedUnits } from "./extended-unit.ts";
import { createHttpSink } from "./http-sink.ts";
import { Outbox } from "./outbox.ts";

interface OutboxSetup {
  readonly community: string;
  /** Asked anew at each turn: with a new run its `startTime` may be another. */
  readonly config: () => Config;
  readonly world: World;
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
  const { community, config, world, storage, log, writeUnit, database, templateOf } = setup;
  const { dburl, individualIntervalMinutes, saveIndividualToDB } = config();
  if (!saveIndividualToDB) return null;
  const source = {
    community,
    storage,
    world,
    get startTime() {
      return config().startTime;
    },
    intervalS: individualIntervalMinutes * 60,
  };
  if (dburl !== "") {
    const units = { storage, world, writeUnit, templateOf };
    return new Outbox(
      source,
      createHttpSink(dburl, (readings) => writeExtendedUnits({ ...units, config: config() }, readings)),
      log,
    );
  }
  const displayOf = (unitNumber: number) => templateOf(unitNumber).oesunit.display;
  if (database !== undefined) return new Outbox(source, createD1Sink(database, source, displayOf), log);
  log("ERROR", "saveIndividualToDB is true, but there is neither dburl nor a D1 database bound as RECORDS");
  return null;
}
