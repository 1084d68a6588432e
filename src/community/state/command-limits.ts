import { type Refusal, refuse } from "../../notation/refusal.ts";
import { type CommunityRequest, isQuery } from "./request.ts";

/** What one community may grow to. */
export interface GrowthLimits {
  readonly units: number;
  readonly storageBytes: number;
  /** Finished simulated days that are kept. */
  readonly historyDays: number;
}

/**
 * Why a request would let the community grow beyond its limits, or null. `unitsAfter` is how many units it
 * leaves, `storedBytes` the size of the storage before it. What makes a community smaller is never refused.
 */
export function refuseGrowth(
  request: CommunityRequest,
  unitsAfter: number,
  storedBytes: number,
  limits: GrowthLimits,
): Refusal | null {
  if (isQuery(request) || request.kind === "removeUnit") return null;
  const replacesUnits = request.kind === "addUnit" || request.kind === "reset" || request.kind === "loadLast";
  if (replacesUnits && unitsAfter > limits.units) {
    return refuse("conflict", `There would be ${unitsAfter} units; allowed: ${limits.units} (units)`).refusal;
  }
  const forgetsPast = request.kind === "reset" && request.restartClock;
  if (storedBytes <= limits.storageBytes || forgetsPast) return null;
  const most = `${limits.storageBytes} bytes (storageBytes)`;
  const wayOut = "Reset with clock=start forgets the past";
  return refuse("conflict", `The community holds ${storedBytes} bytes; allowed: ${most}. ${wayOut}`).refusal;
}
