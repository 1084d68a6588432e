import { storedEnergyWh } from "./battery.ts";
import { settleByHand } from "./events.ts";
import { readPowersAt } from "./reading.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/**
 * Takes a unit, at its last event, into `world`. Its charge stays the percentage it is: where the capacity is another
 * than `capacityBeforeWh`, the energy that this brings or takes is booked as set by hand
 * (docs/model.md, 7.3).
 */
export function enterWorld(unit: UnitState, capacityBeforeWh: number, world: World): void {
  const stepWh = world.homeOf(unit.number).batteryCapacityWh - capacityBeforeWh;
  unit.today.setByHandWh += storedEnergyWh(unit.stateOfChargePercent, stepWh);
  settleByHand(unit, world);
}

/** Holds the powers of sun and demand that a unit has at its last event, as where no power flows. */
export function holdPowers(unit: UnitState, world: World): void {
  const reading = readPowersAt(unit, unit.timeS, world);
  const { solarPowerW, curtailedSolarPowerW, clippedSolarPowerW, demandPowerW } = reading;
  unit.heldSolarPowerW = solarPowerW + curtailedSolarPowerW + clippedSolarPowerW;
  unit.heldDemandPowerW = demandPowerW;
}
