import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostedServer, outcomeOf, startHostedServer } from "../hosting/hosted-server.ts";

let folder: string;
const running = new Set<HostedServer>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-communities-"));
});
afterEach(async () => {
  for (const hosted of running) await hosted.stop();
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

async function start(...args: string[]): Promise<HostedServer> {
  const hosted = await startHostedServer(args, folder);
  running.add(hosted);
  return hosted;
}

async function stop(hosted: HostedServer): Promise<void> {
  running.delete(hosted);
  await hosted.stop();
}

test("L12: the simulated time of every community stands still while the server is off", async () => {
  const first = await start();
  await first.createCommunity("a", "open");
  await first.createCommunity("gone", "open");
  await first.get("/e/a/set/acc/1000");
  await first.administer("POST", "/gone/archive", { archived: true });
  const secondsOf = async (hosted: HostedServer) => JSON.parse((await hosted.get("/e/a/state")).text).timeS;
  const beforeS = await secondsOf(first);
  const stoppingMs = Date.now();
  await stop(first);
  const stoppedMs = Date.now();
  await sleep(2000);
  const startingMs = Date.now();
  const second = await start();
  const afterS = await secondsOf(second);
  const awakeMs = stoppedMs - stoppingMs + (Date.now() - startingMs);
  expect(afterS - beforeS).toBeGreaterThanOrEqual(0);
  expect(afterS - beforeS).toBeLessThan(awakeMs);
  expect((await second.get("/e/a/get/acc")).text).toBe("1000");
});

test("L12: closed, or without the bare host's community, the server starts and stops all the same", async () => {
  const closed = await start("--set", "defaultAccess=closed");
  expect(closed.server.output()).toMatch(/Ready: \d+ units/);
  expect(outcomeOf(await closed.get("/get/acc"))).toEqual([401, "unauthorized"]);
  await stop(closed);
  const bare = await start("--set", "defaultCommunity=false");
  expect(bare.server.output()).toContain("Ready: 0 communities");
  for (const path of ["/get/acc", "/e/default/get/acc"])
    expect(outcomeOf(await bare.get(path))).toEqual([404, "not_found"]);
  expect(outcomeOf(await bare.get("/get/acc", { host: "default.localhost" }))).toEqual([404, "not_found"]);
});

test("L12: a server that is open to the network says so before it is ready", async () => {
  const open = await start("--host", "0.0.0.0");
  expect(open.server.output()).toMatch(
    /Warning: open to the network; anybody there may .* change it .*\n.*Ready:/s,
  );
  await stop(open);
  const own = await start();
  expect(own.server.output()).not.toContain("Warning");
});
