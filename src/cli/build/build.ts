import { InputFileError } from "../../input/series/input-file-error.ts";
import { projectFolder } from "../project-folder.ts";
import { buildDocs } from "./build-docs.ts";
import { buildUi } from "./build-ui.ts";
import { compileDeployedInput } from "./compile-deployed-input.ts";

/** Makes what a deployment serves beside the worker: the compiled sample data and the screen. */
try {
  const { note, warnings } = await compileDeployedInput(projectFolder);
  console.log(note);
  for (const line of warnings) console.warn(`Warning: ${line}`);
  await Promise.all([buildUi(), buildDocs()]);
} catch (error) {
  if (!(error instanceof InputFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
