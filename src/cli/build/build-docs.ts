import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeOpenApi } from "../../api/openapi/document.ts";
import { writeHomesSchema } from "../../api/openapi/homes-schema.ts";
import { describeControlPlane } from "../../hosting/admin/control-plane-document.ts";
import { release } from "../../notation/release.ts";

const viewer = createRequire(import.meta.url).resolve("swagger-ui-dist/package.json");

/** Writes the Web API's document and the schema of homes into `folder`, and beside it the viewer that shows it. */
export async function buildDocs(folder: string): Promise<void> {
  await writeFile(join(folder, "openapi.json"), JSON.stringify(writeOpenApi(release, describeControlPlane)));
  await mkdir(join(folder, "schema"), { recursive: true });
  await writeFile(join(folder, "schema", "homes.json"), JSON.stringify(writeHomesSchema(), null, 2));
  await mkdir(join(folder, "reference"), { recursive: true });
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"])
    await copyFile(join(viewer, "..", name), join(folder, "reference", name));
}
