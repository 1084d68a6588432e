/** Runs the study of docs/studies/village and writes its results, its charts and the figures of its text. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { replaceFigures } from "./village-data/figures.ts";
import { runVariant } from "./village-study/run-variant.ts";
import { drawCharts, tellResults } from "./village-study/tell.ts";
import { alikeVariants, readVillageData, variants } from "./village-study/variants.ts";

const folder = fileURLToPath(new URL("../docs/studies/village/", import.meta.url));
const data = await readVillageData();
const results = [...variants, ...alikeVariants].map((variant) => {
  console.log(`Running ${JSON.stringify(variant)}`);
  return runVariant(data, variant);
});
await writeFile(
  `${folder}results.json`,
  `[\n${results.map((result) => JSON.stringify(result)).join(",\n")}\n]\n`,
);
for (const [name, svg] of Object.entries(drawCharts(results))) await writeFile(`${folder}${name}`, svg);
const readme = `${folder}README.md`;
await writeFile(readme, replaceFigures(await readFile(readme, "utf8"), tellResults(results)));
