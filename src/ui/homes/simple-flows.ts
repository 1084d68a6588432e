import type { UnitStateJson } from "../live/api.ts";
import { servedPowerOf } from "../live/served-power.ts";
import type { Formats } from "../words/formatting.ts";
import type { TextKey, Translate } from "../words/i18n.ts";
import { leastFlowW } from "./unit-flows.ts";

/** What a home is made of in a few words; powers [W], and what comes in is what goes out. */
interface SimpleFlows {
  /** Let in. */
  readonly sun: number;
  /** Negative to it. */
  readonly utility: number;
  /** From the DC grid; negative to it. */
  readonly dcGrid: number;
  /** Into the battery; negative out of it. */
  readonly battery: number;
  readonly house: number;
  /** All that is lost in devices and used by the home's electronics. */
  readonly losses: number;
  /** Other power that a full battery cannot take. */
  readonly wasted: number;
}

export type SimpleName = keyof SimpleFlows;

export function computeSimpleFlows(unit: UnitStateJson): SimpleFlows {
  return {
    sun: unit.solarPowerW,
    utility: unit.acIntakePowerW - unit.soldPowerW,
    dcGrid: unit.gridPowerW,
    battery: unit.batteryPowerW,
    house: servedPowerOf(unit),
    losses: unit.acLossPowerW + unit.saleLossPowerW + unit.dcLossPowerW,
    wasted: unit.wastedPowerW - unit.curtailedSolarPowerW,
  };
}

/** The home in one sentence, such as "House 199 W, all from the sun; 369 W into the battery". */
export function writeFlowSentence(t: Translate, formats: Formats, unit: UnitStateJson): string {
  const { sun, dcGrid, battery, house } = computeSimpleFlows(unit);
  const sources: TextKey[] =
    unit.upsMode === "bypass"
      ? ["sourceUtility"]
      : (
          [
            [sun, "sourceSun"],
            [dcGrid, "sourceDcGrid"],
            [-battery, "sourceBattery"],
            // Beside its own losses: what charges, and what the battery gives no more.
            [unit.acIntakePowerW - unit.acLossPowerW, "sourceUtility"],
          ] as const
        )
          .filter(([watts]) => watts >= leastFlowW)
          .map(([, key]) => key);
  const others = (
    [
      [battery, "restIntoBattery"],
      [-dcGrid, "restToDcGrid"],
      [unit.soldPowerW, "restSold"],
      [unit.curtailedSolarPowerW, "restCurtailed"],
      [unit.unservedPowerW, "restUnmet"],
    ] as const
  )
    .filter(([watts]) => watts >= leastFlowW)
    .map(([watts, key]) => t(key, { power: formats.power(watts) }));
  const [only] = sources;
  const from =
    house < leastFlowW || only === undefined
      ? ""
      : sources.length === 1
        ? t("allFrom", { source: t(only) })
        : t("mixedFrom", { sources: sources.map((key) => t(key)).join(t("sourceJoint")) });
  if (unit.outage === "dark" || unit.outage === "overloaded") others.unshift(t(`outage.${unit.outage}`));
  return [t("housePower", { power: formats.power(house), from }), ...others].join(t("sentenceJoint"));
}
