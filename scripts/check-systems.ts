import { readFile } from "node:fs/promises";
import { nodePackages } from "../bin/node-version.js";

/** What a lock file says of one package. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** The packages with the runtime's binary, by system as Node names it. */
const runtimePackages: Readonly<Record<string, string>> = {
  "linux-x64": "@cloudflare/workerd-linux-64",
  "linux-arm64": "@cloudflare/workerd-linux-arm64",
  "darwin-x64": "@cloudflare/workerd-darwin-64",
  "darwin-arm64": "@cloudflare/workerd-darwin-arm64",
  "win32-x64": "@cloudflare/workerd-windows-64",
};

/** What `lock` lacks for one of the systems: Node or the runtime, of one version, with what proves it whole. */
export function findGaps({ packages }: Lock): string[] {
  return [nodePackages, runtimePackages].flatMap((table) => {
    const locked = Object.entries(table).map(([system, name]) => {
      return { system, name, ...packages[`node_modules/${name}`] };
    });
    const versions = new Set(locked.map(({ version }) => version));
    const gaps = locked
      .filter(({ version, integrity }) => version === undefined || !integrity?.startsWith("sha512-"))
      .map(({ system, name }) => `${system}: the lock has no ${name} with integrity`);
    const names = Object.values(table).join(", ");
    return gaps.length > 0 || versions.size === 1 ? gaps : [`${names} are not of one version`];
  });
}

if (import.meta.main) {
  const path = process.argv[2] ?? new URL("../package-lock.json", import.meta.url);
  const gaps = findGaps(JSON.parse(await readFile(path, "utf8")));
  for (const gap of gaps) console.error(gap);
  process.exitCode = gaps.length > 0 ? 1 : 0;
}
