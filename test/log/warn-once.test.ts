import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { createKeptLog } from "../../src/community/watching/kept-log.ts";
import { warnOnce } from "../../src/community/watching/warn-once.ts";

test("I31: what is warned of at each wake is in the log once", () => {
  const database = new DatabaseSync(":memory:");
  const told: string[] = [];
  for (let wakes = 0; wakes < 3; wakes++) {
    const log = createKeptLog(createNodeDatabase(database).sql);
    const write = (level: "DEBUG" | "INFO" | "WARNING" | "ERROR", message: string) => {
      told.push(message);
      log.add(1000, level, message);
    };
    warnOnce(log, write, wakes === 2 ? ["a", "b", "c"] : ["a", "b"]);
    warnOnce(log, write, []);
    log.flush(1000);
  }
  expect(told).toEqual(["a", "b", "c"]);
});
