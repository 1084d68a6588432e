import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startLocalServer } from "../support/local-server.ts";

/**
 * Lets pandas read every table of a server that has passed some days, and Prometheus' own checker its metrics. pandas
 * comes from PyPI, into a virtual environment of its own below `node_modules`.
 */
const folder = fileURLToPath(new URL(".", import.meta.url));
const environment = fileURLToPath(new URL("../../node_modules/.cache/python", import.meta.url));
const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

function run(command: string, args: readonly string[], input?: string): void {
  const stdio = input === undefined ? "inherit" : (["pipe", "inherit", "inherit"] as const);
  const { status, error } = spawnSync(command, args, { stdio: stdio as "inherit", input });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status ?? error}`);
}

if (!existsSync(python)) run("python3", ["-m", "venv", environment]);
run(python, ["-m", "pip", "install", "--quiet", "--requirement", join(folder, "requirements.txt")]);

const server = await startLocalServer({ units: 3, acceleration: 50_000 });
try {
  const get = async (path: string) => (await fetch(server.url + path)).text();
  await get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  while (JSON.parse(await get("/state")).timeS < 5.5 * 86_400);
  await get("/set/acc/0");
  run(python, [join(folder, "read_tables.py"), server.url]);
  if (spawnSync("promtool", ["--version"]).error === undefined) {
    run("promtool", ["check", "metrics"], await get("/metrics"));
    console.log("M5: promtool finds nothing in the metrics");
  } else
    console.log("promtool is not installed (Debian's package prometheus has it): metrics are not checked");
} finally {
  await server.stop();
}
