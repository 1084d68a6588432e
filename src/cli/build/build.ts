import { join } from "node:path";
import { buildDocs } from "./build-docs.ts";
import { buildUi } from "./build-ui.ts";
import { compileInput } from "./compile-input.ts";
import { projectFolder } from "../project-folder.ts";

/** Makes what a deployment serves beside the worker: the compiled sample data and the screen. */
const { compiled } = await compileInput(
  join(projectFolder, "data/input/Sample"),
  join(projectFolder, "public/input"),
);
console.log(compiled ? "Compiled data/input/Sample" : "data/input/Sample has not changed");
await Promise.all([buildUi(), buildDocs()]);
