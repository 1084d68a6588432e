import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { projectFolder } from "../../src/cli/project-folder.ts";
import { adminSecret, bearer, startHostedServer } from "../hosting/hosted-server.ts";
import { asOrdinaryUser, giveToUser } from "../install/ordinary-user.ts";
import { type LocalServer, type LocalServerOptions, startLocalServer } from "../support/local-server.ts";
import { runProgram } from "./run-program.ts";

const data = fileURLToPath(new URL("../stored-forms/version-2/data", import.meta.url));
const startProgram = fileURLToPath(new URL("../../src/cli/local/start.ts", import.meta.url));

let folder: string;
const running = new Set<{ stop(): Promise<void> }>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apis-local-"));
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
  await rm(folder, { recursive: true, force: true });
});

async function start(args: string[] = [], options: LocalServerOptions = {}): Promise<LocalServer> {
  const given = { folder, units: 2, acceleration: 0, ...options };
  const server = await startLocalServer({ ...given, args: ["--data", data, ...args] });
  running.add(server);
  return server;
}

async function stop(server: { stop(): Promise<void> }): Promise<void> {
  running.delete(server);
  await server.stop();
}

const read = async (server: LocalServer, path: string) => (await fetch(server.url + path)).text();

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe("D1", () => {
  async function readRows(): Promise<{ commands: number[]; samples: number }> {
    const files = await readdir(join(folder, "state/d1"), { recursive: true });
    const path = files.find((name) => /[0-9a-f]{64}\.sqlite$/.test(name)) as string;
    const database = new DatabaseSync(join(folder, "state/d1", path), { readOnly: true });
    const commands = database.prepare("SELECT id FROM command ORDER BY id").all() as { id: number }[];
    const [{ count }] = database.prepare("SELECT count(*) AS count FROM sample").all() as [{ count: number }];
    database.close();
    return { commands: commands.map(({ id }) => id), samples: count };
  }

  test("L21: it works as hosted: each command and reading is there once, over stops too", async () => {
    for (const path of ["/set/emu/E001?rsoc=60", "/add/unit"]) {
      const server = await start(["--set", "saveIndividualToDB=true"], { units: 0 });
      await read(server, "/set/acc/20000");
      await read(server, path);
      await sleep(2000);
      await read(server, "/set/acc/0");
      const { commands } = JSON.parse(await read(server, "/commands"));
      const readings = (await read(server, "/data/output/indivLog.csv")).trim().split("\n").length - 1;
      const ids = commands.map(({ id }: { id: number }) => id);
      await expect.poll(readRows, { timeout: 40_000 }).toEqual({ commands: ids, samples: readings });
      await stop(server);
    }
  });
});

describe("rates", () => {
  test("L21: on a network they are held as hosted, and the server's own program is not limited", async () => {
    const hosted = await startHostedServer(["--host", "0.0.0.0", "--data", data], folder);
    running.add(hosted);
    const statuses = new Map<number, number>();
    // A new minute may begin in between, once.
    const ask = async () => {
      for (let n = 0; n < 800 && !statuses.has(429); n++) {
        const { status } = await fetch(`${hosted.server.url}/get/acc`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    expect([...statuses.keys()].sort()).toEqual([200, 429]);
    expect(statuses.get(200)).toBeGreaterThanOrEqual(3000);
    await hosted.createCommunity("other", "open");
    expect((await fetch(`${hosted.server.url}/e/other/get/acc`)).status).toBe(200);
    const file = join(folder, "backup.ndjson");
    expect(await runProgram("backup/backup.ts", ["--persist", folder, file])).toMatchObject({ code: 0 });
    expect((await readFile(file, "utf8")).length).toBeGreaterThan(1000);
    await stop(hosted);
    expect(hosted.server.process.exitCode).toBe(0);
  });

  test("L21: a community that may ask once a minute and have no unit more is set up, backed up and stopped", async () => {
    const first = await startHostedServer(["--data", data], folder);
    running.add(first);
    await first.administer("POST", "/default/limits", { requestsPerMinute: 1, units: 3, storageBytes: 1 });
    await stop(first);
    const second = await startHostedServer(["5", "--data", data], folder);
    running.add(second);
    expect(second.server.output()).toContain("Ready: 5 units");
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await second.get("/get/acc")).status);
    expect(statuses).toContain(429);
    const file = join(folder, "backup.ndjson");
    for (let n = 0; n < 3; n++)
      expect(await runProgram("backup/backup.ts", ["--persist", folder, file])).toMatchObject({ code: 0 });
    const headers = bearer(adminSecret);
    expect((await second.get("/admin/api/communities", { headers })).status).toBe(200);
    await stop(second);
    expect(second.server.process.exitCode).toBe(0);
  });
});

test("L22: whoever asks while a server starts is answered once units and acceleration are as the start was asked for", async () => {
  await stop(await start([], { units: 2, acceleration: 3 }));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string) => {
    for (let tries = 0; tries < 2000; tries++) {
      const text = await fetch(url + path).then(
        (response) => response.text(),
        () => null,
      );
      if (text !== null) return text;
      await sleep(5);
    }
    throw new Error(`${path} was never answered`);
  };
  const asked = Promise.all([ask("/get/log"), ask("/get/acc"), ask("/state"), ask("/set/acc/77")]);
  const server = await start(["--port", String(port)], { units: 40, acceleration: 9 });
  const [log, , state, set] = await asked;
  expect(Object.keys(JSON.parse(log))).toHaveLength(40);
  expect(JSON.parse(state).units).toHaveLength(40);
  expect(set).toBe("77");
  await sleep(500);
  expect(await read(server, "/get/acc")).toBe("77");
});

describe.runIf(process.platform === "linux")("--open", () => {
  const usual = process.env.PATH;
  afterEach(() => {
    process.env.PATH = usual;
  });

  test("L23: it opens the screen in the user's browser, and says where that cannot be", async () => {
    const programs = join(folder, "programs");
    const opened = join(folder, "opened");
    await mkdir(programs);
    await writeFile(join(programs, "xdg-open"), `#!/bin/sh\necho "$@" >> ${opened}\n`);
    await chmod(join(programs, "xdg-open"), 0o755);
    process.env.PATH = [programs, usual].join(delimiter);
    const first = await start(["--open"]);
    await expect.poll(() => readFile(opened, "utf8").catch(() => "")).toBe(`${first.url}\n`);
    expect(first.output()).not.toContain("No browser");
    await stop(first);
    process.env.PATH = join(folder, "nothing");
    const second = await start(["--open"]);
    await expect
      .poll(() => second.output())
      .toContain(`No browser could be opened; open ${second.url} yourself`);
    expect(await read(second, "/get/acc")).toBe("0");
    await stop(second);
    process.env.PATH = [programs, usual].join(delimiter);
    await stop(await start());
    expect(await readFile(opened, "utf8")).toBe(`${first.url}\n`);
  });
});

describe.runIf(process.platform === "linux")("the progress bar", () => {
  /** What a start shows in a terminal; without one, on standard error. */
  function show(args: string[], inTerminal: boolean): string {
    const line = [process.execPath, startProgram, ...args].map((word) => `'${word}'`).join(" ");
    const command = `timeout --signal=TERM --foreground 120 ${line}`;
    const stopping = `{ ${command} & } ; pid=$!; while ! test -e '${folder}/server.json' && kill -0 $pid; do sleep 0.1; done; kill -TERM $pid; wait $pid`;
    const [program, ...rest] = inTerminal
      ? ["script", "-qec", stopping, "/dev/null"]
      : ["sh", "-c", `{ ${stopping}; } 2>&1`];
    return execFileSync(program as string, rest, { encoding: "utf8", timeout: 120_000 });
  }

  test("L23: while data compile a terminal is shown how far that is, and nothing else is", () => {
    const args = ["--port", "0", "--persist", folder];
    const shown = show(args, true);
    const shares = [...shown.matchAll(/\rCompiling the data \[#*\.*\] (\d+) %/g)].map(([, share]) =>
      Number(share),
    );
    expect(shares.length).toBeGreaterThan(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(100);
    expect(shown).toMatch(/100 %\s+apis-emulator [\s\S]*Ready:/);
    expect(show(args, true)).not.toContain("Compiling");
    rm(folder, { recursive: true, force: true });
    expect(show([...args, "--reset"], false)).not.toContain("Compiling");
  });
});

describe.runIf(process.platform === "linux")("little room", () => {
  /** Runs what follows with a disk of its own of this size, at the state folder. */
  const withDisk = (size: string) => {
    const script = `mount -t tmpfs -o size=${size} none ${folder} && exec "$0" "$@"`;
    return ["unshare", "-Urm", "sh", "-c", script];
  };
  const fails = async (under: string[], args: string[] = []) => {
    const failure = await start(args, { under }).then(
      async (server) => `It serves: ${server.output()}`,
      (error: Error) => error.message.replace("The server ended: ", ""),
    );
    return failure.trim().split("\n");
  };

  test.each(["16k", "64k", "256k"])("L24: a disk of %s ends the start with the reason", async (size) => {
    const lines = await fails(withDisk(size));
    expect(lines.at(-1)).toMatch(/no space is left|disk is full|disk I\/O error/);
    expect(lines.filter((line) => /^\s+at |Error:/.test(line))).toEqual([]);
  });

  test("L24: a disk that fills up while it runs loses no command that was acknowledged, and all goes on once there is room", async () => {
    const server = await start([], { under: withDisk("6m") });
    const disk = `/proc/${server.process.pid}/root${folder}`;
    const ballast = join(disk, "ballast");
    let last = "0";
    let refused = 0;
    const set = async (rate: number) => {
      const { ok } = await fetch(`${server.url}/set/acc/${rate}`);
      if (ok) last = String(rate);
      else refused++;
    };
    for (let rate = 1; rate <= 5; rate++) await set(rate);
    execFileSync("sh", ["-c", `dd if=/dev/zero of=${ballast} bs=1k 2>/dev/null || true`]);
    for (let rate = 6; rate <= 400; rate++) await set(rate);
    expect(refused).toBeGreaterThan(0);
    await rm(ballast);
    await expect.poll(() => read(server, "/get/acc"), { timeout: 10_000 }).toBe(last);
    const { commands } = JSON.parse(await read(server, "/commands"));
    expect(commands.at(-1).get).toBe(`/set/acc/${last}`);
    await set(500);
    expect(last).toBe("500");
    expect(server.output()).not.toMatch(/^\s+at /m);
  });

  test("L24: a checkout that is another user's, and read-only, serves with its state elsewhere", async () => {
    const mounts = `mount --bind ${projectFolder} ${projectFolder} && mount -o remount,bind,ro ${projectFolder} && exec "$0" "$@"`;
    giveToUser(folder);
    const server = await start([], { under: [...asOrdinaryUser("-Urm"), "sh", "-c", mounts] });
    expect(await read(server, "/set/acc/3")).toBe("3");
    expect(await read(server, "/")).toContain("<html");
    await stop(server);
    expect(server.process.exitCode).toBe(0);
  });

  test.each([26, 30, 40, 50, 64, 128, 200, 240])(
    "L24: with %i open files it says so or serves",
    async (most) => {
      const lines = await fails(["prlimit", `--nofile=${most}`]);
      if (lines[0]?.startsWith("It serves")) return;
      expect(lines).toEqual([expect.stringMatching(/^Too few files may be open at once: .*\(ulimit -n\)$/)]);
    },
  );

  test("L24: with so few that not even the program can be read it says so", () => {
    const program = fileURLToPath(new URL("../../bin/apis-emulator.js", import.meta.url));
    const { status, stderr } = spawnSync("prlimit", ["--nofile=22", process.execPath, program, "start"], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^Too few files may be open at once.*\n$/)]);
  });

  test("L24: with few open files sixty clients are served, and too many do no lasting harm", async () => {
    const server = await start([], { under: ["prlimit", "--nofile=256"] });
    const knock = (count: number) =>
      Promise.allSettled(Array.from({ length: count }, () => read(server, "/get/acc")));
    expect(new Set((await knock(60)).map(({ status }) => status))).toEqual(new Set(["fulfilled"]));
    await knock(500);
    await expect.poll(() => read(server, "/get/acc").catch(() => null), { timeout: 10_000 }).toBe("0");
    expect(await read(server, "/set/acc/4")).toBe("4");
    await stop(server);
    expect(server.process.exitCode).toBe(0);
  });
});
