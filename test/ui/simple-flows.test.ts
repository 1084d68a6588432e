import fc from "fast-check";
import { expect, test } from "vitest";
import { computeSimpleFlows, writeFlowSentence } from "../../src/ui/homes/simple-flows.ts";
import { createFormats } from "../../src/ui/words/formatting.ts";
import { createTranslate } from "../../src/ui/words/i18n.ts";
import { unitState } from "./unit-state.ts";

const watts = fc.integer({ min: 0, max: 5000 });

test("U54: what comes into a home goes out of it in the simple picture too", () => {
  fc.assert(
    fc.property(
      watts,
      watts,
      watts,
      watts,
      watts,
      fc.integer({ min: -3000, max: 3000 }),
      (solar, ac, demand, acLoss, dcLoss, grid) => {
        const batteryPowerW = solar + ac + grid - demand - acLoss - dcLoss;
        const flows = computeSimpleFlows(
          unitState({
            solarPowerW: solar,
            acIntakePowerW: ac,
            demandPowerW: demand,
            acLossPowerW: acLoss,
            dcLossPowerW: dcLoss,
            gridPowerW: grid,
            batteryPowerW,
          }),
        );
        expect(flows.sun + flows.utility + flows.dcGrid).toBe(
          flows.battery + flows.house + flows.losses + flows.wasted,
        );
      },
    ),
  );
});

for (const [given, english, japanese] of [
  [
    { demandPowerW: 199, solarPowerW: 700, batteryPowerW: 369 },
    "House 199.0 W, all from the sun; 369.0 W into the battery",
    "宅内 199.0 W（すべて太陽光から）、電池へ 369.0 W",
  ],
  [
    { demandPowerW: 500, solarPowerW: 100, batteryPowerW: -600, gridPowerW: -100 },
    "House 500.0 W, from the sun and the battery; 100.0 W to the DC grid",
    "宅内 500.0 W（太陽光と電池から）、DC グリッドへ 100.0 W",
  ],
  [
    { demandPowerW: 80, upsMode: "bypass", acIntakePowerW: 150, acLossPowerW: 67, shortfallPowerW: 20 },
    "House 80.0 W, all from the utility",
    "宅内 80.0 W（すべて商用電源から）",
  ],
  [
    { demandPowerW: 455, batteryPowerW: -400, acIntakePowerW: 327, acLossPowerW: 57, shortfallPowerW: 270 },
    "House 455.0 W, from the battery and the utility",
    "宅内 455.0 W（電池と商用電源から）",
  ],
  [
    { demandPowerW: 500, unservedPowerW: 100, batteryPowerW: -400, outage: "carried" },
    "House 400.0 W, all from the battery; 100.0 W unmet",
    "宅内 400.0 W（すべて電池から）、不足 100.0 W",
  ],
  [
    {
      demandPowerW: 500,
      solarPowerW: 900,
      batteryPowerW: 1000,
      acIntakePowerW: 1057,
      acLossPowerW: 57,
      acCharging: true,
    },
    "House 500.0 W, from the sun and the utility; 1.00 kW into the battery",
    "宅内 500.0 W（太陽光と商用電源から）、電池へ 1.00 kW",
  ],
  [
    { demandPowerW: 500, solarPowerW: 900, soldPowerW: 300 },
    "House 500.0 W, all from the sun; 300.0 W sold to the utility",
    "宅内 500.0 W（すべて太陽光から）、電力会社へ売電 300.0 W",
  ],
  [{}, "House 0.0 W", "宅内 0.0 W"],
] as const)
  test(`U54: ${english}`, () => {
    const write = (language: "en" | "ja") =>
      writeFlowSentence(createTranslate(language), createFormats(language), unitState(given)).replaceAll(
        "\u00a0",
        " ",
      );
    expect(write("en")).toBe(english);
    expect(write("ja")).toBe(japanese);
  });
