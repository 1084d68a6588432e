import { allocateWalk, beginFlow } from "./begin-flow.ts";
import type { Horizon, Occasion, Walk } from "./flow.ts";
import { type HomeLimits, neutralLimits } from "./home-limits.ts";
import type { LimitedFlow } from "./limited-powers.ts";
import { minimumSwitchIntervalS, type Parameters } from "./parameters.ts";
import { isDark, type UnitState } from "./unit.ts";
import type { Home, World } from "./world.ts";

/** What a home does while its AC grid fails (docs/model.md, 3.10). */

/** When the AC grid next fails or comes back [s], or never. */
export function nextOutageS({ timeS, segment: { home } }: Readonly<Walk>): number {
  const outage = home.outages?.endingAfter(timeS) ?? null;
  if (outage === null) return Number.POSITIVE_INFINITY;
  return outage.startS > timeS ? outage.startS : outage.endS;
}

/** The battery carries the house when the AC grid fails; when it is back, the UPS and its charger decide at once. */
export function settleOutage(unit: UnitState, { outages }: Home, { world }: Occasion): void {
  if (outages === undefined && unit.outage === "none") return;
  const outage = outages?.endingAfter(unit.timeS) ?? null;
  const isOut = outage !== null && outage.startS <= unit.timeS && world.powerFlowEnabled;
  if (isOut === (unit.outage !== "none")) return;
  unit.outage = isOut ? "carried" : "none";
  if (isOut) return;
  unit.upsSwitchedS = unit.timeS - minimumSwitchIntervalS;
  unit.acChargingSwitchedS = unit.timeS - minimumSwitchIntervalS;
}

/** Whether the house is dark, from where the unit stands on. */
export function settleDarkness(
  unit: UnitState,
  { limits = neutralLimits }: Home,
  { world }: Occasion,
  walk?: Walk,
): void {
  if (unit.outage === "none") return;
  const { stateOfChargePercent: charge } = unit;
  if (unit.outage === "dark" && charge < restartPercent(limits, world.parameters)) return;
  const wasDark = isDark(unit);
  unit.outage = "carried";
  const mayStarve = charge <= limits.batteryFloorPercent;
  if (limits.upsLimitW === Infinity && !mayStarve) return;
  const trial = walk ?? allocateWalk(unit, world);
  if (lookAhead(trial).isOverloaded) unit.outage = "overloaded";
  if (mayStarve && lookAhead(trial).isStarved) unit.outage = "dark";
  if (isDark(unit) && !wasDark) unit.today.timesDark++;
}

/** Draws the horizon in to the charge at which a dark house comes back. */
export function boundByRestart(until: Horizon, { segment: { unit, home, world } }: Readonly<Walk>): void {
  if (unit.outage !== "dark") return;
  until.upPercent = Math.min(until.upPercent, restartPercent(home.limits ?? neutralLimits, world.parameters));
}

function lookAhead(walk: Walk): LimitedFlow {
  beginFlow(walk);
  return walk.segment.limited as LimitedFlow;
}

/** The charge at which a house that went dark comes back [%]. */
export function restartPercent(limits: HomeLimits, { batteryAbovePercent }: Parameters): number {
  const leastPercent = Math.max(limits.restartPercent ?? batteryAbovePercent, limits.batteryFloorPercent + 5);
  return Math.min(leastPercent, limits.batteryCeilingPercent);
}

/** The same of units whose powers something else has changed. */
export function settleDarknessOf(units: readonly UnitState[], numbers: Iterable<number>, world: World): void {
  for (const number of numbers) {
    const unit = units[number - 1];
    // A unit that was touched may have gone since.
    if (unit !== undefined && unit.outage !== "none")
      settleDarkness(unit, world.homeOf(number), { world, byHand: false });
  }
}
