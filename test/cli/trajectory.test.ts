import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readInputFiles } from "../../src/cli/build/compile-input.ts";
import { readCommands } from "../../src/cli/headless/run-headless.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { loadInput } from "../../src/input/series/load-input.ts";
import { runWhole } from "../support/whole-runs.ts";

/** Allowed differences from the published emulator's own functions at a 1 s step [percentage points]. */
const allowed = { median: 0.003, p99: 0.05, maximum: 0.2 };
/** Allowed difference of each daily energy, as a share of the unit's demand that day. */
const allowedEnergyShare = 0.005;

interface Trajectory {
  units: string[];
  commands: unknown[];
  hourlyRsoc: number[][];
  dailyEnergyWh: Record<string, number[]>[];
}

async function compare(file: string) {
  const golden: Trajectory = JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), "utf8"));
  const path = (name: string) => new URL(`../golden/${name}`, import.meta.url).pathname;
  const read = await readInputFiles(path("solar.csv"), path("load.csv"));
  const config = readConfig({ solarUnit: "W", demandIntervalMinutes: "60", units: golden.units.length });
  const input = await loadInput(read, golden.units.keys(), 60);
  const run = await runWhole({
    config,
    input,
    durationS: golden.hourlyRsoc.at(-1)?.[0] as number,
    everyS: 3600,
    commands: readCommands(JSON.stringify(golden.commands)),
    instantRamp: true,
  });
  return { golden, run };
}

for (const file of ["trajectory-idle.json", "trajectory-deals.json"]) {
  test(`G1: hourly charge agrees with ${file}`, async () => {
    const { golden, run } = await compare(file);
    expect(run.hourlyRsoc.map(([second]) => second)).toEqual(golden.hourlyRsoc.map(([second]) => second));
    const differences = golden.hourlyRsoc
      .flatMap((row, i) =>
        row.slice(1).map((value, j) => Math.abs(value - (run.hourlyRsoc[i]?.[j + 1] as number))),
      )
      .sort((a, b) => a - b);
    const share = (q: number) => differences[Math.floor(q * (differences.length - 1))] as number;
    console.log(`${file}: median ${share(0.5)}, 99th percentile ${share(0.99)}, maximum ${share(1)} points`);
    expect(share(0.5)).toBeLessThanOrEqual(allowed.median);
    expect(share(0.99)).toBeLessThanOrEqual(allowed.p99);
    expect(share(1)).toBeLessThanOrEqual(allowed.maximum);
  });

  test(`G2: daily energies agree with ${file}`, async () => {
    const { golden, run } = await compare(file);
    expect(run.dailyEnergyWh).toHaveLength(golden.dailyEnergyWh.length);
    golden.dailyEnergyWh.forEach((day, i) => {
      const {
        pv = [],
        wastedImport = [],
        ...rest
      } = run.dailyEnergyWh[i] as unknown as Record<string, number[]>;
      // There, energy from the DC grid that a full battery wastes is taken off the sun's.
      const told = { ...rest, pv: pv.map((wh, unit) => wh - (wastedImport[unit] as number)) };
      for (const [key, values] of Object.entries(day).filter(([key]) => key !== "day")) {
        values.forEach((value, unit) => {
          const ours = (told as Record<string, number[]>)[key]?.[unit] as number;
          const share = Math.abs(ours - value) / (day.demand?.[unit] as number);
          expect(share, `${key} of ${golden.units[unit]} on day ${i}`).toBeLessThanOrEqual(
            allowedEnergyShare,
          );
        });
      }
    });
    expect(run.balanceResidualWh).toBeLessThan(1e-6);
  });
}
