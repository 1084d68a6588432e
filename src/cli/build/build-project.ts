import { cp } from "node:fs/promises";
import { join } from "node:path";
import { projectFolder } from "../project-folder.ts";
import { buildDocs } from "./build-docs.ts";
import { buildUi } from "./build-ui.ts";
import { buildWorker } from "./build-worker.ts";

/** Where what was built lies: the worker of local runs, and the files that are served beside it. */
export interface BuiltFolders {
  readonly worker: string;
  readonly public: string;
}

/** Builds what a local run serves. A folder of public files other than the project's gets all of those too. */
export async function buildProject(folders: BuiltFolders): Promise<void> {
  const own = join(projectFolder, "public");
  if (folders.public !== own)
    await cp(own, folders.public, { recursive: true, filter: (path) => path !== join(own, "input") });
  await Promise.all([
    buildUi({ outdir: join(folders.public, "ui") }),
    buildDocs(folders.public),
    buildWorker(folders.worker),
  ]);
}
