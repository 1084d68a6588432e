import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { runVariant, type VariantResult } from "../../scripts/village-study/run-variant.ts";
import { drawCharts, tellResults } from "../../scripts/village-study/tell.ts";
import { alikeVariants, outages, readVillageData, variants } from "../../scripts/village-study/variants.ts";
import { countOf } from "../support/counts.ts";

const folder = "docs/studies/village";
const results: VariantResult[] = JSON.parse(await readFile(`${folder}/results.json`, "utf8"));
const data = await readVillageData();

describe("the study of the Village", () => {
  // The whole of it in `npm run test:long`; in `npm test` the first months of the plainest two.
  const tried = results.slice(0, countOf(results.length, 2));
  const months = countOf(12, 2);
  test.for(tried)("J41: it comes to its results again, to the bit: %o", (result) => {
    const again = runVariant(data, result, months);
    expect(again.months).toEqual(result.months.slice(0, months));
    if (months === 12) expect(again).toEqual(result);
  });

  test("J41: its results are those of all variants, and its text and charts show them", async () => {
    const keyOf = ({ exchanges, hasOutages, halvesStandingLosses, alike }: (typeof variants)[number]) =>
      [exchanges, hasOutages, halvesStandingLosses, alike].join();
    expect(results.map(keyOf)).toEqual([...variants, ...alikeVariants].map(keyOf));
    expect(await readFile(`${folder}/README.md`, "utf8")).toContain(tellResults(results));
    for (const [name, svg] of Object.entries(drawCharts(results)))
      expect(await readFile(`${folder}/${name}`, "utf8")).toBe(svg);
  });

  test("J42: ten outages of 3 to 24 hours, one after the other, within the year", () => {
    expect(outages).toHaveLength(10);
    for (const [index, { startS, endS }] of outages.entries()) {
      expect((endS - startS) / 3600).toBeGreaterThanOrEqual(3);
      expect((endS - startS) / 3600).toBeLessThanOrEqual(24);
      expect(startS).toBeGreaterThanOrEqual(outages[index - 1]?.endS ?? 0);
      expect(endS).toBeLessThanOrEqual(365 * 86_400);
    }
  });

  test("J42: what its text says of outages is so", () => {
    const [alone, exchanging] = results.filter(
      ({ hasOutages, halvesStandingLosses }) => hasOutages && !halvesStandingLosses,
    ) as [VariantResult, VariantResult];
    const unserved = (result: VariantResult) => result.outages.map(({ unservedWh }) => unservedWh as number);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const missed = sum(unserved(alone)) - sum(unserved(exchanging));
    expect(missed / sum(unserved(alone))).toBeCloseTo(1 / 6, 1);
    expect(unserved(exchanging)[9]).toBeGreaterThan(unserved(alone)[9] as number);
    const ofHomes = ({ homes }: VariantResult) => homes.unservedWh as readonly number[];
    expect(sum(ofHomes(alone))).toBeCloseTo(sum(unserved(alone)), 3);
    expect(ofHomes(alone).some((energy, home) => energy < (ofHomes(exchanging)[home] as number))).toBe(true);
    const dark = ({ homes }: VariantResult) => sum(homes.timesDark as readonly number[]);
    expect(dark(exchanging)).toBeGreaterThan(dark(alone));
    const without = alone.homes.solarWh?.flatMap((energy, home) => (energy === 0 ? [home] : [])) ?? [];
    const gain = (home: number) => (ofHomes(alone)[home] as number) - (ofHomes(exchanging)[home] as number);
    expect(sum(without.map(gain))).toBeGreaterThan(missed / 2);
    for (const result of results.filter(({ hasOutages }) => !hasOutages))
      expect(sum(ofHomes(result))).toBe(0);
  });

  test("J42: what its text says in words is so", () => {
    const sumOf = (result: VariantResult, account: string) =>
      result.homes[account]?.reduce((sum, energy) => sum + energy, 0) ?? 0;
    const selfSufficiency = (result: VariantResult) =>
      (sumOf(result, "demandWh") - sumOf(result, "acIntakeWh") + sumOf(result, "batteryChangeWh")) /
      sumOf(result, "demandWh");
    const pairOf = (alike: string, halves = false) =>
      results.filter(
        (result) => result.alike === alike && !result.hasOutages && result.halvesStandingLosses === halves,
      ) as [VariantResult, VariantResult];
    const gainOf = ([alone, exchanging]: [VariantResult, VariantResult]) =>
      100 * (selfSufficiency(exchanging) - selfSufficiency(alone));
    const [alone, exchanging] = pairOf("nothing");
    for (const { exchanges, trips } of results) expect(trips).toBeLessThan(exchanges ? 12 : 1);
    expect(gainOf([alone, exchanging])).toBeGreaterThan(4);
    expect(gainOf(pairOf("panels"))).toBeLessThan(gainOf(pairOf("nothing")) / 4);
    expect(gainOf(pairOf("both"))).toBeLessThan(0.5);
    expect(selfSufficiency(pairOf("panels")[0])).toBeGreaterThan(selfSufficiency(exchanging));
    const less = (account: string) => sumOf(alone, account) - sumOf(exchanging, account);
    expect(less("acIntakeWh") / less("curtailedSolarWh")).toBeCloseTo(2 / 3, 1);
    const [halvedAlone, halvedExchanging] = pairOf("nothing", true);
    expect(sumOf(alone, "acIntakeWh") - sumOf(halvedAlone, "acIntakeWh")).toBeGreaterThan(
      2 * less("acIntakeWh"),
    );
    expect(gainOf([halvedAlone, halvedExchanging])).toBeGreaterThan(gainOf([alone, exchanging]));
    const withoutPanels = alone.homes.solarWh?.flatMap((energy, home) => (energy === 0 ? [home] : [])) ?? [];
    const intake = (result: VariantResult, home: number) => result.homes.acIntakeWh?.[home] as number;
    for (const home of withoutPanels)
      expect(intake(exchanging, home)).toBeLessThan(0.8 * intake(alone, home));
    expect(alone.homes.solarWh?.some((_, home) => intake(exchanging, home) > intake(alone, home))).toBe(true);
  });
});
