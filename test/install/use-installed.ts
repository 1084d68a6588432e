import { spawn } from "node:child_process";
import { once } from "node:events";
import { run } from "./ordinary-user.ts";

/**
 * Uses the command at PROGRAM in FOLDER, without network and shell, and prints what came of it as JSON:
 * `node use-installed.ts FOLDER PROGRAM NODE [OPTION …]`, run under NODE with options of `start`.
 */
const [folder = "", program = "", node = "", ...options] = process.argv.slice(2);
const command = [node, program];

if (process.getuid?.() === 0) run(["ip", "link", "set", "lo", "up"]);
const server = spawn(node, [...command.slice(1), "start", "3", "--port", "0", "--acc", "0", ...options], {
  cwd: folder,
  // No shell and no other program is found, as on Windows.
  env: { ...process.env, PATH: "/nowhere" },
  stdio: ["ignore", "pipe", "inherit"],
});
let output = "";
const url = await new Promise<string>((resolve, reject) => {
  server.stdout.on("data", (chunk) => {
    output += chunk;
    const [, found] = /^Ready: .* at (http:\S+)/m.exec(output) ?? [];
    if (found !== undefined) resolve(found);
  });
  server.once("exit", (code) => reject(new Error(`It ended with ${code}: ${output}`)));
});
const get = async (path: string) => {
  const response = await fetch(url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
};
const json = async (path: string) => (await get(path)).json();
const chargeOf = async (unit: string) => (await json(`/get/unit/${unit}`)).emu.rsoc;

const screen = await (await get("/")).text();
await get("/ui/main.js");
await get("/reference/swagger-ui-bundle.js");
await get("/add/unit");
const added = await chargeOf("E004");
await get("/set/emu/E001?rsoc=77");
const backup = run([...command, "backup", "kept.ndjson"], { cwd: folder }) === "" ? "written" : "printed";
await get("/set/emu/E001?rsoc=33");
const restored = run([...command, "restore", "kept.ndjson"], { cwd: folder });
const metrics = await (await get("/metrics")).text();
const found = {
  first: output.split("\n")[0],
  screen: screen.includes("<html"),
  units: Object.keys(await json("/get/log")).length,
  demand: (await json("/get/unit/E002")).emu.ups_output_power,
  added,
  backup,
  restored,
  charge: await chargeOf("E001"),
  metrics: metrics.match(/^apis_build_info.*$/m)?.[0],
  openApi: (await json("/openapi.json")).info.version,
  records: (await json("/commands")).run.chapters.map(({ release }: { release: string }) => release),
};
server.removeAllListeners("exit");
server.kill("SIGTERM");
const [code] = await once(server, "exit");
console.log(JSON.stringify({ ...found, code }));
