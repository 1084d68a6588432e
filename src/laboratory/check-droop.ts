import { type Refused, refuse } from "../notation/refusal.ts";
import { formatUnitId } from "../notation/unit-id.ts";
import { mostCurrentA } from "../simulation/bus-currents.ts";
import type { UnitChange } from "../simulation/commands.ts";
import type { World } from "../simulation/world.ts";

/** Refuses a droop, where it bends the bus, of a converter of which no greatest current is known; `place` is where it was given. */
export function checkDroop(
  unitNumber: number,
  { droopPercent = 0 }: UnitChange,
  world: World,
  place = "drg",
): Refused | null {
  if (world.busModel !== "droop" || droopPercent === 0) return null;
  if (mostCurrentA(unitNumber, world) !== Number.POSITIVE_INFINITY) return null;
  const unit = formatUnitId(unitNumber);
  return refuse(
    "invalid_parameter",
    `${place} is ${droopPercent}; allowed: 0 for ${unit}, whose home says no converter.currentLimitA (busModel = droop)`,
    place,
  );
}
