import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { warnOfInput } from "../../input/series/warn-of-input.ts";
import { buildDocs } from "./build-docs.ts";
import { buildUi } from "./build-ui.ts";
import { compileInput } from "./compile-input.ts";
import { projectFolder } from "../project-folder.ts";

/** Makes what a deployment serves beside the worker: the compiled sample data and the screen. */
const deployments = await readFile(join(projectFolder, "wrangler.toml"), "utf8");
// Where deployments differ, what is no power is taken for one here, and told of by the community that it is not.
const solarUnit = /^\s*solarUnit\s*=\s*"W"/m.test(deployments) ? "W" : "W/m2";
const { manifest, compiled } = await compileInput(
  join(projectFolder, "data/input/Sample"),
  join(projectFolder, "public/input"),
  { solarUnit },
);
console.log(compiled ? "Compiled data/input/Sample" : "data/input/Sample has not changed");
for (const line of warnOfInput(manifest, solarUnit)) console.warn(`Warning: ${line}`);
await Promise.all([buildUi(), buildDocs()]);
