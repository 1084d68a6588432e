import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ units: 3, acceleration: 1 });
});
afterAll(() => server.stop());

const control = (...args: string[]) => runProgram("control/control.ts", args);
const here = (...args: string[]) => control("--url", server.url, ...args);
const told = async (...args: string[]) => {
  const { code, stdout, stderr } = await here(...args);
  expect([code, stderr], args.join(" ")).toEqual([0, ""]);
  return JSON.parse(stdout);
};

test("L31: control holds, steps, waits and runs, and prints what the Web API answers", async () => {
  const held = await told("hold");
  expect(held.held).toBe(true);
  const stepped = await told("step", "900");
  expect(stepped).toMatchObject({ timeS: held.timeS + 900, held: true, heldByThisStep: false });
  const { heldByThisStep: _, ...time } = stepped;
  expect(await told("time")).toEqual(time);
  expect(await (await fetch(`${server.url}/time`)).json()).toEqual(time);
  expect(await told("until", "2020-01-02T06:00:00")).toMatchObject({ timeS: 108_000 });
  expect(await told("until", "120000.5")).toMatchObject({ timeS: 120_000.5 });
  expect(await told("until", "--event", "dayEnd,busUp", "--latest", "2020-01-05")).toMatchObject({
    timeS: 172_800,
    eventCame: true,
  });
  const late = await here("until", "--event", "busUp", "--latest", "172900");
  expect([late.code, JSON.parse(late.stdout)]).toEqual([
    4,
    expect.objectContaining({ eventCame: false, timeS: 172_900 }),
  ]);
  expect((await told("run")).held).toBe(false);
  expect(await told("step", "60")).toMatchObject({ held: true, heldByThisStep: true });
});

test("L31: control keeps snapshots, goes back to them, begins with them, downloads and deletes them", async () => {
  const charges = async () => {
    const { units } = (await (await fetch(`${server.url}/state`)).json()) as { units: { rsoc: number }[] };
    return units;
  };
  const { timeS } = await told("step", "60");
  const before = await charges();
  expect((await told("snapshot", "keep", "before tea")).snapshots).toMatchObject([
    { name: "before tea", timeS },
  ]);
  await fetch(`${server.url}/set/emu/E001?rsoc=3`);
  await told("step", "7200");
  expect(await charges()).not.toEqual(before);
  await told("snapshot", "restore", "before tea");
  expect(await told("time")).toMatchObject({ timeS, held: true });
  expect(await charges()).toEqual(before);
  const folder = await mkdtemp(join(tmpdir(), "apis-control-"));
  const file = join(folder, "tea.json");
  const downloaded = await here("snapshot", "download", "before tea", file);
  expect([downloaded.code, downloaded.stdout, downloaded.stderr]).toEqual([0, "", ""]);
  expect(await told("snapshot", "download", "before tea")).toEqual(JSON.parse(await readFile(file, "utf8")));
  const nowhere = await here("snapshot", "download", "before tea", join(folder, "no/where"));
  expect([nowhere.code, nowhere.stderr.trim().split("\n").length]).toEqual([1, 1]);
  expect(await readdir(folder)).toEqual(["tea.json"]);
  await told("snapshot", "delete", "before tea");
  const uploaded = await told("snapshot", "upload", file);
  expect(uploaded.snapshots.at(-1)).toMatchObject({ name: "before tea", reason: "uploaded", timeS });
  await told("step", "7200");
  await told("snapshot", "begin", "before tea");
  expect(await told("time")).toMatchObject({ timeS, held: true });
  expect(await charges()).toEqual(before);
  const none = await here("snapshot", "upload", join(folder, "none.json"));
  expect([none.code, none.stderr.trim().split("\n").length]).toEqual([1, 1]);
  await rm(folder, { recursive: true });
  await told("snapshot", "delete", "before tea");
  const { snapshots } = await told("snapshot", "list");
  expect(snapshots.map(({ name }: { name: string }) => name)).not.toContain("before tea");
  const unknown = await here("snapshot", "restore", "before tea");
  expect([unknown.code, unknown.stdout]).toEqual([1, ""]);
  expect(unknown.stderr).toMatch(/before tea/);
});

test("L31: what control is refused, or asked wrongly, ends it with code 1 and one line; a claim of another with 3", async () => {
  await told("--claim", "ours", "--claim-seconds", "300", "hold");
  const claimed = await here("step", "900");
  expect([claimed.code, claimed.stdout]).toEqual([3, ""]);
  expect(claimed.stderr).toMatch(/ours/);
  expect(await told("--claim", "ours", "--claim-seconds", "0", "step", "900")).toMatchObject({
    claimedBy: null,
  });
  const wrong: [string[], RegExp][] = [
    [["step", "0.5"], /seconds is "0\.5"/],
    [["until", "yesterday"], /time is "yesterday"/],
    [["until"], /missing/],
    [["until", "--event", "never"], /event/],
    [["--url", "ftp://x", "time"], /^--url is "ftp:\/\/x"; allowed/],
    [["--url", "nowhere", "time"], /^--url is "nowhere"; allowed/],
    [["--url", `${server.url}/e/none`, "time"], /refuses: /],
    [["--key", "a key", "time"], /^The key has characters/],
    [["fly"], /unknown command 'fly'/],
    [["step"], /missing required argument 'seconds'/],
  ];
  const ended = await Promise.all(wrong.map(([args]) => here(...args)));
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(stderr.trim()).toMatch(wrong[index]?.[1] as RegExp);
    expect(stderr.trim().split("\n"), stderr).toHaveLength(1);
  }
});

test("L31: control sends its key, waits while a community catches up, and says what nobody answered", async () => {
  const asked: IncomingMessage[] = [];
  const fake = createServer((request, response) => {
    asked.push(request);
    if (asked.length > 2) return response.destroy();
    response.writeHead(asked.length === 1 ? 503 : 200, { "retry-after": "1" });
    response.end(asked.length === 1 ? '{"error":{"code":"catching_up"}}' : '{"timeS":900}');
  }).listen(0);
  const url = `http://localhost:${(fake.address() as AddressInfo).port}/e/lab/`;
  const done = await control("--url", url, "--key", "secret-key-7", "step", "900");
  expect([done.code, done.stdout.trim(), done.stderr]).toEqual([0, '{"timeS":900}', ""]);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array(2).fill("POST /e/lab/time/step?seconds=900"),
  );
  expect(asked[1]?.headers.authorization).toBe("Bearer secret-key-7");
  const cut = await control("--url", url, "--key", "secret-key-7", "hold");
  fake.close();
  const gone = await control("--url", url, "--key", "secret-key-7", "time");
  for (const { code, stdout, stderr } of [cut, gone]) {
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.trim().split("\n"), stderr).toHaveLength(1);
    expect(stderr).not.toContain("secret");
  }
  expect(cut.stderr).toMatch(/whether the command was performed is not known/);
  expect(gone.stderr).not.toMatch(/performed/);
});
