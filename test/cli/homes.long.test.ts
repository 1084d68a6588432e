import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { HomeSpec } from "../../src/input/homes/home-schema.ts";
import { demandCells, joinCells, solarText } from "../input/csv-text.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

let data: string;
let folder: string;
const running = new Set<LocalServer>();

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "apis-data-"));
  folder = await mkdtemp(join(tmpdir(), "apis-homes-"));
  await writeFile(join(data, "a_solar_data.csv"), solarText(3));
  await writeFile(join(data, "a_load_data.csv"), joinCells(demandCells(5, 3)));
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
  for (const each of [data, folder]) await rm(each, { recursive: true, force: true });
});

async function start(args: readonly string[] = []): Promise<LocalServer> {
  const server = await startLocalServer({ folder, args: ["--data", data, "--solar-unit", "W", ...args] });
  running.add(server);
  return server;
}
async function stop(server: LocalServer): Promise<void> {
  running.delete(server);
  await server.stop();
}
const homesOf = async ({ url }: LocalServer): Promise<HomeSpec[]> =>
  (await (await fetch(`${url}/homes`)).json()).homes;
const capacitiesOf = async (server: LocalServer) =>
  (await homesOf(server)).map(({ battery }) => battery?.capacityWh);

test("HM8: a file beside the data makes the homes of a community that begins, and what is put stays through a stop and another file", async () => {
  await writeFile(
    join(data, "homes.csv"),
    "id;battery.capacityWh;data.demandHome\nx;5000;5\ny;6000;\nz;7000;\n",
  );
  let server = await start();
  expect(await capacitiesOf(server)).toEqual([5000, 6000, 7000]);
  await stop(server);

  // Another file begins a chapter, since the community has no homes of its own yet.
  const file = join(data, "others.json");
  await writeFile(file, JSON.stringify({ default: { battery: { capacityWh: 8000 } } }));
  server = await start(["--homes", file]);
  expect(await capacitiesOf(server)).toEqual([8000, 8000, 8000]);
  const put = await fetch(`${server.url}/homes`, {
    method: "PUT",
    body: '[{"battery":{"capacityWh":9000}}]',
  });
  expect(put.status, await put.text()).toBe(200);
  await fetch(`${server.url}/set/home/E002?battery.capacityWh=9500`, { method: "POST" });
  await stop(server);

  server = await start();
  expect(await capacitiesOf(server)).toEqual([9000, 9500, 4800]);
  const log = (await (await fetch(`${server.url}/commands`)).json()) as CommandLog;
  expect(log.run.chapters.map(({ own }) => own)).toEqual([[], [], ["homes"], ["homes"]]);
  const lines: { message: string }[] = await (await fetch(`${server.url}/log`)).json();
  expect(lines.map(({ message }) => message).join()).toMatch(/keeps its own homes/);

  // The whole of it, performed again.
  const logFile = join(folder, "commands.json");
  await writeFile(logFile, JSON.stringify(log));
  const files = ["--solar", join(data, "a_solar_data.csv"), "--demand", join(data, "a_load_data.csv")];
  const again = await runProgram("headless/simulate.ts", [...files, "--every", "60", "--replay", logFile]);
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout).units).toEqual(["E001", "E002", "E003"]);
}, 120_000);

test("HM8: a file that is wrong stops a start, and homes of the data that there are not", async () => {
  const file = join(data, "wrong.json");
  for (const [text, message] of [
    ['[{"battery":{"capacityWh":"big"}}]', /battery\.capacityWh is "big"; allowed: 1 to 1000000000/],
    ['[{"data":{"demandHome":6}}]', /data\.demandHome is 6; allowed: 1 to 5, the homes of the data/],
    ["{", /this is no JSON/],
  ] as const) {
    await writeFile(file, text);
    await expect(start(["--homes", file])).rejects.toThrow(message);
  }
  await writeFile(join(data, "homes.json"), "[]");
  await writeFile(join(data, "homes.csv"), "id\na\n");
  await expect(start()).rejects.toThrow(/one file of homes belongs here; found: homes\.csv, homes\.json/);
}, 120_000);

test("HM8: a headless run takes a file of homes, and commands that change them at their seconds", async () => {
  const homes = join(data, "h.csv");
  await writeFile(homes, "id,battery.capacityWh,battery.initialPercent\na,5000,40\nb,6000,60\n");
  const commands = join(data, "c.json");
  await writeFile(
    commands,
    JSON.stringify([
      { at: 3600, get: "/set/home/b?battery.capacityWh=3000" },
      { at: 7200, get: "/homes", body: [{ battery: { capacityWh: 1000 } }] },
    ]),
  );
  const files = ["--solar", join(data, "a_solar_data.csv"), "--demand", join(data, "a_load_data.csv")];
  const run = async (...more: string[]) => {
    const args = [...files, "--solar-unit", "W", "--homes", homes, "--units", "0", "--hours", "24", ...more];
    const { code, stdout, stderr } = await runProgram("headless/simulate.ts", args);
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const plain = await run();
  expect(plain.units).toEqual(["E001", "E002"]);
  expect(plain.hourlyRsoc[0]).toEqual([0, 40, 60]);
  const changed = await run("--commands", commands);
  expect(changed.hourlyRsoc.slice(0, 2)).toEqual(plain.hourlyRsoc.slice(0, 2));
  expect(changed.hourlyRsoc[4]).not.toEqual(plain.hourlyRsoc[4]);
  expect(Math.abs(changed.balanceResidualWh)).toBeLessThan(1e-6);
}, 120_000);
