import { afterAll, beforeAll, expect, test } from "vitest";
import type { Summary } from "../../src/community/records/totals.ts";
import { leaveWorkerFor } from "../support/long-away.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

const secret = "of the administrator";
const historyDays = 100;
let worker: WorkerHarness;
beforeAll(async () => {
  worker = await startWorker({
    ADMIN_SECRET: secret,
    units: 3,
    acceleration: 100_000,
    atEndOfData: "repeat",
    saveIndividualToDB: "true",
    individualIntervalMinutes: 1440,
  });
  await worker.migrate();
});
afterAll(() => worker.stop());

test("K10: after long away the alarm catches up, and the database is told of each day that is kept, once", async () => {
  await worker.get("/set/emu/E001?rsoc=33");
  const limited = await worker.get("http://localhost/admin/api/communities/default/limits", {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ historyDays }),
  });
  expect(limited.status).toBe(200);
  await leaveWorkerFor(0.4, worker);
  await expect.poll(async () => (await worker.get("/state")).status, { timeout: 30_000 }).toBe(200);
  await worker.get("/time/hold");
  const summary = async () => (await (await worker.get("/summary")).json()) as Summary;
  const { fromDay, toDay } = await summary();
  expect(toDay).toBeGreaterThan(39_000);
  const told = async () => {
    const rows = await worker.queryRecords("SELECT day FROM daily_summary WHERE day > 1000 ORDER BY day");
    return rows.map(({ day }) => day as number);
  };
  await expect.poll(async () => (await told()).at(-1), { timeout: 60_000 }).toBe(toDay);
  const days = await told();
  expect(days).toEqual(Array.from({ length: days.length }, (_, index) => (days[0] as number) + index));
  expect(days[0]).toBeLessThanOrEqual(fromDay);
  expect(days.length).toBeGreaterThanOrEqual(historyDays - 1);
  expect(days.length).toBeLessThan(2 * historyDays);
}, 120_000);
