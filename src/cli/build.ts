import { join } from "node:path";
import { compileInput } from "./compile-input.ts";
import { projectFolder } from "./project-folder.ts";

/** Makes what a deployment serves beside the worker: the compiled sample data. */
const { compiled } = await compileInput(
  join(projectFolder, "data/input/Sample"),
  join(projectFolder, "public/input"),
);
console.log(compiled ? "Compiled data/input/Sample" : "data/input/Sample has not changed");
