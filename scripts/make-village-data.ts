/** Writes the files under data/input/Village, and the figures that its README tells of them. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { dayLines, demandLines, pvLines, solarLines } from "./village-data/csv.ts";
import { replaceFigures } from "./village-data/figures.ts";
import { homesFile } from "./village-data/homes-file.ts";
import { describeVillage, readVillage } from "./village-data/statistics.ts";
import { villageHomes, villageSeed } from "./village-data/village.ts";

const folder = fileURLToPath(new URL("../data/input/Village/", import.meta.url));
const files = {
  "village_solar_data.csv": solarLines(villageSeed),
  "village_load_data.csv": demandLines(villageSeed, villageHomes),
  "village_pv_data.csv": pvLines(villageSeed, villageHomes),
  "days.csv": dayLines(villageSeed),
  "parameters.json": [`${JSON.stringify({ protection: "on" }, null, 2)}\n`],
  "homes.json": [homesFile(villageSeed, villageHomes)],
};

await mkdir(folder, { recursive: true });
for (const [name, lines] of Object.entries(files)) await writeFile(`${folder}${name}`, [...lines].join(""));
const readme = `${folder}README.md`;
const figures = describeVillage(await readVillage(folder));
await writeFile(readme, replaceFigures(await readFile(readme, "utf8"), figures));
