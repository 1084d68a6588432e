import { join } from "node:path";
import { build } from "esbuild";
import { projectFolder } from "../project-folder.ts";

/** Bundles the scripts and styles of the screen and of the control plane into `outdir`, by default `public/ui`. */
export async function buildUi(options: { outdir?: string } = {}): Promise<void> {
  await build({
    entryPoints: ["main.ts", "styles/main.css", "admin/admin.ts", "styles/admin.css"].map((file) =>
      join(projectFolder, "src/ui", file),
    ),
    entryNames: "[name]",
    outdir: options.outdir ?? join(projectFolder, "public/ui"),
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome123", "firefox120", "safari17.5"],
    logLevel: "error",
  });
}
