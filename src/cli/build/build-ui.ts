import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { projectFolder } from "../project-folder.ts";

/**
 * Bundles the scripts and styles of the screen and of the control plane into `outdir`, by default `public/ui`. The screen comes as
 * `main.js` with `chunk.js`, which `index.html` names too, and `later-views.js` behind them.
 */
export async function buildUi(options: { outdir?: string } = {}): Promise<void> {
  const outdir = options.outdir ?? join(projectFolder, "public/ui");
  await Promise.all([
    bundle(outdir, ["main.ts"], { splitting: true, chunkNames: "[name]" }),
    bundle(outdir, ["styles/main.css", "admin/admin.ts", "styles/admin.css"]),
  ]);
}

async function bundle(outdir: string, files: readonly string[], options: BuildOptions = {}): Promise<void> {
  await build({
    entryPoints: files.map((file) => join(projectFolder, "src/ui", file)),
    entryNames: "[name]",
    outdir,
    bundle: true,
    minify: true,
    format: "esm",
    // Japanese in escapes would be twice as long.
    charset: "utf8",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "error",
    ...options,
  });
}
