import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { overHttp, overPackage, overSession } from "../../docs/examples/three-ways.js";
import { Community, readData } from "../../src/laboratory/index.ts";
import { countOf } from "../support/counts.ts";
import { startLocalServer } from "../support/local-server.ts";

const golden = (name: string) => fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
const steps = countOf(960, 200);

test("J19: the exchange strategy tells the same bytes over the package, over HTTP and over a session", async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-ways-"));
  try {
    await copyFile(golden("solar.csv"), join(folder, "golden_solar_data.csv"));
    await copyFile(golden("load.csv"), join(folder, "golden_load_data.csv"));
    const texts = {
      solar: await readFile(golden("solar.csv"), "utf8"),
      demand: await readFile(golden("load.csv"), "utf8"),
    };
    const data = await readData(texts, "W");
    const community = Community.create({ data, homes: 6, configuration: { solarUnit: "W" } });
    // At first some have much and some have little.
    const begun = [95, 40, 85, 45, 60, 70].map((rsoc, index) => ({ unit: `E00${index + 1}`, set: { rsoc } }));
    community.step({ actions: begun, seconds: 0 });
    const expected = JSON.stringify(overPackage(community, steps));
    // Somebody gave to somebody.
    expect(community.ledger().fromDcGridWh.some((energyWh) => energyWh > 100)).toBe(true);
    for (const way of [overHttp, overSession]) {
      const args = ["--data", folder, "--solar-unit", "W"];
      const server = await startLocalServer({ units: 6, acceleration: 0, args });
      try {
        for (const { unit, set } of begun) await fetch(`${server.url}/set/emu/${unit}?rsoc=${set.rsoc}`);
        expect(JSON.stringify(await way(server.url, steps)), way.name).toBe(expected);
      } finally {
        await server.stop();
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
