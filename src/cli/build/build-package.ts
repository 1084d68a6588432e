import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { projectFolder } from "../project-folder.ts";

const run = promisify(execFile);
const entry = "src/laboratory/index.ts";

/** Makes what `import … from "apis-emulator"` gives: one file for Node and browsers, and beside it its types. */
export async function buildPackage(): Promise<void> {
  const outdir = join(projectFolder, "build/package");
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [join(projectFolder, entry)],
    outdir,
    bundle: true,
    format: "esm",
    target: ["es2022"],
    logLevel: "error",
  });
  await writeTypes(outdir);
}

/** Writes the declarations that those of the package need, all in one folder. */
async function writeTypes(outdir: string): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), "apis-emulator-types-"));
  try {
    const options = {
      extends: join(projectFolder, "tsconfig.base.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        lib: ["es2024"],
        types: [],
        rootDir: projectFolder,
        outDir: all,
      },
      files: [join(projectFolder, entry)],
    };
    await writeFile(join(all, "tsconfig.json"), JSON.stringify(options));
    const compiler = createRequire(import.meta.url).resolve("typescript/package.json");
    await run(process.execPath, [join(dirname(compiler), "bin/tsc"), "-p", all]);
    await copyDeclarations(all, outdir);
  } finally {
    await rm(all, { recursive: true });
  }
}

const imported = /(from |import\()"(\.[^"]*)\.ts"/g;

async function copyDeclarations(from: string, outdir: string): Promise<void> {
  const nameOf = (path: string) => relative(join(from, "src"), path).replaceAll(/[\\/]/g, "-");
  const names = new Map([[join(from, entry.replace(/ts$/, "d.ts")), "index.d.ts"]]);
  // What is added meanwhile is gone through too.
  for (const [path, name] of names) {
    const text = (await readFile(path, "utf8")).replaceAll(imported, (_, how, target) => {
      const found = join(dirname(path), `${target}.d.ts`);
      if (!names.has(found)) names.set(found, nameOf(found));
      return `${how}"./${names.get(found)?.replace(/\.d\.ts$/, ".js")}"`;
    });
    await writeFile(join(outdir, name), text);
  }
}
