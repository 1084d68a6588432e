import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { HomeSpec, Homes } from "../../src/input/homes/home-schema.ts";
import { type CommunityData, readData } from "../../src/laboratory/index.ts";
import { createUniforms } from "../sample-data/random.ts";
import { mean } from "../sample-data/statistics.ts";
import { homesFile } from "../village-data/homes-file.ts";
import { villageDays, villageHomes, villageSeed } from "../village-data/village.ts";

/** A year of the Village under other conditions. */
export interface Variant {
  readonly exchanges: boolean;
  readonly hasOutages: boolean;
  readonly halvesStandingLosses: boolean;
  /** What all homes have alike, as much as the mean home has: then less is left to exchange. */
  readonly alike: Alike;
}

type Alike = "nothing" | "panels" | "batteries" | "both";

const both = [false, true];
/** Those of the study's table, with and without exchange side by side. */
export const variants: readonly Variant[] = both.flatMap((hasOutages) =>
  both.flatMap((halvesStandingLosses) =>
    both.map((exchanges) => ({ exchanges, hasOutages, halvesStandingLosses, alike: "nothing" }) as const),
  ),
);

/** Those that show what it is about the homes that leaves something to exchange. */
export const alikeVariants: readonly Variant[] = (["panels", "batteries", "both"] as const).flatMap((alike) =>
  both.map((exchanges) => ({ exchanges, hasOutages: false, halvesStandingLosses: false, alike })),
);

/** What homes lose by standing there, under the names of docs/configuration.md, and what the published emulator says [W]. */
const standingLossesW = {
  constantSystemLoss: 17.5,
  DCCstLoss: 4.5,
  battModeLoss_c: 129,
  transLoss_c: 57,
  bypassModeLoss_c: 67,
};

/** Without the AC grid, from `startS` until `endS` [simulated s]. */
export interface Outage {
  readonly startS: number;
  readonly endS: number;
}

const outageSeed = 10;
const outageCount = 10;
const quarterHourS = 900;

/** Ten outages, one in each tenth of the year, at a random quarter of an hour, of 3 to 24 hours. */
export const outages: readonly Outage[] = Array.from({ length: outageCount }, (_, index) => {
  const uniform = createUniforms(outageSeed, index);
  const quartersOfTenth = (villageDays * 96) / outageCount;
  const quarters = 12 + Math.floor(uniform() * 85);
  const start = Math.floor(quartersOfTenth * index + uniform() * (quartersOfTenth - quarters));
  return { startS: start * quarterHourS, endS: (start + quarters) * quarterHourS };
});

/** Parameters of the configuration of a variant. */
export function configurationOf({
  halvesStandingLosses,
  hasOutages,
  alike,
}: Variant): Readonly<Record<string, unknown>> {
  const factor = halvesStandingLosses ? 0.5 : 1;
  const losses = Object.entries(standingLossesW).map(([name, lossW]) => [name, lossW * factor]);
  const failures = outages.map(({ startS, endS }) => ({ from: startS, until: endS }));
  return {
    ...Object.fromEntries(losses),
    homes: homesOf(alike),
    protection: "on",
    outages: hasOutages ? failures : [],
  };
}

/** The Village's homes.json, with what all have alike instead of their own. */
function homesOf(alike: Alike): Homes {
  const { default: ofAll, homes } = JSON.parse(homesFile(villageSeed, villageHomes)) as Homes;
  const meanOf = (read: (home: HomeSpec) => number | undefined) => mean(homes.map((home) => read(home) ?? 0));
  const battery = {
    capacityWh: meanOf(({ battery }) => battery?.capacityWh),
    chargeLimitW: meanOf(({ battery }) => battery?.chargeLimitW),
    dischargeLimitW: meanOf(({ battery }) => battery?.dischargeLimitW),
    selfDischargeW: meanOf(({ battery }) => battery?.selfDischargeW),
  };
  const pv = {
    peakPowerW: meanOf(({ pv }) => pv?.peakPowerW),
    controllerLimitW: meanOf(({ pv }) => pv?.controllerLimitW),
  };
  const shared = {
    ...((alike === "batteries" || alike === "both") && { battery }),
    ...((alike === "panels" || alike === "both") && { pv }),
  };
  return { default: ofAll, homes: homes.map((home) => ({ ...home, ...shared })) };
}

/** The data of a variant. */
export function dataOf(village: CommunityData, { alike }: Variant): CommunityData {
  const { pv = [] } = village;
  if (alike === "nothing" || alike === "batteries") return village;
  const meanW = Array.from(pv[0] ?? [], (_, point) => mean(pv.map((values) => values[point] as number)));
  return { ...village, pv: pv.map(() => meanW) };
}

export async function readVillageData(): Promise<CommunityData> {
  const read = (name: string) =>
    readFile(
      fileURLToPath(new URL(`../../data/input/Village/village_${name}_data.csv`, import.meta.url)),
      "utf8",
    );
  return readData({ solar: await read("solar"), demand: await read("load"), pv: await read("pv") });
}
