import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { access, constants, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import type { BuiltFolders } from "../build/build-project.ts";
import { projectFolder } from "../project-folder.ts";
import { StartError } from "./start-error.ts";

const run = promisify(execFile);

/** Where the project keeps what was built of it. */
export const builtFolders: BuiltFolders = {
  worker: join(projectFolder, "build/local"),
  public: join(projectFolder, "public"),
};

/** What decides what is built; an installed package has no sources. */
const sources = ["src", "jsontmp", "wrangler.toml", "package.json"];

/**
 * Where to find what a local run serves. A checkout is built again where its sources have changed, and into
 * `spareFolder` if nothing may be written in it; an installed package comes built.
 */
export async function ensureBuilt(spareFolder: string): Promise<BuiltFolders> {
  const fingerprint = await hashSources();
  if (fingerprint === null || (await readNote(builtFolders)) === fingerprint) return builtFolders;
  const spare = { worker: join(spareFolder, "local"), public: join(spareFolder, "public") };
  if ((await readNote(spare)) === fingerprint) return spare;
  const folders = (await isWritable(builtFolders)) ? builtFolders : spare;
  const builder = join(projectFolder, "src/cli/build/build-into.ts");
  await run(process.execPath, [builder, folders.worker, folders.public]).catch(
    (error: { stderr?: string }) => {
      const reason = /^\w*Error.*$/m.exec(error.stderr ?? "")?.[0] ?? "see npm run build";
      throw new StartError(`${projectFolder} cannot be built: ${reason}`);
    },
  );
  await noteBuilt(folders, fingerprint);
  return folders;
}

/** Notes that `folders` hold what the present sources make. */
export async function noteBuilt(folders: BuiltFolders, fingerprint?: string | null): Promise<void> {
  const text = fingerprint ?? (await hashSources()) ?? "";
  const path = noteIn(folders);
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

async function hashSources(): Promise<string | null> {
  const files = (await Promise.all(sources.map(listFiles))).flat().sort();
  if (!files.some((path) => path.endsWith("worker.ts"))) return null;
  const hash = createHash("sha256");
  // One after the other: there may be few files that can be open at once.
  for (const path of files) hash.update(readFileSync(path));
  return hash.update(files.map((path) => relative(projectFolder, path)).join("\n")).digest("hex");
}

async function listFiles(name: string): Promise<string[]> {
  const path = join(projectFolder, name);
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function isWritable(folders: BuiltFolders): Promise<boolean> {
  try {
    for (const folder of [folders.worker, join(folders.public, "ui"), folders.public]) {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
    }
    return true;
  } catch {
    return false;
  }
}

async function readNote(folders: BuiltFolders): Promise<string | null> {
  return readFile(noteIn(folders), "utf8").catch(() => null);
}

function noteIn({ worker }: BuiltFolders): string {
  return join(worker, "sources.sha256");
}
