import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { demandCells, joinCells, solarText } from "../input/csv-text.ts";
import { isRunning, type LocalServer, readRuntimePid, startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

let folder: string;
let data: string;
const running = new Set<LocalServer>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-start-"));
  data = await mkdtemp(join(tmpdir(), "apis-data-"));
  await writeData(5);
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
  await rm(folder, { recursive: true, force: true });
  await rm(data, { recursive: true, force: true });
});

/** A folder of input for `homes` homes, quick to compile. */
async function writeData(homes: number): Promise<void> {
  await writeFile(join(data, "sample_solar_data.csv"), solarText(3));
  await writeFile(join(data, "sample_load_data.csv"), joinCells(demandCells(homes, 3)));
}

/** Starts the emulator on its small input, its state in `folder`. */
async function start(args: string[] = [], units?: number): Promise<LocalServer> {
  const server = await startLocalServer({
    folder,
    args: ["--data", data, "--solar-unit", "W", ...args],
    ...(units === undefined ? {} : { units }),
  });
  running.add(server);
  return server;
}

async function stop(server: LocalServer): Promise<void> {
  running.delete(server);
  await server.stop();
}

async function ask<T>(server: LocalServer, path: string): Promise<T> {
  const response = await fetch(server.url + path);
  const text = await response.text();
  expect(response.status, `${path}: ${text}`).toBe(200);
  return JSON.parse(text) as T;
}

const countUnits = async (server: LocalServer) => Object.keys(await ask<object>(server, "/get/log")).length;
const secondsOf = async (server: LocalServer) => (await ask<{ timeS: number }>(server, "/state")).timeS;

/** Processes whose command line names the folder of this test. */
function listProcesses(): string[] {
  try {
    return execFileSync("pgrep", ["-af", folder], { encoding: "utf8" }).trim().split("\n");
  } catch {
    return [];
  }
}

async function waitUntilNone(): Promise<string[]> {
  let left = listProcesses();
  for (let tries = 0; tries < 50 && left.length > 0; tries++) {
    await sleep(100);
    left = listProcesses();
  }
  return left;
}

describe("starting and stopping", () => {
  test("L1: the ready line comes once the server answers, and names units, address and acceleration", async () => {
    const server = await start(["--acc", "20"], 3);
    const line = server.output().trim().split("\n").at(-1);
    expect(line).toBe(`Ready: 3 units at ${server.url} (acceleration 20). Stop: Ctrl-C`);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await ask(server, "/get/unit/E003")).toMatchObject({ oesunit: { id: "E003" } });
    expect((await fetch(server.url)).status).toBe(200);
  });

  test("L1: without an argument there are as many units as the data has homes, at acceleration 10", async () => {
    const server = await start();
    expect([await countUnits(server), await ask(server, "/get/acc")]).toEqual([5, 10]);
  });

  test("L2: state and rate outlive a stop, and simulated time does not pass while the server is off", async () => {
    const first = await start(["--acc", "100"], 3);
    await ask(first, "/set/dcdc/E002?mode=0x0000&dvg=333.25&dig=1.75&drg=0.039");
    const beforeS = await secondsOf(first);
    const stoppingMs = Date.now();
    await stop(first);
    const stoppedMs = Date.now();
    await sleep(2000);
    const startingMs = Date.now();
    const second = await start();
    const afterS = await secondsOf(second);
    const awakeMs = stoppedMs - stoppingMs + (Date.now() - startingMs);
    expect(afterS).toBeGreaterThanOrEqual(beforeS);
    expect(afterS - beforeS).toBeLessThan((awakeMs / 1000) * 100);
    expect(await ask(second, "/get/acc")).toBe(100);
    expect(await countUnits(second)).toBe(3);
    expect(await ask(second, "/get/dcdc/E002")).toMatchObject({ vdis: { dvg: 333.25, drg: 0.039 } });
    await sleep(100);
    expect(await secondsOf(second)).toBeGreaterThan(afterS);
  });

  test("L2: SIGINT and SIGTERM end it with code 0 and leave no process behind", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const server = await start([], 2);
      expect(listProcesses().length).toBeGreaterThan(1);
      const exit = once(server.process, "exit");
      server.process.kill(signal);
      expect(await exit).toEqual([0, null]);
      running.delete(server);
      expect(await waitUntilNone()).toEqual([]);
    }
  });

  test("L2: a signal to npm start ends it too, with its clock stopped", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const args = ["--data", data, "--solar-unit", "W", "--acc", "7"];
      const server = await startLocalServer({ folder, args, units: 2, byNpm: true });
      const exit = once(server.process, "exit");
      server.process.kill(signal);
      await exit;
      expect(await waitUntilNone()).toEqual([]);
      expect(JSON.parse(await readFile(join(folder, "heartbeat.json"), "utf8"))).toMatchObject({
        stopped: true,
      });
    }
  });

  test("L3: killed with SIGKILL its runtime lets no time pass, and the next start ends it and has all commands", async () => {
    const first = await start(["--acc", "100"], 2);
    for (let charge = 40; charge < 60; charge++) await ask(first, `/set/emu/E001?rsoc=${charge}`);
    await ask(first, "/add/unit");
    await ask(first, "/set/dcdc/current/E003?dig=1.125");
    const beforeS = await secondsOf(first);
    running.delete(first);
    first.process.kill("SIGKILL");
    await sleep(6000);
    const leftS = await secondsOf(first);
    expect(leftS - beforeS).toBeLessThanOrEqual(5 * 100);
    await sleep(1000);
    expect(await secondsOf(first)).toBe(leftS);
    const runtime = await readRuntimePid(folder);
    const second = await start();
    expect(isRunning(runtime)).toBe(false);
    expect(second.output()).toContain("earlier start was still running");
    expect(second.output().match(/"WARNING".*left out/g)).toHaveLength(1);
    expect(await secondsOf(second)).toBeGreaterThanOrEqual(leftS);
    const log = await ask<Record<string, UnitJson>>(second, "/get/log");
    expect(Object.keys(log)).toEqual(["E001", "E002", "E003"]);
    expect(log.E003?.dcdc.param.dig).toBe(1.125);
    expect(Math.abs((log.E001?.emu.rsoc as number) - 59)).toBeLessThan(1.5);
  });
});

describe("what stops a start", () => {
  test("L4: a port that is used is named, with the way out", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const ended = await runProgram("local/start.ts", [
      "--port",
      String(port),
      "--persist",
      folder,
      "--data",
      data,
    ]);
    other.close();
    expect(ended).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(
        new RegExp(
          `^Port ${port} on 127.0.0.1 is in use; choose another with --port \\((\\d+) is free\\)\n$`,
        ),
      ),
    });
    expect(await waitUntilNone()).toEqual([]);
  });

  test("L4: a state folder that another server keeps its state in is named", async () => {
    const first = await start([], 2);
    const ended = await Promise.race([
      runProgram("local/start.ts", ["--port", "0", "--persist", folder, "--data", data]),
      sleep(3000, null),
    ]);
    for (const line of ended === null ? listProcesses() : []) {
      const pid = Number(line.split(" ")[0]);
      if (/start\.ts/.test(line) && pid !== first.process.pid) process.kill(pid, "SIGTERM");
    }
    expect(ended, "a second server started on the same folder").not.toBeNull();
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended?.stderr).toContain(folder);
    expect(await countUnits(first)).toBe(2);
  });

  const wrong: [string[], RegExp][] = [
    [["1001"], /^units is "1001"; allowed: whole numbers 0 to 1000$/],
    [["four"], /^units is "four"; allowed: /],
    [["--acc", "abc"], /^acceleration is "abc"; allowed: 0 to 100000$/],
    [["--acc", "-1"], /^acceleration is "-1"; allowed: 0 to 100000$/],
    [["--port", "99999"], /^b_port is "99999"; allowed: whole numbers 0 to 65535$/],
    [["--solar-unit", "kW"], /^solarUnit is "kW"; allowed: W\/m2, W$/],
    [["--demand-interval", "15"], /^demandIntervalMinutes is "15"; allowed: 30, 60$/],
    [["--set", "batteryVoltage=0"], /^batteryVoltage is "0"; allowed: 1 to 1000$/],
    [["--set", "nonsense=1"], /nonsense/],
    [["--nonsense"], /--nonsense/],
    [["--config", "/nowhere.json"], /\/nowhere\.json/],
    [["--host", "203.0.113.1"], /^Cannot listen on 203\.0\.113\.1/],
    [["--data", "/nowhere"], /^\/nowhere: /],
    [["--jsontmp", "/nowhere"], /^\/nowhere: none of standard\.json, /],
    [["--set", "startTime=2020-01-01T12:00:00"], /^startTime is "2020-01-01T12:00:00"; allowed: midnight/],
  ];

  test("L5: wrong options end the start with code 1 and one line that says what is wrong", async () => {
    for (const [args, line] of wrong) {
      const ended = await runProgram("local/start.ts", [
        "--port",
        "0",
        "--persist",
        folder,
        "--data",
        data,
        ...args,
      ]);
      expect([ended.code, ended.stdout], args.join(" ")).toEqual([1, ""]);
      expect(ended.stderr.trim(), args.join(" ")).toMatch(line);
      expect(ended.stderr.trim().split("\n"), ended.stderr).toHaveLength(1);
    }
  });

  test("L5: a wrong CSV ends the start with its file, row, column and reason", async () => {
    const path = join(data, "sample_solar_data.csv");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(/,[^,]*,/, ",abc,"));
    const ended = await runProgram("local/start.ts", ["--port", "0", "--persist", folder, "--data", data]);
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect(ended.stderr).toContain(path);
    expect(ended.stderr).toMatch(/row 1.*column 2.*abc/);
    expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("data that can hardly be meant", () => {
  test("I31: they are told of once by the start, and once in the log of the community", async () => {
    const solar = `${"0,".repeat(12)}0.9${",0".repeat(10)},-3\n`.repeat(3);
    await writeFile(join(data, "sample_solar_data.csv"), solar);
    const warnings = [
      "sample_solar_data.csv, row 1, column 24: 3 negative values, -3 the lowest, read as 0",
      "sample_solar_data.csv, row 1, column 13: the highest irradiance is 0.9 W/m², never above 20; is the file in kW/m² or MJ/m²?",
      "sample_load_data.csv, row 2: the data begin on 2020-02-27, but startTime says 2020-02-26T00:00:00, which is used",
    ];
    for (let starts = 1; starts <= 2; starts++) {
      const server = await start(["--solar-unit", "W/m2", "--set", "startTime=2020-02-26T00:00:00"], 2);
      const lines = server.output().trim().split("\n");
      expect(lines.filter((line) => line.startsWith("Warning"))).toEqual(
        warnings.map((line) => `Warning: ${line}`),
      );
      const kept = await ask<{ level: string; message: string }[]>(server, "/log?level=WARNING");
      expect(kept.map(({ level, message }) => [level, message])).toEqual(
        warnings.map((line) => ["WARNING", line]),
      );
      await stop(server);
      const written = await readFile(join(folder, "log", "emulator.log"), "utf8");
      for (const line of warnings) expect(written.split(JSON.stringify(line))).toHaveLength(1 + starts);
    }
  });

  test("I30: time begins with the data; a stored run keeps its start until its clock is set back", async () => {
    const dayOf = async (server: LocalServer) =>
      (await ask<{ time: string }>(server, "/get/unit/E001")).time.slice(0, 10);
    const first = await start(["--acc", "0"], 2);
    expect(await dayOf(first)).toBe("2020/02/27");
    await stop(first);
    const other = await start(["--set", "startTime=2013-07-01T00:00:00"]);
    expect(await dayOf(other)).toBe("2020/02/27");
    expect(other.output()).toContain("This run began at 2020-02-27T00:00:00 and keeps that");
    await ask(other, "/set/emu/E001?rsoc=60");
    expect(await dayOf(other)).toBe("2020/02/27");
    const begun = await ask<Record<string, UnitJson>>(other, "/restart?clock=start");
    expect(begun.E001?.time).toBe("2013/07/01-00:00:00");
    expect(await dayOf(other)).toBe("2013/07/01");
    await stop(other);
    const again = await start();
    expect(await dayOf(again)).toBe("2013/07/01");
    const { run } = await ask<CommandLog>(again, "/commands");
    expect(run.chapters[0]?.config.startTime).toBe("2013-07-01T00:00:00");
  });
});

describe("a run of an earlier release", () => {
  const stored = fileURLToPath(new URL("../stored-forms/version-2", import.meta.url));
  const readTime = async (server: LocalServer) =>
    (await ask<{ time: string }>(server, "/get/unit/E001")).time;

  test("I30: it keeps the start that it had, whatever the date of the data, and they are compiled again", async () => {
    await cp(join(stored, "folder"), folder, { recursive: true });
    const same = await startLocalServer({ folder, args: ["--data", join(stored, "data")] });
    running.add(same);
    expect(await readTime(same)).toBe("2020/01/03-15:56:00");
    expect(JSON.parse(await readFile(join(folder, "input", "manifest.json"), "utf8"))).toMatchObject({
      demand: { firstDate: { date: "2020-01-01", row: 2 } },
    });
    await stop(same);
    const demand = await readFile(join(stored, "data", "load_data.csv"), "utf8");
    await rm(data, { recursive: true });
    await cp(join(stored, "data"), data, { recursive: true });
    await writeFile(join(data, "load_data.csv"), demand.replaceAll(",2020,1,", ",2013,7,"));
    const later = await startLocalServer({ folder, args: ["--data", data] });
    running.add(later);
    expect(await readTime(later)).toBe("2020/01/03-15:56:00");
    expect(later.output()).toContain("This run began at 2020-01-01T00:00:00 and keeps that");
  });
});

describe("what is kept", () => {
  test("L6: the units argument adjusts the community that was kept, and --reset forgets it", async () => {
    const first = await start([], 2);
    await ask(first, "/set/dcdc/E001?mode=0x0000&dvg=311&dig=1");
    await stop(first);
    const more = await start([], 4);
    expect(more.output()).toContain("had 2 units; now it has 4");
    expect(await countUnits(more)).toBe(4);
    expect(await ask(more, "/get/dcdc/E001")).toMatchObject({ vdis: { dvg: 311 } });
    await stop(more);
    const fewer = await start([], 1);
    expect(await countUnits(fewer)).toBe(1);
    await stop(fewer);
    const forgotten = await start(["--reset"], 3);
    expect(await countUnits(forgotten)).toBe(3);
    expect(await ask(forgotten, "/get/dcdc/E001")).toMatchObject({ vdis: { dvg: 359.98 } });
    expect(await secondsOf(forgotten)).toBeLessThan(100);
  });

  test("L6: data of 1,200 homes begin with the 1,000 units that are allowed, and say so", async () => {
    await writeData(1200);
    const server = await start();
    expect(await countUnits(server)).toBe(1000);
    expect(server.output()).toContain("The data have 1200 homes; the community begins with 1000 units");
    expect(server.output()).toMatch(/^Ready: 1000 units at/m);
    const warnings = await ask<{ message: string }[]>(server, "/log?level=WARNING");
    expect(warnings.filter(({ message }) => message.startsWith("The data have 1200 homes"))).toHaveLength(1);
    await ask(server, "/remove/unit");
    await ask(server, "/add/unit");
    expect((await fetch(`${server.url}/add/unit`)).status).toBe(409);
    expect(await countUnits(server)).toBe(1000);
  }, 60_000);

  test("L6: a community that was kept with more units than are allowed now keeps them, and it is said", async () => {
    await stop(await start());
    const server = await start(["--set", "maximumUnits=4"]);
    expect(await countUnits(server)).toBe(5);
    expect(server.output()).toContain("It keeps its 5 units, and none can be added: maximumUnits is 4");
    expect((await fetch(`${server.url}/add/unit`)).status).toBe(409);
    await stop(server);
    const fewer = await start(["--set", "maximumUnits=4"], 4);
    expect(await countUnits(fewer)).toBe(4);
    expect(fewer.output()).not.toContain("none can be added");
  });

  test("L6: --reset removes only what the emulator itself has kept in the folder", async () => {
    const own = join(folder, "notes.txt");
    await writeFile(own, "not the emulator's");
    const server = await start(["--reset"], 2);
    expect(await readFile(own, "utf8")).toBe("not the emulator's");
    expect(await countUnits(server)).toBe(2);
  });

  test("L13: each Save All is in jsontmp/lastSave.json of the state folder once it is answered", async () => {
    const server = await start([], 3);
    const file = join(folder, "jsontmp", "lastSave.json");
    expect(existsSync(file)).toBe(false);
    const saved = await ask<Record<string, UnitJson>>(server, "/save");
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(saved);
    await ask(server, "/set/emu/E002?rsoc=12.5");
    const again = await ask<Record<string, UnitJson>>(server, "/save?format=file");
    expect(again.E002?.emu.rsoc).toBe(12.5);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(again);
    await Promise.all([1, 2, 3, 4, 5].map(() => ask(server, "/save")));
    expect(await readdir(join(folder, "jsontmp"))).toEqual(["lastSave.json"]);
    // What cannot be written fails no command, and is said.
    await rm(join(folder, "jsontmp"), { recursive: true });
    await writeFile(join(folder, "jsontmp"), "");
    await ask(server, "/save");
    expect(await ask(server, "/log?level=WARNING")).toMatchObject([
      { message: "jsontmp/lastSave.json was not written" },
    ]);
  });

  test("L7: a CSV that was replaced is used from the next start on", async () => {
    const path = join(data, "sample_load_data.csv");
    const withDemand = (kilowatts: string) =>
      joinCells(
        demandCells(2, 3).map((row, i) =>
          i === 0 ? row : [...row.slice(0, 6), ...new Array(48).fill(kilowatts)],
        ),
      );
    const powerOf = async (server: LocalServer) =>
      (await ask<UnitJson["emu"]>(server, "/get/emu/E001")).ups_output_power;
    await writeFile(path, withDemand("0.25"));
    const first = await start(["--acc", "1"]);
    expect(await powerOf(first)).toBe(250);
    await stop(first);
    await writeFile(path, withDemand("0.75"));
    const second = await start();
    expect(await powerOf(second)).toBe(750);
  });
});

describe("under load", () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startLocalServer({ units: 4 });
  });
  afterAll(() => server?.stop());

  test("L8: a query of 100 kB and one of 1 MB are refused, and the next request is served", async () => {
    for (const bytes of [20_000, 100_000, 1_000_000]) {
      const path = `/set/dcdc/E001?mode=${"1".repeat(bytes)}`;
      const response = await fetch(server.url + path);
      await response.text();
      expect(response.status, `${bytes} bytes`).toBeGreaterThanOrEqual(400);
      expect(response.status, `${bytes} bytes`).toBeLessThan(500);
      expect(await ask(server, "/get/unit/E001")).toMatchObject({ dcdc: { status: { status: "0x0000" } } });
    }
  });

  test("L8: a body of 1 MB is refused, and the next request is served", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", headers, body: `mode=${"1".repeat(1_000_000)}` };
    const response = await fetch(`${server.url}/set/dcdc/E001`, init);
    expect([response.status, await response.json()]).toMatchObject([413, { error: { code: "too_large" } }]);
    expect(await ask(server, "/get/unit/E001")).toMatchObject({ dcdc: { status: { status: "0x0000" } } });
  });

  test("L9: sixty connections are all answered while commands run", async () => {
    let isDone = false;
    const command = async () => {
      for (let i = 0; !isDone; i++) await ask(server, `/set/dcdc/current/E002?dig=${(i % 20) / 10}`);
    };
    const read = async () => {
      for (let i = 0; i < 15; i++) expect(await ask(server, "/get/unit/E001")).toHaveProperty("emu.rsoc");
      return 15;
    };
    const commands = command();
    const counts = await Promise.all(Array.from({ length: 60 }, read));
    isDone = true;
    await commands;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(900);
  });

  test("L9: commands at once are each performed once", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => fetch(`${server.url}/add/unit`)));
    expect(answers.map(({ status }) => status)).toEqual(new Array(30).fill(200));
    expect(await countUnits(server)).toBe(34);
  });
});
