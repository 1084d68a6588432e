/*
 * What a home's own hardware and its AC connection can do. A home without limits is ideal, as every
 * home was before there were any; `neutralLimits` say the same in numbers.
 *
 * Always: every value is finite or, where there is no limit, Infinity; a file says that by leaving the limit out.
 */

/** Limits, efficiencies and losses of one home. Powers at the battery are those of its terminals. */
export interface HomeLimits {
  /** Charge [% of capacity] below which the battery gives nothing; < `batteryCeilingPercent`. */
  readonly batteryFloorPercent: number;
  /** Charge [% of capacity] above which the battery takes nothing. */
  readonly batteryCeilingPercent: number;
  /** Most that the battery takes [W], ≥ 0. */
  readonly chargeLimitW: number;
  /** Most that the battery gives [W], ≥ 0. */
  readonly dischargeLimitW: number;
  /** Stored for what goes in, in ]0, 1]. */
  readonly chargeEfficiency: number;
  /** Given for what is taken out of store, in ]0, 1]. */
  readonly dischargeEfficiency: number;
  /** What the battery loses of its stored energy all the time [W], ≥ 0. */
  readonly selfDischargeW: number;
  /** Most that the PV charge controller takes from the panels [W], ≥ 0. */
  readonly pvControllerLimitW: number;
  /** Most demand that the UPS carries by battery [W], ≥ 0; with more it bypasses. */
  readonly upsLimitW: number;
  /** The converter's loss while it carries w ≠ 0: (constant of its mode + a·|w| + q·w²) · (1 + k·((vg/vb)/ρ − 1)²) [W]. */
  readonly converterLossRatio: number;
  /** q [1/W]. */
  readonly converterLossPerSquareW: number;
  /** k. */
  readonly converterVoltageLossFactor: number;
  /** ρ: the ratio of bus to battery voltage where the converter loses least. */
  readonly bestVoltageRatio: number;
  /** Most current of the converter [A], > 0. */
  readonly converterCurrentLimitA: number;
  /** A converter that is active trips with more than this on the bus [V] … */
  readonly gridOvervoltageV: number;
  /** … and with less than this. */
  readonly gridUndervoltageV: number;
  /** With more on its battery's side, in either direction [A]. */
  readonly batteryOvercurrentA: number;
  /** With more or less at its battery [V]. */
  readonly batteryOvervoltageV: number;
  readonly batteryUndervoltageV: number;
  /** Most that is taken from the AC grid [W], ≥ 0. */
  readonly acImportLimitW: number;
  /** Most that is given to the AC grid [W]; 0: the home does not export. */
  readonly acExportLimitW: number;
  /** Reaches the AC side of what goes there, in ]0, 1]. */
  readonly exportEfficiency: number;
  /**
   * Charge [%] at which a house that went dark comes back while the outage lasts, at least 5 % above the floor; null:
   * that at which the UPS uses the battery again.
   */
  readonly restartPercent: number | null;
}

/** Whether a home with these limits has the powers of an ideal one, as long as its AC grid does not fail. */
export function limitsNothing(limits: HomeLimits): boolean {
  return (
    limits.batteryFloorPercent === 0 &&
    limits.batteryCeilingPercent === 100 &&
    limits.chargeLimitW === Infinity &&
    limits.dischargeLimitW === Infinity &&
    limits.chargeEfficiency === 1 &&
    limits.dischargeEfficiency === 1 &&
    limits.selfDischargeW === 0 &&
    limits.pvControllerLimitW === Infinity &&
    limits.upsLimitW === Infinity &&
    limits.converterLossRatio === 0 &&
    limits.converterLossPerSquareW === 0 &&
    limits.converterVoltageLossFactor === 0 &&
    limits.acImportLimitW === Infinity &&
    limits.acExportLimitW === 0
  );
}

/** Limits that limit nothing. */
export const neutralLimits: HomeLimits = {
  batteryFloorPercent: 0,
  batteryCeilingPercent: 100,
  chargeLimitW: Number.POSITIVE_INFINITY,
  dischargeLimitW: Number.POSITIVE_INFINITY,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  selfDischargeW: 0,
  pvControllerLimitW: Number.POSITIVE_INFINITY,
  upsLimitW: Number.POSITIVE_INFINITY,
  converterLossRatio: 0,
  converterLossPerSquareW: 0,
  converterVoltageLossFactor: 0,
  bestVoltageRatio: 6.5,
  converterCurrentLimitA: Number.POSITIVE_INFINITY,
  gridOvervoltageV: Number.POSITIVE_INFINITY,
  gridUndervoltageV: 0,
  batteryOvercurrentA: Number.POSITIVE_INFINITY,
  batteryOvervoltageV: Number.POSITIVE_INFINITY,
  batteryUndervoltageV: 0,
  acImportLimitW: Number.POSITIVE_INFINITY,
  acExportLimitW: 0,
  exportEfficiency: 1,
  restartPercent: null,
};
