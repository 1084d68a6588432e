import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { readRuntimePid, startLocalServer } from "../support/local-server.ts";

const acceleration = 1000;

test("L14: suspended with its runtime, simulated time moves by at most 5 s of real time, and one line says so", async () => {
  const server = await startLocalServer({ units: 2, acceleration });
  try {
    const secondsOf = async () => (await (await fetch(`${server.url}/state`)).json()).timeS;
    const pids = [server.process.pid as number, await readRuntimePid(server.folder)];
    await sleep(2000);
    const beforeS = await secondsOf();
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    await sleep(9000);
    for (const pid of pids) process.kill(pid, "SIGCONT");
    expect((await secondsOf()) - beforeS).toBeLessThanOrEqual(5 * acceleration);
    const lines = () => server.output().match(/"WARNING".*left out/g)?.length ?? 0;
    await expect.poll(lines, { timeout: 10_000 }).toBe(1);
    const afterS = await secondsOf();
    await expect.poll(secondsOf, { timeout: 5000 }).toBeGreaterThan(afterS + acceleration / 2);
    expect(lines()).toBe(1);
  } finally {
    await server.stop();
  }
});
