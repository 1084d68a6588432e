import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { loadInput } from "../../src/input/series/load-input.ts";
import { type Action, Community, type CommunityData } from "../../src/laboratory/index.ts";
import { startLocalServer } from "../support/local-server.ts";
import type { Figure, Workspace } from "./figures.ts";
import { median, timeMs, timeRuns } from "./timing.ts";

const steps = 35_040 / 12;

/** Stepping a community: in this process, over HTTP, over a WebSocket, and plans that are rolled out. */
export async function measureStep({ inputFolder }: Workspace): Promise<Figure[]> {
  const data = await readSample(inputFolder, 100);
  const inProcess = [await measureObserving(data), await measureActing(data)];
  const four = await startLocalServer({ units: 4 });
  const overHttp = [await measureHttp(four.url, false), await measureHttp(four.url, true)];
  const session = await measureSession(four.url);
  await four.stop();
  const twenty = await startLocalServer({ units: 20 });
  const rollout = await measureRollout(twenty.url);
  await twenty.stop();
  return [...inProcess, ...overHttp, session, rollout];
}

const observe = ["stateOfChargePercent", "gridPowerW"];

/** An action that differs from the one before. */
const actionOf = (step: number): Action => ({
  unit: "E002",
  set: { mode: step % 2 === 0 ? "0x0041" : "0x0000", dig: 2 },
});

/** Posts a body over one connection; gives the answer. */
function post(agent: Agent, url: string, body: unknown): Promise<string> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const asked = request(url, { method: "POST", agent, headers }, (response) => {
      let answer = "";
      response.on("data", (chunk) => {
        answer += chunk;
      });
      response.on("end", () =>
        response.statusCode === 200
          ? resolve(answer)
          : reject(new Error(`${response.statusCode}: ${answer}`)),
      );
    });
    asked.on("error", reject);
    asked.end(text);
  });
}

/** The median time of one `/step` of 15 min, of 4 homes. */
async function measureHttp(url: string, acts: boolean): Promise<Figure> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await post(agent, `${url}/step`, {
    actions: [{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }],
    seconds: 900,
  });
  let count = 0;
  const step = () =>
    post(agent, `${url}/step`, { ...(acts && { actions: [actionOf(count++)] }), seconds: 60, observe });
  // The first ones are half as slow again, until the engine has compiled their way.
  await timeRuns(1000, step);
  const times = await timeRuns(1000, step);
  agent.destroy();
  const name = `/step over HTTP, 4 homes, ${acts ? "with" : "without"} an action, p50`;
  return { name, value: median(times), unit: "ms", target: { most: acts ? 2 : 1 } };
}

/** Steps a second on one `/session`, with an action each, of 4 homes. */
async function measureSession(url: string): Promise<Figure> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/session`);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  const steps = 10_000;
  const ms = await timeMs(async () => {
    let [sent, answered] = [0, 0];
    const send = () =>
      socket.send(JSON.stringify({ id: sent, actions: [actionOf(sent++)], seconds: 60, observe }));
    await new Promise<void>((resolve) => {
      socket.addEventListener("message", () => {
        answered++;
        if (sent < steps) send();
        if (answered === steps) resolve();
      });
      while (sent < 32) send();
    });
  });
  socket.close();
  return {
    name: "/session, 4 homes, an action each step",
    value: steps / (ms / 1000),
    unit: "steps/s",
    target: { least: 2000 },
  };
}

/** 100 plans of a day in steps of 15 min, of 20 homes. */
async function measureRollout(url: string): Promise<Figure> {
  const plans = Array.from({ length: 100 }, (_, plan) =>
    Array.from({ length: 96 }, (_, step) => ({
      seconds: 900,
      ...(step % 8 === plan % 8 && { actions: [actionOf(step / 8 + plan)] }),
    })),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = await timeRuns(5, () => post(agent, `${url}/rollout`, { plans, observe }));
  agent.destroy();
  const name = "/rollout over HTTP, 100 plans × 96 steps × 20 homes";
  return { name, value: median(times), unit: "ms", target: { most: 1000 } };
}

/** The sample data of so many homes as the package takes them. */
async function readSample(inputFolder: string, homes: number): Promise<CommunityData> {
  const read = async (name: string) => new Uint8Array(await readFile(join(inputFolder, name))).buffer;
  const input = await loadInput(
    read,
    Array.from({ length: homes }, (_, home) => home),
    30,
  );
  const demand = Array.from({ length: homes }, (_, home) => input.demandOf(home).values);
  return { solar: input.solar.values, demand };
}

/** 100 homes in steps of 15 min, all that can be observed of them told after each. */
async function measureObserving(data: CommunityData): Promise<Figure> {
  const run = () => {
    const community = Community.create({ data });
    for (let step = 0; step < steps; step++) {
      community.advance({ seconds: 900 });
      community.observe();
      community.energies();
    }
  };
  await timeRuns(1, run);
  const ms = median(await timeRuns(3, run));
  const value = (steps * 100) / (ms / 1000);
  return {
    name: "steps of 15 min, 100 homes, all observed",
    value,
    unit: "home-steps/s",
    target: { least: 500_000 },
  };
}

/** 19 homes in steps of 15 min with an action each. */
async function measureActing(data: CommunityData): Promise<Figure> {
  const modes = ["0x0041", "0x0002", "0x0000"];
  const run = () => {
    const community = Community.create({ data, homes: 19 });
    community.act([{ unit: "E001", set: { mode: "0x0014", dvg: 350 } }]);
    for (let step = 0; step < steps; step++) {
      const action: Action = {
        unit: `E0${String((step % 18) + 2).padStart(2, "0")}`,
        set: { mode: modes[step % 3] as string, dig: 2 },
      };
      community.step({ actions: [action], seconds: 900 });
      community.observe(["stateOfChargePercent"]);
    }
  };
  await timeRuns(1, run);
  const ms = median(await timeRuns(3, run));
  const value = steps / (ms / 1000);
  return {
    name: "steps of 15 min with an action, 19 homes",
    value,
    unit: "steps/s",
    target: { least: 3000 },
  };
}
