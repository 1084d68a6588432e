import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { UnitHistory } from "../../src/community/records/history.ts";
import type { SummaryRow } from "../../src/community/records/summary.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

/** Three homes, five days of the sample, in a folder of each test's own. */
let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-chapters-"));
  data = join(folder, "csv");
  await cp("test/stored-forms/version-2/data", data, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const start = (...args: string[]) => startLocalServer({ folder, args: ["--data", data, ...args], units: 2 });
const get = async (server: LocalServer, path: string) => (await fetch(server.url + path)).text();
const ask = async <T>(server: LocalServer, path: string) => JSON.parse(await get(server, path)) as T;
const individual = "data/output/indivLog.csv";

async function passTime(server: LocalServer, untilS: number): Promise<void> {
  await get(server, "/set/acc/50000");
  while ((await ask<{ timeS: number }>(server, "/state")).timeS < untilS);
  await get(server, "/set/acc/0");
}

/** What is shown of all units now, and told of the days that have ended and of the hours of E002. */
async function tell(server: LocalServer) {
  const units = Object.values(
    await ask<Record<string, { emu: { rsoc: number }; dcdc: { powermeter: { kwh1: number } } }>>(
      server,
      "/get/log",
    ),
  );
  return {
    charges: units.map(({ emu }) => emu.rsoc),
    meters: units.map(({ dcdc }) => dcdc.powermeter.kwh1),
    days: (await ask<{ rows: SummaryRow[] }>(server, "/summary")).rows,
    hours: await ask<UnitHistory>(server, "/history?unit=E002&resolution=3600&to=86400"),
    readings: Papa.parse<string[]>((await get(server, `/${individual}`)).trim()).data,
  };
}

async function stopAndCompareFile(server: LocalServer): Promise<void> {
  const served = await get(server, `/${individual}`);
  await server.stop();
  expect(await readFile(join(folder, individual), "utf8")).toBe(served);
}

test("Q7: a local server started with another battery, then with other data, rewrites nothing; its files are what is served", async () => {
  const first = await start();
  await passTime(first, 120_000);
  const before = await tell(first);
  expect(before.days).toHaveLength(1);
  await stopAndCompareFile(first);

  const second = await start("--set", "batterySize=9600");
  expect(await tell(second)).toEqual(before);
  await passTime(second, 190_000);
  await get(second, "/set/emu/E002?rsoc=44");
  const between = await tell(second);
  expect(between.days.slice(0, 1)).toEqual(before.days);
  await stopAndCompareFile(second);

  const log = join(folder, "commands.json");
  const solar = join(data, "solar_data.csv");
  const demand = join(data, "load_data.csv");
  const text = await readFile(demand, "utf8");
  await writeFile(demand, text.replaceAll("0.073", "1.999"));
  const third = await start("--set", "batterySize=9600");
  expect(await tell(third)).toEqual(between);
  await passTime(third, 260_000);
  expect((await tell(third)).days.slice(0, 2)).toEqual(between.days);
  const commands = await ask<CommandLog>(third, "/commands");
  expect(commands.run.chapters.map(({ config }) => config.batterySize.default)).toEqual([4800, 9600, 9600]);
  expect(new Set(commands.run.chapters.map(({ inputHash }) => inputHash)).size).toBe(2);
  await writeFile(log, JSON.stringify(commands));
  await stopAndCompareFile(third);
  const refused = await runProgram("headless/simulate.ts", [
    "--solar",
    solar,
    "--demand",
    demand,
    "--replay",
    log,
  ]);
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(
    /cannot be repeated: from simulated second [\d.]+ on it was made with other data\n$/,
  );

  // Without the data of the first chapters their days are told, and no hour is guessed.
  const kept = join(folder, "input/earlier");
  expect(await readdir(kept)).toHaveLength(1);
  await rm(kept, { recursive: true });
  const fourth = await start("--set", "batterySize=9600");
  const after = await tell(fourth);
  expect(after.days.slice(0, 2)).toEqual(between.days);
  expect(after.hours.rsoc.every((value) => value === null)).toBe(true);
  await fourth.stop();
}, 120_000);

test("Q7: a run with several batteries on the same data is performed again by simulate", async () => {
  const first = await start();
  await passTime(first, 60_000);
  await get(first, "/set/emu/E001?rsoc=70");
  await first.stop();
  const second = await start("--set", "batterySize=2000", "--set", "DCCstLoss=60");
  await passTime(second, 120_000);
  const told = await tell(second);
  const log = join(folder, "commands.json");
  await writeFile(log, await get(second, "/commands"));
  await second.stop();
  const files = ["--solar", join(data, "solar_data.csv"), "--demand", join(data, "load_data.csv")];
  const { code, stdout } = await runProgram("headless/simulate.ts", [
    ...files,
    "--replay",
    log,
    "--every",
    "10",
  ]);
  expect(code).toBe(0);
  const again = JSON.parse(stdout) as { hourlyRsoc: number[][]; dailyEnergyWh: { acin: number[] }[] };
  const last = again.hourlyRsoc.at(-1)?.slice(1) as number[];
  for (const [unit, charge] of told.charges.entries()) expect(last[unit]).toBeCloseTo(charge, 0);
  expect(again.dailyEnergyWh[0]?.acin.reduce((sum, wh) => sum + wh)).toBeCloseTo(
    told.days[0]?.acin as number,
    6,
  );
}, 120_000);
