import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { openLogFile } from "../../src/cli/local/log-file.ts";
import type { KeptLine } from "../../src/community/watching/kept-log.ts";
import { runProgram } from "../cli/run-program.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";

let server: LocalServer;
let folder: string;
const get = async (path: string) => (await fetch(server.url + path)).text();
const readLog = async (query = "") => JSON.parse(await get(`/log${query}`)) as KeptLine[];
const readFileLog = () => readFile(join(server.folder, "log/emulator.log"), "utf8");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-log-"));
  server = await startLocalServer({ units: 2, acceleration: 60, args: ["--set", "logLevel=DEBUG"] });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test("N5: a missing parameter is a WARNING with the request and the parameter, on /log and in the file", async () => {
  await get("/set/dcdc/E001?mode=0x0014&dig=2");
  const [line] = (await readLog("?level=WARNING")).slice(-1);
  expect(line).toMatchObject({
    level: "WARNING",
    message: "dvg is missing",
    fields: {
      code: "missing_parameter",
      parameter: "dvg",
      url: expect.stringContaining("/set/dcdc/E001?mode"),
    },
  });
  await expect.poll(readFileLog).toContain('"level":"WARNING","message":"dvg is missing"');
});

test("N5: a ramp that has ended is INFO with its simulated time", async () => {
  await get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  const infos = async () => {
    await get("/get/log");
    return (await readLog("?level=INFO")).filter(({ level }) => level === "INFO");
  };
  await expect.poll(infos, { timeout: 10_000 }).toHaveLength(1);
  expect((await infos())[0]).toMatchObject({
    message: "The bus has reached 350 V",
    fields: { time: expect.any(String) },
  });
});

test("N5: DEBUG has each request, reads among them, and only if it is asked for", async () => {
  const count = (lines: KeptLine[]) => lines.filter(({ message }) => message === "Request").length;
  await get("/set/acc/60");
  const before = count(await readLog());
  expect(before).toBeGreaterThan(0);
  for (let k = 0; k < 5; k++) await get("/get/acc");
  // The five, and this reading of the log itself.
  expect(count(await readLog())).toBe(before + 6);
  expect((await readLog("?level=INFO")).some(({ level }) => level === "DEBUG")).toBe(false);
  expect(await readLog(`?since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
});

test("N5, N10: a CSV file that cannot be read is an ERROR in the file, which begins with the release", async () => {
  const data = join(folder, "data");
  const persist = join(folder, "state");
  const { mkdir } = await import("node:fs/promises");
  await mkdir(data);
  await writeFile(join(data, "x_solar_data.csv"), "no numbers\n");
  await writeFile(join(data, "x_load_data.csv"), "");
  const { code } = await runProgram("local/start.ts", ["--port", "0", "--persist", persist, "--data", data]);
  expect(code).toBe(1);
  const [first, line] = (await readFile(join(persist, "log/emulator.log"), "utf8")).trim().split("\n");
  // N10: before anything else the file says which release wrote it.
  expect(JSON.parse(first as string)).toMatchObject({ level: "INFO", release: packageJson.version });
  expect(JSON.parse(line as string)).toMatchObject({
    level: "ERROR",
    message: expect.stringContaining("csv"),
  });
});

const lineOf = (day: number) => JSON.stringify({ level: "INFO", message: `day ${day}`, day });

test("N9: the file holds what its level says, as JSON or as text", async () => {
  const lines = [
    { level: "DEBUG", message: "Request", request: { kind: "log" } },
    { level: "WARNING", message: "rsoc is wrong", parameter: "rsoc" },
  ].map((line) => JSON.stringify(line));
  const write = async (name: string, least: "DEBUG" | "WARNING", format: "JSON" | "text") => {
    const log = openLogFile(join(folder, "formats", name), { least, format }, console.error);
    for (const line of [...lines, "the runtime's own words"]) log.add(line);
    await log.end();
    return (await readFile(join(folder, "formats", name), "utf8")).trim().split("\n");
  };
  expect(await write("all.log", "DEBUG", "JSON")).toEqual([...lines, "the runtime's own words"]);
  expect(await write("some.txt", "WARNING", "text")).toEqual([
    expect.stringMatching(/^\S+Z WARNING rsoc is wrong parameter="rsoc"$/),
    expect.stringMatching(/^\S+Z WARNING the runtime's own words$/),
  ]);
});

test("N6: a new day begins a new file, and five old ones are kept", async () => {
  const logs = join(folder, "rotation");
  for (let day = 1; day <= 8; day++) {
    const log = openLogFile(join(logs, "emulator.log"), { least: "DEBUG", format: "JSON" }, console.error);
    log.add(lineOf(day));
    await log.end();
    const written = new Date(2026, 0, day, 12);
    await utimes(join(logs, "emulator.log"), written, written);
  }
  const names = (await readdir(logs)).filter((name) => name.endsWith(".log")).sort();
  expect(names).toHaveLength(6);
  expect(await readFile(join(logs, "emulator.log"), "utf8")).toBe(`${lineOf(8)}\n`);
  expect(names.at(-1)).toBe("emulator.log");
});

test("N6: a file that becomes large is followed by another, so that all together stay bounded", async () => {
  const logs = join(folder, "flood");
  const log = openLogFile(join(logs, "emulator.log"), { least: "DEBUG", format: "JSON" }, console.error);
  const long = JSON.stringify({ level: "WARNING", message: "x".repeat(1_000_000) });
  for (let line = 0; line < 150; line++) {
    log.add(long);
    if (line % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await log.end();
  const files = await readdir(logs);
  const bytes = await Promise.all(files.map(async (name) => (await stat(join(logs, name))).size));
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000_000);
  expect(files.filter((name) => name.endsWith(".log")).length).toBeLessThanOrEqual(6);
});

test("N7: refused values of level and since are named", async () => {
  const refused = async (query: string) => JSON.parse(await get(`/log?${query}`)).error.parameter;
  expect(await refused("level=LOUD")).toBe("level");
  expect(await refused("since=yesterday")).toBe("since");
});
