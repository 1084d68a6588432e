import { join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "../project-folder.ts";

const programs = {
  "apis-emulator": "apis-emulator.ts",
  start: "local/start.ts",
  simulate: "headless/simulate.ts",
  bridge: "bridge/start-bridge.ts",
};

/**
 * Bundles the programs that `npx apis-emulator` runs, since Node takes no TypeScript in an installed package.
 * They lie as deep as `project-folder.ts`, which finds the project's folder.
 */
await build({
  entryPoints: Object.fromEntries(
    Object.entries(programs).map(([name, path]) => [name, join(projectFolder, "src/cli", path)]),
  ),
  outdir: join(projectFolder, "build/cli"),
  bundle: true,
  // What builds a checkout is loaded only there: an installed package has no builder.
  splitting: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "error",
});
