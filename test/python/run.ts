import { deepStrictEqual } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import exchange from "../../docs/examples/exchange.js";
import { Community, readData } from "../../src/laboratory/index.ts";
import { startLocalServer } from "../support/local-server.ts";

/**
 * Lets pandas read every table of a server that has passed some days, Prometheus' own checker its metrics, and those of
 * Gymnasium and PettingZoo the environments of the examples. All come from PyPI, into a virtual environment of their own
 * below `node_modules`.
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

const examples = fileURLToPath(new URL("../../docs/examples", import.meta.url));
await tryExamples();

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

/** The strategy over HTTP in Python and over the package come to the same bits; then the environments are checked. */
async function tryExamples(): Promise<void> {
  const homes = 6;
  const days = 7;
  const stepped = await startLocalServer({
    units: homes,
    args: ["--set", "acceleration=0"],
  });
  try {
    const asked = [join(examples, "exchange.py"), stepped.url, "--days", String(days)];
    const { status, stdout, stderr } = spawnSync("python3", asked, { encoding: "utf8" });
    if (status !== 0) throw new Error(`exchange.py ended with ${status}: ${stderr}`);
    const read = (name: string) => readFile(join(examples, "../../data/input/Sample", name), "utf8");
    const data = await readData({
      solar: await read("sample_solar_data.csv"),
      demand: await read("sample_load_data.csv"),
    });
    const community = Community.create({ data, homes });
    while (community.timeS < days * 86_400) community.step(exchange(community));
    const ledger = Object.entries(community.ledger()).map(([name, column]) => [name, [...column]]);
    deepStrictEqual(JSON.parse(stdout), { timeS: days * 86_400, ledger: Object.fromEntries(ledger) });
    console.log("R25: exchange.py, with the standard library alone, comes to the bits of the package");
    run(python, [join(folder, "check_env.py"), stepped.url, examples]);
  } finally {
    await stepped.stop();
  }
}
