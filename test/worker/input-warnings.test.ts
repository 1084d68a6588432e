import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

let worker: WorkerHarness;
beforeAll(async () => {
  worker = await startWorker({ units: 2, startTime: "2019-01-01T00:00:00" });
});
afterAll(() => worker.stop());

const warning =
  "sample_load_data.csv, row 2: the data begin on 2020-01-01, but startTime says 2019-01-01T00:00:00, which is used";
const countIn = (lines: readonly string[]) => lines.filter((line) => line.includes(warning)).length;

test("I31: a hosted community tells of its data once, on the console and in its log, through evictions", async () => {
  const { time } = (await (await worker.get("/get/unit/E001")).json()) as { time: string };
  expect(time.slice(0, 10)).toBe("2019/01/01");
  expect(countIn(worker.takeLogs())).toBe(1);
  for (const path of ["/get/log", "/set/emu/E001?rsoc=60", "/get/log"]) {
    await worker.evict();
    expect((await worker.get(path)).status).toBe(200);
  }
  const kept = (await (await worker.get("/log?level=WARNING")).json()) as { message: string }[];
  expect(countIn(kept.map(({ message }) => message))).toBe(1);
  expect(countIn(worker.takeLogs())).toBe(0);
});
