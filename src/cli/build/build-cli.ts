import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "../project-folder.ts";

/**
 * Bundles the programs that an installed package runs, since Node takes no TypeScript there. All lie as deep as
 * `project-folder.ts`, which finds the project's folder. What builds a checkout is left out: a package comes built.
 */
export async function buildCli(): Promise<void> {
  const outdir = join(projectFolder, "build/cli");
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [join(projectFolder, "src/cli/apis-emulator.ts")],
    outdir,
    bundle: true,
    splitting: true,
    packages: "external",
    external: ["*/build/build-project.ts"],
    platform: "node",
    target: "node22",
    format: "esm",
    logLevel: "error",
  });
}
