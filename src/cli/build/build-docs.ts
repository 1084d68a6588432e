import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeOpenApi } from "../../api/openapi/document.ts";
import { describeControlPlane } from "../../hosting/admin/control-plane-document.ts";
import { projectFolder } from "../project-folder.ts";

const viewer = createRequire(import.meta.url).resolve("swagger-ui-dist/package.json");

/** Writes the Web API's document into `folder`, and beside it the viewer that shows it. */
export async function buildDocs(folder: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(projectFolder, "package.json"), "utf8"));
  await writeFile(join(folder, "openapi.json"), JSON.stringify(writeOpenApi(version, describeControlPlane)));
  await mkdir(join(folder, "reference"), { recursive: true });
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"])
    await copyFile(join(viewer, "..", name), join(folder, "reference", name));
}
