import { join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "./project-folder.ts";

/** Bundles the screen's script and styles into `outdir`, by default `public/ui`. */
export async function buildUi(options: { outdir?: string } = {}): Promise<void> {
  await build({
    entryPoints: [join(projectFolder, "src/ui/main.ts"), join(projectFolder, "src/ui/styles/main.css")],
    entryNames: "[name]",
    outdir: options.outdir ?? join(projectFolder, "public/ui"),
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "error",
  });
}
