import { type Refused, refuse } from "../notation/refusal.ts";
import { formatUnitId } from "../notation/unit-id.ts";
import { leastDroopPercent, mostCurrentA } from "../simulation/bus-currents.ts";
import type { UnitChange } from "../simulation/commands.ts";
import type { World } from "../simulation/world.ts";

/**
 * Refuses a droop, where it bends the bus, of a converter of which no greatest current is known, and one that is too small to be
 * reckoned with; `place` is where it was given.
 */
export function checkDroop(
  unitNumber: number,
  { droopPercent = 0 }: UnitChange,
  world: World,
  place = "drg",
): Refused | null {
  if (world.busModel !== "droop" || droopPercent === 0) return null;
  const allowed = () => {
    if (mostCurrentA(unitNumber, world) === Number.POSITIVE_INFINITY)
      return `0 for ${formatUnitId(unitNumber)}, whose home says no converter.currentLimitA`;
    return droopPercent < leastDroopPercent ? `0 or ${leastDroopPercent} to 100` : null;
  };
  const range = allowed();
  if (range === null) return null;
  const message = `${place} is ${droopPercent}; allowed: ${range} (busModel = droop)`;
  return refuse("invalid_parameter", message, place);
}
