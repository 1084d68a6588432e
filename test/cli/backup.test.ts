import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminSecret, bearer, type HostedServer, startHostedServer } from "../hosting/hosted-server.ts";
import { runProgram } from "./run-program.ts";

let folder: string;
let hosted: HostedServer;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-backup-"));
  file = join(folder, "kept.ndjson");
  hosted = await startHostedServer([], folder);
  await hosted.createCommunity("closed");
});
afterAll(async () => {
  await hosted?.stop();
  await rm(folder, { recursive: true, force: true });
});

const backup = (...args: string[]) => runProgram("backup/backup.ts", args);
const restore = (...args: string[]) => runProgram("backup/restore.ts", args);
const local = () => ["--persist", folder];
const chargeOf = async () => JSON.parse((await hosted.get("/get/unit/E001")).text).emu.rsoc;

test("L20: a backup that was written brings the community of the server on this machine back", async () => {
  await hosted.get("/set/emu/E001?rsoc=77");
  expect(await backup(file, ...local())).toEqual({ code: 0, stdout: "", stderr: "" });
  await hosted.get("/set/emu/E001?rsoc=33");
  expect(await restore(file, ...local())).toMatchObject({ code: 0, stderr: "" });
  expect(await chargeOf()).toBe(77);
  expect((await backup(...local())).stdout.split("\n")[1]).toBe(
    (await readFile(file, "utf8")).split("\n")[1],
  );
  expect((await stat(join(folder, "server.json"))).mode & 0o077).toBe(0);
});

test("L20: a community that is closed, and a server that is named, are reached with the administrator's secret", async () => {
  process.env.ADMIN_SECRET = adminSecret;
  const named = ["--server", hosted.server.url, "--community", "closed"];
  const { code, stdout } = await backup(...named);
  expect([code, JSON.parse(stdout.split("\n")[0] as string).format]).toEqual([0, "apis-emulator backup"]);
  process.env.ADMIN_SECRET = `${adminSecret}x`;
  expect(await backup(...named)).toMatchObject({ code: 1, stdout: "" });
  process.env.ADMIN_SECRET = adminSecret;
  const answer = await hosted.get("/admin/api/communities/closed", { headers: bearer(adminSecret) });
  expect(answer.status).toBe(200);
});

test("L20: what cannot be done is said in one line, changes nothing and leaves no file", async () => {
  const wrong = join(folder, "wrong.ndjson");
  await writeFile(wrong, '{"format":"something else"}\n');
  const before = await chargeOf();
  const files = await readdir(folder);
  const empty = await mkdtemp(join(tmpdir(), "apis-backup-empty-"));
  const stale = await mkdtemp(join(tmpdir(), "apis-backup-stale-"));
  await writeFile(join(stale, "server.json"), '{"url":"http://127.0.0.1:9","operatorKey":"x"}');
  const never = join(folder, "never.ndjson");
  for (const [run, line] of [
    [restore(wrong, ...local()), /refuses: .*Line 1 is not that of a backup/],
    [restore(join(folder, "none"), ...local()), /none: there is no such file/],
    [backup(never, ...local(), "--community", "none"), /refuses: /],
    [backup(never, "--persist", empty), /^No server keeps its state in .* now/],
    [backup(never, "--persist", stale), /^No server answers at http:\/\/127\.0\.0\.1:9/],
    [backup(never, "--server", "emulator.example"), /^--server is "emulator.example"; allowed: http/],
    [backup(join(folder, "no/where"), ...local()), /no\/where.*: there is no such file or folder/],
  ] as const) {
    const { code, stdout, stderr } = await run;
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(stderr.trim()).toMatch(line);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }
  expect(await chargeOf()).toBe(before);
  expect(await readdir(folder)).toEqual(files);
  for (const place of [empty, stale]) await rm(place, { recursive: true });
});
