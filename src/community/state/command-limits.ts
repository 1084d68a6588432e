import { type Refusal, refuse } from "../../notation/refusal.ts";
import { type Command, type EmulatorRequest, isQuery } from "./request.ts";

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
  request: EmulatorRequest,
  unitsAfter: number,
  storedBytes: number,
  limits: GrowthLimits,
): Refusal | null {
  if (isQuery(request) || request.kind === "removeUnit" || request.kind === "deleteSnapshot") return null;
  const tooMany = refuseUnits(request, unitsAfter, limits.units, "units");
  if (tooMany !== null) return tooMany;
  const forgetsPast = request.kind === "reset" && request.restartClock;
  if (storedBytes <= limits.storageBytes || forgetsPast) return null;
  const most = `${limits.storageBytes} bytes (storageBytes)`;
  const wayOut = "Reset with clock=start forgets the past";
  return refuse("conflict", `The community holds ${storedBytes} bytes; allowed: ${most}. ${wayOut}`).refusal;
}

/** Why a command that brings units may not leave `unitsAfter` of them where at most `most` are allowed, or null. */
export function refuseUnits(
  command: Command,
  unitsAfter: number,
  most: number,
  limit: "units" | "maximumUnits",
): Refusal | null {
  const bringsUnits = ["addUnit", "reset", "loadLast", "restoreSnapshot", "beginSnapshot"].includes(
    command.kind,
  );
  if (!bringsUnits || unitsAfter <= most) return null;
  return refuse("conflict", `There would be ${unitsAfter} units; allowed: ${most} units (${limit})`).refusal;
}
