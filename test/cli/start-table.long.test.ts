import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

let root: string;
let data: string;
/** A state folder as a clean run of two units leaves it. */
let left: string;
let cases = 0;

const release = fileURLToPath(new URL("../stored-forms/version-2/data", import.meta.url));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "apis-table-"));
  data = join(root, "data");
  left = join(root, "left");
  await cp(release, data, { recursive: true });
  await (await startLocalServer({ folder: left, units: 2, args: ["--data", data] })).stop();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const begin = async () => {
  const folder = join(root, `case-${cases++}`);
  await cp(left, folder, { recursive: true });
  return folder;
};
const serve = (folder: string, ...args: string[]) =>
  startLocalServer({ folder, args: ["--data", data, ...args] });
/** What a start says that fails: one line, and no trace of the program. */
const fail = async (persist: string, ...args: string[]): Promise<string> => {
  const all = ["--port", "0", "--data", data, "--persist", persist, ...args];
  const { code, stderr } = await runProgram("local/start.ts", all);
  expect([code, stderr.trim().split("\n")], stderr).toEqual([1, [expect.not.stringMatching(/^\s+at /)]]);
  return stderr.trim();
};

test("L15: a state folder that cannot be one is refused in a line that names it", async () => {
  const file = join(root, "file");
  await writeFile(file, "");
  expect(await fail(file)).toContain(file);
  expect(await fail(join(file, "below"))).toContain(file);
  if (process.platform === "linux") expect(await fail("/proc/x")).toContain("/proc/x");
});

test("L15: two outputs on one path are refused by name", async () => {
  const paths = ["--set", "summaryPath=a.csv", "--set", "indivLogPath=./a.csv"];
  expect(await fail(join(root, "paths"), ...paths)).toMatch(
    /^indivLogPath is ".\/a.csv"; allowed: .*summaryPath$/,
  );
});

test("L15: a secret of the administrator that could be guessed is refused", async () => {
  process.env.ADMIN_SECRET = "nineteen characters";
  const said = await fail(join(root, "secret")).finally(() => delete process.env.ADMIN_SECRET);
  expect(said).toMatch(/^ADMIN_SECRET is too short; allowed: at least 20 characters/);
  expect(said).not.toContain("nineteen characters");
});

const notes = ["heartbeat.json", "runtime.json", "paused.json", "records.json", "lock.db", "server.pid"];

test.each(notes)("L16: an empty %s keeps no start from serving", async (name) => {
  const folder = await begin();
  await writeFile(join(folder, name), "");
  const server = await serve(folder);
  expect((await fetch(`${server.url}/get/unit/E002`)).status).toBe(200);
  if (["heartbeat.json", "runtime.json", "paused.json"].includes(name))
    expect(server.output()).toContain(`${join(folder, name)} cannot be read and is left aside`);
  await server.stop();
  expect(await readdir(folder)).toContain("heartbeat.json");
});

test.each(["log", "input", "run", "data", "build"])(
  "L16: nor does a file where its folder %s belongs",
  async (name) => {
    const folder = await begin();
    await rm(join(folder, name), { recursive: true, force: true });
    await writeFile(join(folder, name), "");
    const server = await serve(folder);
    expect((await fetch(`${server.url}/get/unit/E002`)).status).toBe(200);
    expect(server.output()).not.toMatch(/^\s+at /m);
    await server.stop();
  },
);

const communityFile = async (folder: string) => {
  const files = join(folder, "state/do/apis-emulator");
  const names = (await readdir(files)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  return join(files, names[0] as string);
};

const secretOfTable = "secret of this table";
const bad: [string, (file: string) => Promise<void>][] = [
  [
    "is damaged",
    async (file) => {
      for (const end of ["-wal", "-shm"]) await rm(file + end, { force: true });
      await writeFile(file, "no database ".repeat(500));
    },
  ],
  [
    "has rows of a version that is not known",
    async (file) => {
      const database = new DatabaseSync(file);
      database.exec("UPDATE part SET version = 99");
      database.close();
    },
  ],
];

test.each(bad)("L17: a community whose file %s is named with it and harms nothing else", async (_, spoil) => {
  process.env.ADMIN_SECRET = secretOfTable;
  const folder = await begin();
  const file = await communityFile(folder);
  await spoil(file);
  const server = await serve(folder);
  const headers = { authorization: `Bearer ${secretOfTable}`, "content-type": "application/json" };
  const administer = (init: RequestInit) =>
    fetch(`${server.url}/admin/api/communities`, { ...init, headers });
  expect(server.output()).toContain(basename(file));
  expect(server.output()).not.toMatch(/stack:|^\s+at /m);
  const made = await administer({ method: "POST", body: JSON.stringify({ name: "other", policy: "open" }) });
  expect(made.status).toBe(201);
  expect((await administer({})).status).toBe(200);
  expect((await fetch(`${server.url}/e/other/get/unit/E001`)).status).toBe(200);
  expect((await fetch(`${server.url}/get/log`)).status).toBe(500);
  await server.stop();
});

test("L18: a note that names a living process refuses nobody, and a folder in use is refused however it was noted", async () => {
  const folder = await begin();
  await writeFile(join(folder, "server.pid"), String(process.pid));
  const server = await serve(folder);
  for (const name of ["server.pid", "runtime.json"]) await rm(join(folder, name), { force: true });
  expect(await fail(folder)).toContain(`${folder} holds the state of a server that is running`);
  await server.stop();
});

const commandFolder = fileURLToPath(new URL("../../bin", import.meta.url));

function askVersionUnderOldNode(folder: string): string {
  const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.1.0'}})";
  const args = ["--import", older, join(folder, "apis-emulator.js"), "--version"];
  return execFileSync(process.execPath, args, { stdio: "pipe", encoding: "utf8" });
}

test("L15: under a Node that is too old the one runs that was installed as a dependency", () => {
  expect(askVersionUnderOldNode(commandFolder).trim()).toBe(packageJson.version);
});

test("L15: where none was installed, a line says which Node is needed", async () => {
  const lonely = join(root, "lonely", "bin");
  await cp(commandFolder, lonely, { recursive: true });
  await writeFile(join(lonely, "package.json"), '{"type":"module"}');
  expect(() => askVersionUnderOldNode(lonely)).toThrow(
    /\nNode 22.18 or later is needed; this is 20.1.0 \(.*\), and none was installed with this program\n$/,
  );
});

test("L15: without a shell on the PATH it starts", async () => {
  const bare = join(root, "bare");
  await mkdir(bare, { recursive: true });
  const { PATH } = process.env;
  process.env.PATH = bare;
  try {
    const server = await serve(await begin());
    expect((await fetch(`${server.url}/get/acc`)).status).toBe(200);
    await server.stop();
  } finally {
    process.env.PATH = PATH;
  }
});
