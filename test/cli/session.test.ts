import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { countOf } from "../support/counts.ts";
import { type LocalServer, readRuntimePid, startLocalServer } from "../support/local-server.ts";
import { TestSession, type Told } from "../support/test-session.ts";

/** Each step of a session has an action. */
const stepOf = (index: number) => ({
  id: index,
  actions: [{ unit: "E001", set: { rsoc: 30 + (index % 60) + 0.25 } }],
  seconds: 60,
  observe: ["stateOfChargePercent"],
});

async function open(server: LocalServer): Promise<TestSession> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/session`);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  return new TestSession(socket);
}

/** Takes steps without waiting for more than some answers; returns the answers that came before the kill. */
async function stepUntilKilled(server: LocalServer, killAt: number): Promise<Told[]> {
  const session = await open(server);
  const answers: Told[] = [];
  for (let sent = 0; sent < 16; sent++) session.send(stepOf(sent));
  for (let next = 16; answers.length < killAt; next++) {
    answers.push(await session.next());
    session.send(stepOf(next));
  }
  process.kill(await readRuntimePid(server.folder), "SIGKILL");
  server.process.kill("SIGKILL");
  return answers;
}

test("J17: after a kill a community goes on from a step of the session, and no earlier than it was told to be kept", async () => {
  for (let round = 0; round < countOf(10, 1); round++) {
    const folder = await mkdtemp(join(tmpdir(), "apis-session-"));
    try {
      const killed = await startLocalServer({ units: 2, acceleration: 0, folder });
      const answers = await stepUntilKilled(killed, 137 + 61 * round);
      const last = answers.at(-1) as Told;
      expect(last.keptUntil).toBeGreaterThan(0);
      const server = await startLocalServer({ folder });
      const time = (await (await fetch(`${server.url}/time`)).json()) as { timeS: number; held: boolean };
      const steps = time.timeS / 60;
      expect(Number.isInteger(steps)).toBe(true);
      expect(steps).toBeGreaterThanOrEqual(last.keptUntil);
      expect(time.held).toBe(true);
      // What there is now is what the session was told of that step.
      const session = await open(server);
      const now = await session.ask({ id: 0, observe: ["stateOfChargePercent"] });
      const told = answers[steps - 1];
      if (told !== undefined) expect(now.observations).toEqual(told.observations);
      const { commands } = (await (await fetch(`${server.url}/commands`)).json()) as {
        commands: { get: string }[];
      };
      expect(commands.filter(({ get }) => get.startsWith("/set/emu"))).toHaveLength(steps);
      session.close();
      await server.stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
});
