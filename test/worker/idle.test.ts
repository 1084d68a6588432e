import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommunityJson } from "../../src/api/wire/community-json.ts";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";

let worker: WorkerHarness;
beforeAll(async () => {
  worker = await startWorker({ acceleration: 10, units: 4 });
});
afterAll(() => worker.stop());

/** The next message of a WebSocket as JSON. */
function nextMessage(socket: WebSocket): Promise<CommunityJson> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("message", ({ data }) => resolve(JSON.parse(String(data))), { once: true });
    socket.addEventListener("close", () => reject(new Error("the WebSocket was closed")), { once: true });
  });
}

test("X4: an idle community sleeps with its screens connected, sets no alarm, and tells them of the next command", async () => {
  const socket = await worker.open("/live");
  const first = nextMessage(socket);
  socket.send("state");
  expect((await first).units).toHaveLength(4);
  await worker.hibernate();
  const told = nextMessage(socket);
  await worker.get("/add/unit");
  expect((await told).units).toHaveLength(5);
  await worker.hibernate();
  const asked = nextMessage(socket);
  socket.send("state");
  expect((await asked).units).toHaveLength(5);
  // The runtime makes this table when an alarm is set for the first time.
  await expect(worker.query("SELECT * FROM _cf_METADATA")).rejects.toThrow("no such table");
  socket.close();
});
