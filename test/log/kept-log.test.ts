import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { createNodeDatabase } from "../../src/cli/headless/node-database.ts";
import { createKeptLog } from "../../src/community/watching/kept-log.ts";

const dayMs = 86_400_000;

function createLog() {
  const database = new DatabaseSync(":memory:");
  const open = () => createKeptLog(createNodeDatabase(database).sql);
  return { log: open(), reopen: open, database };
}

const messages = (lines: { message: string }[]) => lines.map(({ message }) => message);

test("N1: lines come with level and wall time, in order; what is noted is shown at once", () => {
  const { log } = createLog();
  log.add(1000, "INFO", "a", { time: "not mine", unit: "E001" });
  log.flush(1000);
  log.add(2000, "ERROR", "b");
  expect(log.read("DEBUG", 0)).toEqual([
    {
      time: "1970-01-01T00:00:01.000Z",
      level: "INFO",
      message: "a",
      fields: { time: "not mine", unit: "E001" },
    },
    { time: "1970-01-01T00:00:02.000Z", level: "ERROR", message: "b" },
  ]);
  expect(messages(log.read("WARNING", 0))).toEqual(["b"]);
  expect(messages(log.read("DEBUG", 1500))).toEqual(["b"]);
});

test("N2: what was flushed outlives an eviction; nothing is written without lines", () => {
  const { log, reopen, database } = createLog();
  log.flush(0);
  expect(database.prepare("SELECT count(*) AS n FROM log").get()).toEqual({ n: 0 });
  log.add(0, "INFO", "kept");
  log.flush(0);
  log.add(0, "INFO", "lost");
  expect(messages(reopen().read("DEBUG", 0))).toEqual(["kept"]);
});

test("N3: lines older than 7 days and beyond 1 MB go, the oldest first; 200 lines wait at most", () => {
  const { log, database } = createLog();
  log.add(0, "INFO", "old");
  log.flush(0);
  log.add(8 * dayMs, "INFO", "new");
  log.flush(8 * dayMs);
  expect(messages(log.read("DEBUG", 0))).toEqual(["new"]);
  for (let k = 0; k < 30; k++) {
    log.add(8 * dayMs, "INFO", `${k}`, { text: "x".repeat(50_000) });
    log.flush(8 * dayMs);
  }
  expect(messages(log.read("DEBUG", 0)).at(-1)).toBe("29");
  const kept = database.prepare("SELECT sum(length(lines)) AS bytes, count(*) AS n FROM log").get();
  expect(kept?.bytes).toBeLessThanOrEqual(1_000_000);
  expect(kept?.n).toBe(19);
  for (let k = 0; k < 300; k++) log.add(8 * dayMs, "INFO", `waiting ${k}`);
  log.flush(8 * dayMs);
  const waited = messages(log.read("DEBUG", 0)).filter((message) => message.startsWith("waiting"));
  expect([waited.length, waited[0]]).toEqual([200, "waiting 100"]);
});

test("N4: a line break or control character in a value stays within its line", () => {
  const { log } = createLog();
  log.add(0, "WARNING", 'evil\n{"level":"ERROR"}\u001b[31m', { url: "/x\r\ny" });
  log.flush(0);
  const [line, ...others] = log.read("DEBUG", 0);
  expect(others).toEqual([]);
  expect(JSON.stringify(line)).not.toMatch(/\p{Cc}/u);
});
