import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
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

test("Y3: browsers reach a server on the network by no name that anybody can point at it, others by any", async () => {
  const hosts = ["--allow-host", "Lab.example", "--allow-host", "pi.example"];
  const { get } = await start("--host", "0.0.0.0", ...hosts, "--set", "baseDomain=energy.example");
  const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  const browsers = [{ "user-agent": agent }, { "user-agent": "x", "accept-language": "en" }];
  const own = ["localhost", "192.168.0.9", "pi", "pi.local", hostname().toLowerCase(), "energy.example"];
  for (const headers of browsers) {
    for (const host of [...own, "lab.example", "LAB.example.", "pi.example"])
      expect((await get("/get/acc", { host, headers })).status, host).toBe(200);
    for (const host of ["evil.example", "a.lab.example", "lab.example.evil.example"])
      for (const path of ["/", "/get/acc", "/set/acc/9", "/admin", "/e/default/get/log", "/ui/main.js"])
        expect(outcomeOf(await get(path, { host, headers })), host + path).toEqual([404, "not_found"]);
  }
  const told = await get("/get/acc", {
    host: "evil.example",
    headers: browsers[0] as Record<string, string>,
  });
  expect(told.text).toContain("--allow-host evil.example");
  for (const headers of [{}, { "user-agent": "curl/8.5.0" }])
    for (const host of ["emulator.example", "lab.example"])
      expect((await get("/set/acc/5", { host, headers })).text).toBe("5");
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
