import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { projectFolder } from "../project-folder.ts";
import { workerFiles } from "./worker-files.ts";

/**
 * Bundles the worker for local runs into `outdir`, and beside it what `wrangler.toml` binds, in Miniflare's form: so
 * a local run has all that a deployment has, and needs no wrangler.
 */
export async function buildWorker(outdir: string): Promise<void> {
  await mkdir(outdir, { recursive: true });
  await build({
    entryPoints: { worker: join(projectFolder, "src/worker.ts") },
    outdir,
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:workers"],
    logLevel: "error",
  });
  await writeFile(join(outdir, workerFiles.bindings), JSON.stringify(readBindings()));
}

function readBindings(): object {
  const config = unstable_readConfig({ config: join(projectFolder, "wrangler.toml") });
  // A local run has parameters of its own, and the secrets of `.dev.vars` belong into no file that is built.
  const { userConfigPath: _, configPath: __, ...rest } = config;
  const bound = unstable_getMiniflareWorkerOptions({ ...rest, vars: {} } as typeof config);
  const { assets: ___, modulesRules: ____, rootPath: _____, ...bindings } = bound.workerOptions;
  return bindings;
}
