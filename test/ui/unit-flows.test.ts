import fc from "fast-check";
import { expect, test } from "vitest";
import { sumCommunity } from "../../src/ui/homes/community-sums.ts";
import { computeSimpleFlows } from "../../src/ui/homes/simple-flows.ts";
import { computeFlows, flowPeriodS, flowWidth } from "../../src/ui/homes/unit-flows.ts";
import { textLines } from "../../src/ui/homes/unit-readings.ts";
import { unitFields } from "../../src/ui/live/unit-fields.ts";
import { unitState } from "./unit-state.ts";

test("U27: What enters a node of the picture leaves it", () => {
  const flows = computeFlows(
    unitState({
      acIntakePowerW: 57,
      demandPowerW: 438,
      acLossPowerW: 57,
      solarPowerW: 1049,
      curtailedSolarPowerW: 100,
      batteryPowerW: -352,
      gridPowerW: -700,
      dcLossPowerW: 263,
      converterLossPowerW: 55,
      wastedPowerW: 100,
    }),
  );
  expect(flows.p2ToUps + flows.dcToUps).toBe(flows.upsToHouse + flows.acLoss);
  expect(flows.pvToPvc).toBe(flows.pvcToDc + flows.curtailed);
  expect(flows.gridToConverter).toBe(flows.converterToDc + flows.converterLoss);
  const intoLine = flows.pvcToDc + flows.converterToDc;
  expect(intoLine).toBe(flows.dcToUps + flows.dcToBattery + flows.emuLoss + flows.wasted);
});

test("U27: Where the screen tells what a house gets or its UPS gives, what is not served is not in it", () => {
  const unit = unitState({ demandPowerW: 500, unservedPowerW: 380, outage: "dark" });
  expect(unitFields.find(({ parameter }) => parameter === "ups_output_power")?.read(unit)).toBe("120.0");
  expect(textLines.find(({ label }) => label === "upsOutputPowerLine")?.read(unit, {} as never, 48)).toBe(
    120,
  );
  expect(sumCommunity([unit, unit]).demandW).toBe(240);
  expect(computeSimpleFlows(unit).house).toBe(120);
});

test("U27: What enters a node leaves it in a home that sells, clips its sun and leaves demand unserved", () => {
  const unit = unitState({
    demandPowerW: 400,
    unservedPowerW: 150,
    acIntakePowerW: 0,
    acLossPowerW: 30,
    saleLossPowerW: 20,
    soldPowerW: 180,
    solarPowerW: 900,
    clippedSolarPowerW: 40,
    curtailedSolarPowerW: 60,
    wastedPowerW: 60,
    batteryPowerW: 365,
    dcLossPowerW: 55,
    converterLossPowerW: 5,
  });
  const flows = computeFlows(unit);
  expect(flows.p2ToUps + flows.dcToUps).toBe(flows.upsToHouse + flows.acLoss);
  expect(flows.pvToPvc).toBe(flows.pvcToDc + flows.curtailed);
  const intoLine = flows.pvcToDc + flows.converterToDc;
  expect(intoLine).toBe(flows.dcToUps + flows.dcToBattery + flows.emuLoss + flows.wasted);
  const { sun, utility, dcGrid, battery, house, losses, wasted } = computeSimpleFlows(unit);
  expect(sun + utility + dcGrid).toBe(battery + house + losses + wasted);
});

test("U27: More power is never narrower nor slower, whichever way it goes", () => {
  const watts = fc.double({ min: 0, max: 20_000, noNaN: true });
  fc.assert(
    fc.property(watts, watts, (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      expect(flowWidth(more)).toBeGreaterThanOrEqual(flowWidth(less));
      expect(flowPeriodS(more)).toBeLessThanOrEqual(flowPeriodS(less));
      expect(flowWidth(-more)).toBe(flowWidth(more));
      expect(flowWidth(more)).toBeLessThanOrEqual(16);
    }),
  );
});
