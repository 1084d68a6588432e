import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { seededChoice } from "../conformance/seeded-choice.ts";
import { countOf } from "../support/counts.ts";
import { type LocalServer, readRuntimePid, startLocalServer } from "../support/local-server.ts";

const scenarios = countOf(20, 2);
const seed = 43_900;
const choose = seededChoice(seed);
const pick = <T>(list: readonly T[]): T => list[choose(list.length)] as T;

interface Stage {
  readonly untilS: number;
  readonly path: string;
}

/** Commands, each at a simulated second of its own. */
function drawStages(): Stage[] {
  let untilS = 0;
  return Array.from({ length: 6 }, () => {
    untilS += pick([0, 1800, 1 + choose(50_000)]);
    const unit = `E00${1 + choose(3)}`;
    const mode = pick(["0x0000", "0x0002", "0x0014", "0x0041"]);
    const path = pick([
      `/set/emu/${unit}?rsoc=${choose(101)}`,
      `/set/emu/${unit}?pvc_charge_power=${choose(3000)}`,
      `/set/dcdc/${unit}?mode=${mode}&dvg=350&dig=${choose(3)}`,
      "/save",
      "/get/last",
    ]);
    return { untilS, path };
  });
}

const get = async (server: LocalServer, path: string) => {
  const response = await fetch(server.url + path);
  const text = await response.text();
  expect(response.status, `${path}: ${text.slice(0, 200)}`).toBe(200);
  return text;
};

/** All that is told of homes and their past. */
async function tell(server: LocalServer): Promise<string[]> {
  const paths = [
    "/get/log",
    "/history?resolution=1800",
    "/history?unit=E002&resolution=900",
    "/data/output/indivLog.csv",
  ];
  const told: string[] = [];
  for (const path of paths) told.push(await get(server, path));
  return told;
}

/** Leaves the server alone for so long that the runtime evicts the community, and makes sure that it did. */
async function leaveAlone(server: LocalServer): Promise<void> {
  await sleep(11_500);
  // What an awake object counts begins at nothing when it wakes.
  expect(await get(server, "/metrics")).not.toContain("apis_requests_total{");
}

async function killAll(server: LocalServer): Promise<void> {
  const runtime = await readRuntimePid(server.folder);
  for (const pid of [server.process.pid as number, runtime]) process.kill(pid, "SIGKILL");
}

test(`T8: ${scenarios} live scenarios with holds, steps, evictions and kills come to the bit to where a whole run comes`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-held-"));
  const whole = await startLocalServer({ units: 3, acceleration: 10 });
  let killed = await startLocalServer({ units: 3, acceleration: 10, folder });
  try {
    for (let scenario = 0; scenario < scenarios; scenario++) {
      const stages = drawStages();
      for (const server of [whole, killed]) {
        await get(server, "/time/hold");
        await get(server, "/restart?clock=start&units=3");
      }
      const [last, idle] = [choose(stages.length), choose(stages.length)];
      for (const [index, { untilS, path }] of stages.entries()) {
        await get(whole, `/time/until?time=${untilS}`);
        await get(whole, path);
        const { timeS } = JSON.parse(await get(killed, "/time")) as { timeS: number };
        const way = pick(["steps", "runs", "at once"]);
        // At acceleration 10 a run of a moment comes nowhere near the next one.
        if (way === "runs" && untilS - timeS > 1000) {
          await get(killed, "/time/run");
          await get(killed, "/state");
          await get(killed, "/time/hold");
        }
        if (way === "steps")
          for (let k = 0; k < 5; k++)
            await get(killed, `/time/step?seconds=${Math.floor((untilS - timeS) / 5)}`);
        if (index === idle) await leaveAlone(killed);
        if (index === last) {
          await killAll(killed);
          killed = await startLocalServer({ folder });
        }
        await get(killed, `/time/until?time=${untilS}`);
        await get(killed, path);
      }
      expect(await tell(killed), `seed ${seed}, scenario ${scenario}: ${JSON.stringify(stages)}`).toEqual(
        await tell(whole),
      );
    }
  } finally {
    await whole.stop();
    await killed.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 1_200_000);

const restores = countOf(20, 2);

test(`T15: of ${restores} kills in the middle of a restore each leaves all that was before it or all that was then`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-restore-"));
  let server = await startLocalServer({ units: 20, acceleration: 0, folder });
  const outcomes = { before: 0, after: 0 };
  try {
    await get(server, "/time/step?seconds=50000");
    await get(server, "/set/emu/E001?rsoc=33");
    await get(server, "/snapshots/keep?name=then");
    const then = await tell(server);
    for (let kill = 0; kill < restores; kill++) {
      for (let day = 0; day < 3; day++) {
        await get(server, "/time/step?seconds=86400");
        for (let unit = 1; unit <= 9; unit++) await get(server, `/set/emu/E00${unit}?rsoc=${choose(101)}`);
      }
      const before = await tell(server);
      const answered = fetch(`${server.url}/snapshots/restore?name=then`).then(
        ({ status }) => status,
        () => null,
      );
      await sleep(choose(12));
      await killAll(server);
      const status = await answered;
      server = await startLocalServer({ folder });
      const now = await tell(server);
      const isAfter = JSON.stringify(now) === JSON.stringify(then);
      if (!isAfter) expect(now, `seed ${seed}, kill ${kill}`).toEqual(before);
      // What was answered is done.
      if (status === 200) expect(isAfter).toBe(true);
      outcomes[isAfter ? "after" : "before"]++;
      if (!isAfter) await get(server, "/snapshots/restore?name=then");
      expect(await tell(server)).toEqual(then);
    }
    console.log(`kills in a restore: ${JSON.stringify(outcomes)}`);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
