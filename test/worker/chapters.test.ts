import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { UnitHistory } from "../../src/community/records/history.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

let worker: WorkerHarness;
beforeAll(async () => {
  worker = await startWorker({ units: 2, acceleration: 0 });
});
afterAll(() => worker.stop());

const ask = async <T>(path: string) => (await (await worker.get(path)).json()) as T;
const readChapters = async () => (await ask<CommandLog>("/commands")).run.chapters;

test("Q3: a deployment that has not the data before goes on from what was kept, and asks for them no more", async () => {
  await ask("/set/acc/100000");
  const now = async () => (await ask<{ timeS: number }>("/state")).timeS;
  await expect.poll(now, { timeout: 20_000 }).toBeGreaterThan(100_000);
  await ask("/set/acc/0");
  await ask("/set/emu/E001?rsoc=42");
  const { timeS } = await ask<{ timeS: number }>("/state");
  await worker.query(`UPDATE chapter SET body = json_set(body, '$.inputHash', '12-ab 34-cd')`);
  await worker.evict();
  const log = await ask<Record<string, { emu: { rsoc: number } }>>("/get/log");
  expect(log.E001?.emu.rsoc).toBe(42);
  expect((await readChapters()).map(({ fromS, lostUntilS }) => [fromS, lostUntilS])).toEqual([
    [0, null],
    [timeS, timeS],
  ]);
  const history = await ask<UnitHistory>("/history?unit=E001&resolution=3600");
  expect(history.rsoc.slice(0, 20)).toEqual(Array(20).fill(null));
  expect((await ask<{ rows: object[] }>("/summary")).rows.length).toBeGreaterThan(0);
  const warnings = await ask<{ message: string }[]>("/log?level=WARNING");
  expect(warnings.filter(({ message }) => message.includes("data are gone"))).toHaveLength(1);
  await worker.evict();
  expect(await ask("/get/log")).toEqual(log);
  expect(await readChapters()).toHaveLength(2);
});

test("Q2: units that came later are told beside a chapter whose data have not been read for them", async () => {
  await ask("/restart?clock=start");
  await ask("/time/step?seconds=20000");
  await worker.query(`UPDATE chapter SET body = json_set(body, '$.config.demandIntervalMinutes', '60')`);
  await worker.evict();
  const paths = ["/history?resolution=10000&to=20000", "/results?to=20000"];
  const before = await Promise.all(paths.map((path) => ask(path)));
  expect(await readChapters()).toHaveLength(2);
  // More than one file of homes has.
  await ask("/add/unit?count=12");
  await ask("/time/step?seconds=20000");
  for (const path of ["/history?resolution=10000", "/results", "/summary"])
    expect((await worker.get(path)).status, path).toBe(200);
  const [history, results] = await Promise.all(paths.map((path) => ask(path)));
  expect(history).toEqual(before[0]);
  const energiesOf = (of: unknown) => (of as { total: { energies: object } }).total.energies;
  expect(energiesOf(results)).toEqual(energiesOf(before[1]));
});
