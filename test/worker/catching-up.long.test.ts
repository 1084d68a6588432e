import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { leaveWorkerFor } from "../support/long-away.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

const secret = "of the administrator";
const community = "http://localhost/admin/api/communities/default";
const headers = { authorization: `Bearer ${secret}` };
let worker: WorkerHarness;

beforeAll(async () => {
  worker = await startWorker({
    ADMIN_SECRET: secret,
    units: 100,
    acceleration: 100_000,
    atEndOfData: "repeat",
  });
});
afterAll(() => worker?.stop());
beforeEach(async () => {
  await worker.get("/restart?clock=start&units=100");
  await worker.get("/set/acc/100000");
});

async function ask(path: string, init = {}) {
  const response = await worker.get(path, init);
  const text = await response.text();
  return { status: response.status, text, retryAfter: response.headers.get("retry-after") };
}

/** Simulated days whose ends all units have passed, as they are committed. */
async function readDays(): Promise<number> {
  const [row] = await worker.query(
    "SELECT min(json_extract(body, '$.state.timeS')) / 86400 AS days FROM unit",
  );
  return row?.days as number;
}

/** Seconds of computing since the object woke. */
const readWorkS = async () =>
  Number(/^apis_answer_seconds_total (.*)$/m.exec((await ask("/metrics")).text)?.[1]);

test("P35: an alarm carries on what somebody asked for, through an end of the object, and is gone once it is done", async () => {
  await leaveWorkerFor(0.2, worker);
  await ask("/state");
  const before = await readDays();
  await worker.evict();
  await expect.poll(readDays, { timeout: 100_000, interval: 500 }).toBeGreaterThan(19_700);
  // Nobody has asked for anything meanwhile.
  expect(before).toBeLessThan(19_700);
  await expect.poll(async () => (await ask("/state")).status, { timeout: 20_000 }).toBe(200);
  const workS = await readWorkS();
  await sleep(1000);
  expect((await readWorkS()) - workS).toBeLessThan(0.05);
}, 150_000);

test("P35: 30 days behind a community is read by a backup, archived, restored and deleted", async () => {
  await leaveWorkerFor(30, worker);
  const { status, retryAfter, text } = await ask("/state");
  expect([status, retryAfter, JSON.parse(text).error.code]).toEqual([503, "2", "catching_up"]);
  const json = { ...headers, "content-type": "application/json" };
  const backup = await ask(`${community}/backup`, { headers });
  expect(backup.status).toBe(200);
  expect(
    (await ask(`${community}/archive`, { method: "POST", headers: json, body: '{"archived":true}' })).status,
  ).toBe(200);
  expect((await ask("/state")).status).toBe(404);
  expect(
    (await ask(`${community}/archive`, { method: "POST", headers: json, body: '{"archived":false}' })).status,
  ).toBe(200);
  const restored = {
    method: "POST",
    headers: { ...headers, "content-type": "application/x-ndjson" },
    body: backup.text,
  };
  const waiting = ["/state", "/summary", "/set/emu/E001?rsoc=3"].map((path) => ask(path));
  expect(await ask(`${community}/restore`, restored)).toMatchObject({ status: 200 });
  expect((await ask("/state")).status).toBe(503);
  waiting.push(...["/state", "/data/output/summary.csv", "/set/emu/E001?rsoc=3"].map((path) => ask(path)));
  expect((await ask(community, { method: "DELETE", headers })).status).toBe(200);
  for (const { status } of await Promise.all(waiting)) expect([200, 404, 503]).toContain(status);
  expect((await ask("/state")).status).toBe(200);
  // Nothing of what was being computed is left.
  expect(await readDays()).toBeLessThan(100);
  expect(worker.takeLogs().filter((line) => line.includes("ERROR"))).toEqual([]);
}, 120_000);
