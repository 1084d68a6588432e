import { join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "./project-folder.ts";

/**
 * Bundles the programs that `npx apis-emulator` runs, since Node takes no TypeScript in an installed package.
 * They lie as deep as their sources, from where they find the project's folder.
 */
await build({
  entryPoints: ["apis-emulator", "start", "simulate", "bridge"].map((name) =>
    join(projectFolder, `src/cli/${name}.ts`),
  ),
  outdir: join(projectFolder, "build/cli"),
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "error",
});
