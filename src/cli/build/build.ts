import { InputFileError } from "../../input/series/input-file-error.ts";
import { builtFolders, noteBuilt } from "../local/ensure-built.ts";
import { projectFolder } from "../project-folder.ts";
import { buildProject } from "./build-project.ts";
import { compileDeployedInput } from "./compile-deployed-input.ts";

/** Makes what a deployment serves beside the worker, the compiled sample data and the screen, and what a local run needs. */
try {
  const { note, warnings } = await compileDeployedInput(projectFolder);
  console.log(note);
  for (const line of warnings) console.warn(`Warning: ${line}`);
  await buildProject(builtFolders);
  await noteBuilt(builtFolders);
} catch (error) {
  if (!(error instanceof InputFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
