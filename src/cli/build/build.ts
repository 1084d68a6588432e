import { InputFileError } from "../../input/series/input-file-error.ts";
import { builtFolders, noteBuilt } from "../local/ensure-built.ts";
import { projectFolder } from "../project-folder.ts";
import { buildCli } from "./build-cli.ts";
import { buildPackage } from "./build-package.ts";
import { buildProject } from "./build-project.ts";
import { compileDeployedInput } from "./compile-deployed-input.ts";

/** Makes what a deployment serves beside the worker (sample data, screen), what a local run needs, and a package's programs and library. */
try {
  const { note, warnings } = await compileDeployedInput(projectFolder);
  console.log(note);
  for (const line of warnings) console.warn(`Warning: ${line}`);
  await Promise.all([buildProject(builtFolders), buildCli(), buildPackage()]);
  await noteBuilt(builtFolders);
} catch (error) {
  if (!(error instanceof InputFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
