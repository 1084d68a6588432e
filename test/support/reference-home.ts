import type { HomeLimits } from "../../src/simulation/home-limits.ts";
import type { Ledger } from "../../src/simulation/ledger.ts";
import type { Parameters } from "../../src/simulation/parameters.ts";
import type { ConverterMode } from "../../src/simulation/unit.ts";

/*
 * A home with limits by short steps, written from its description alone (docs/model.md, 3.7 to 3.10): min and max in the order
 * in which they are told there, at the middle of each step. It shares no code with the model.
 */

export interface ReferenceHome {
  readonly limits: HomeLimits;
  readonly parameters: Parameters;
  readonly capacityWh: number;
  readonly outages: readonly { readonly startS: number; readonly endS: number }[];
  readonly importPrices: readonly number[];
  readonly exportPrices: readonly number[];
  sunW(timeS: number): number;
  demandW(timeS: number): number;
  /** What the converter does from `timeS` on. */
  readonly commandsAtS: readonly number[];
  converterAt(timeS: number): { mode: ConverterMode; currentA: number; voltageV: number };
  /** Sees the powers of each step. */
  readonly onStep?: ((powers: Powers, state: Readonly<ReferenceState>) => void) | undefined;
}

/** What a home remembers, and what it has counted. */
export interface ReferenceState {
  charge: number;
  bypasses: boolean;
  upsSwitchedS: number;
  acCharging: boolean;
  acChargingSwitchedS: number;
  wasOut: boolean;
  isDark: boolean;
  wasOff: boolean;
  readonly accounts: Ledger;
}

const { min, max, abs } = Math;

/** Follows a home from `fromS` to `untilS`, in steps of `stepS`. */
export function followReference(
  home: ReferenceHome,
  state: ReferenceState,
  fromS: number,
  untilS: number,
  stepS: number,
): void {
  const marks = marksOf(home);
  const steps = Math.round((untilS - fromS) / stepS);
  for (let i = 0; i < steps; i++) {
    const endS = fromS + (i + 1) * stepS;
    // A step in which the charge comes to a mark is two, of which the second may be too.
    for (let timeS = fromS + i * stepS; endS - timeS > 1e-9; )
      timeS += takeStep(home, state, timeS, endS - timeS, marks);
  }
}

/** Charges [%] at which something changes. */
export function marksOf({ limits, parameters: p }: ReferenceHome): number[] {
  const off = max(p.bypassBelowPercent, limits.batteryFloorPercent);
  const ofUps = [off, above(off, p.batteryAbovePercent), p.acChargingBelowPercent, p.acChargingAbovePercent];
  return [limits.batteryFloorPercent, limits.batteryCeilingPercent, restartOf(limits, p), ...ofUps];
}

/**
 * A step of up to `mostS`, which ends where the charge comes to a mark, a hold of 10 s ends, an outage begins or ends, something is commanded, or the demand
 * passes what the UPS carries. Returns how long it took.
 */
function takeStep(
  home: ReferenceHome,
  state: ReferenceState,
  timeS: number,
  mostS: number,
  marks: readonly number[],
): number {
  const stepS = changesAfter(home, state, timeS, mostS);
  const isOut = home.outages.some(({ startS, endS }) => startS <= timeS && timeS < endS);
  const middleS = timeS + stepS / 2;
  const [S, L] = [home.sunW(middleS), home.demandW(middleS)];
  settle(home, state, timeS, isOut, S, L);
  const flow = powersOf(home, state, timeS, isOut, S, L);
  const perSecond = flow.e / (36 * home.capacityWh);
  let tookS = stepS;
  let next = state.charge + perSecond * stepS;
  for (const mark of marks) {
    if ((mark - state.charge) * (mark - next) >= 0) continue;
    tookS = (mark - state.charge) / perSecond;
    next = mark;
  }
  count(home, state, timeS, tookS, isOut, L, S, flow);
  home.onStep?.(flow, state);
  state.charge = next;
  return tookS;
}

/** After how many seconds, at the most `mostS`, something changes that does not hang on the charge. */
function changesAfter(home: ReferenceHome, state: ReferenceState, timeS: number, mostS: number): number {
  let firstS = mostS;
  const note = (afterS: number) => {
    if (afterS > 1e-9 && afterS < firstS) firstS = afterS;
  };
  note(state.upsSwitchedS + 10 - timeS);
  note(state.acChargingSwitchedS + 10 - timeS);
  const { upsLimitW } = home.limits;
  if (upsLimitW < Infinity) {
    const demandW = home.demandW(timeS);
    note((upsLimitW - demandW) / ((home.demandW(timeS + mostS / 2) - demandW) / (mostS / 2)));
  }
  for (const { startS, endS } of home.outages) {
    note(startS - timeS);
    note(endS - timeS);
  }
  for (const timeOfCommandS of home.commandsAtS) note(timeOfCommandS - timeS);
  return firstS;
}

export function settle(
  home: ReferenceHome,
  state: ReferenceState,
  timeS: number,
  isOut: boolean,
  S: number,
  L: number,
): void {
  const { parameters: p, limits } = home;
  const returns = state.wasOut && !isOut;
  state.wasOut = isOut;
  if (isOut) {
    if (state.bypasses) state.upsSwitchedS = timeS;
    if (state.acCharging) state.acChargingSwitchedS = timeS;
    state.bypasses = false;
    state.acCharging = false;
  } else {
    const off = max(p.bypassBelowPercent, limits.batteryFloorPercent);
    if (returns || timeS - state.upsSwitchedS >= 10) {
      const changes = state.bypasses
        ? state.charge >= above(off, p.batteryAbovePercent)
        : state.charge <= off;
      if (changes) {
        state.bypasses = !state.bypasses;
        state.upsSwitchedS = timeS;
      }
    }
    if (returns || timeS - state.acChargingSwitchedS >= 10) {
      const { acChargingBelowPercent: on, acChargingAbovePercent: to } = p;
      if (state.acCharging ? state.charge >= above(on, to) : state.charge <= on) {
        state.acCharging = !state.acCharging;
        state.acChargingSwitchedS = timeS;
      }
    }
  }
  if (!isOut || (state.isDark && state.charge >= restartOf(limits, p))) state.isDark = false;
  if (isOut && !state.isDark && state.charge <= limits.batteryFloorPercent)
    state.isDark = powersOf(home, state, timeS, isOut, S, L).lack > 0;
  const isOff = isOut && (state.isDark || L > limits.upsLimitW);
  if (isOff && !state.wasOff) state.accounts.timesDark++;
  state.wasOff = isOff;
}

function restartOf(limits: HomeLimits, { batteryAbovePercent }: Parameters): number {
  const least = max(limits.restartPercent ?? batteryAbovePercent, limits.batteryFloorPercent + 5);
  return min(limits.batteryCeilingPercent, least);
}

function above(low: number, high: number): number {
  return high > low ? high : low + 1e-9;
}

export type Powers = ReturnType<typeof powersOf>;

export function powersOf(
  home: ReferenceHome,
  state: ReferenceState,
  timeS: number,
  isOut: boolean,
  S: number,
  L: number,
) {
  const { parameters: p, limits: l } = home;
  const { mode, currentA, voltageV } = home.converterAt(timeS);
  const w = currentA * voltageV;
  // 1. PV controller
  const sun = min(S, l.pvControllerLimitW);
  // 2. Converter
  let c = p.converterDischargingLossW;
  if (mode === "waiting") c = p.converterWaitingLossW;
  if (mode === "charging") c = p.converterChargingLossW;
  if (w !== 0) {
    c += l.converterLossRatio * abs(w) + l.converterLossPerSquareW * w ** 2;
    c *= 1 + l.converterVoltageLossFactor * (voltageV / p.batteryVoltageV / l.bestVoltageRatio - 1) ** 2;
  }
  // 3. UPS
  const bypass = !isOut && (state.bypasses || L > l.upsLimitW);
  const isOff = isOut && (state.isDark || L > l.upsLimitW);
  const byBattery = !bypass && !isOff;
  const house = isOff ? 0 : L;
  let charging = state.acCharging ? p.acChargingPowerW : 0;
  // 4. What the battery is asked for
  let acFixed = 0;
  if (!isOut) {
    acFixed = p.transformerLossW;
    if (bypass) acFixed += p.bypassModeLossW;
    if (state.acCharging) acFixed += p.acChargingLossW;
  }
  const acRatio = bypass ? p.bypassModeLossRatio + p.transformerLossRatio : 0;
  let dcFixed = p.constantSystemLossW + c + (byBattery ? p.batteryModeLossW : 0);
  const dcRatio = byBattery ? p.batteryModeLossRatio : 0;
  let p2 = acFixed + acRatio * house + (bypass ? house : 0) + charging;
  let b = w + sun + p2 - house * (1 + acRatio + dcRatio) - acFixed - dcFixed;
  // 5. Import limit
  const M = isOut ? 0 : l.acImportLimitW;
  const [uncut, acCharging] = [p2, charging];
  const cut = max(0, p2 - M);
  p2 -= cut;
  b -= cut;
  charging -= min(cut, charging);
  // 6. Charge limit and ceiling
  const atCeiling = state.charge >= l.batteryCeilingPercent;
  let mostIn = l.chargeLimitW;
  if (atCeiling && l.chargeEfficiency * b >= l.selfDischargeW)
    mostIn = min(mostIn, l.selfDischargeW / l.chargeEfficiency);
  const asked = b;
  const placed = max(0, b - mostIn);
  let surplus = placed;
  b -= surplus;
  const lowered = min(surplus, charging);
  p2 -= lowered;
  surplus -= lowered;
  const spare = min(surplus, sun);
  const wastedImport = surplus - spare;
  const intake = p2;
  let [sold, saleLoss, curtailed] = [0, 0, spare];
  if (l.acExportLimitW > 0 && !isOut) {
    const replaced = min(p2, spare * l.exportEfficiency);
    sold = min(l.acExportLimitW, spare * l.exportEfficiency - replaced);
    p2 -= replaced;
    const used = (replaced + sold) / l.exportEfficiency;
    curtailed = spare - used;
    saleLoss = used - replaced - sold;
  }
  // 7. Discharge limit and floor
  const mostOut = state.charge <= l.batteryFloorPercent ? 0 : l.dischargeLimitW;
  const lack = max(0, -mostOut - b);
  b += lack;
  const room = max(0, M - p2);
  const served = min(lack, room);
  p2 += served;
  let missing = lack - served;
  let unserved = min(house, missing / (1 + acRatio + dcRatio));
  missing = max(0, missing - unserved * (1 + acRatio + dcRatio));
  const acLoss = acRatio * (house - unserved);
  const dcLoss = dcRatio * (house - unserved);
  const [stillMissing, fixedLoss] = [missing, acFixed + dcFixed];
  const shed = min(missing, fixedLoss);
  if (shed > 0) {
    const share = 1 - shed / fixedLoss;
    acFixed *= share;
    dcFixed *= share;
  }
  unserved += missing - shed + (L - house);
  // 8. What is stored
  let e = (b > 0 ? b * l.chargeEfficiency : b / l.dischargeEfficiency) - l.selfDischargeW;
  if (state.charge <= l.batteryFloorPercent) e = max(0, e);
  if (atCeiling) e = min(0, e);
  return {
    b,
    e,
    w,
    lack,
    p2,
    clipped: S - sun,
    curtailed,
    wastedImport,
    served,
    unserved,
    sold,
    saleLoss,
    acLoss: acFixed + acLoss,
    dcLoss: dcFixed + dcLoss,
    // What was on the way to these.
    timeS,
    isOut,
    isOff,
    bypass,
    S,
    L,
    sun,
    c,
    house,
    uncut,
    cut,
    acCharging,
    asked,
    surplus: placed,
    lowered,
    spare,
    intake,
    room,
    servedRatio: 1 + acRatio + dcRatio,
    stillMissing,
    fixedLoss,
  };
}

function count(
  home: ReferenceHome,
  { accounts: sum }: ReferenceState,
  timeS: number,
  stepS: number,
  isOut: boolean,
  L: number,
  S: number,
  p: Powers,
): void {
  const hours = stepS / 3600;
  const hour = Math.floor(timeS / 3600) % 168;
  sum.solarWh += S * hours;
  sum.clippedSolarWh += p.clipped * hours;
  sum.curtailedSolarWh += p.curtailed * hours;
  sum.demandWh += L * hours;
  sum.unservedWh += p.unserved * hours;
  sum.acIntakeWh += p.p2 * hours;
  sum.acLossWh += p.acLoss * hours;
  sum.dcLossWh += p.dcLoss * hours;
  sum.wastedWh += (p.curtailed + p.wastedImport) * hours;
  sum.shortfallWh += p.served * hours;
  sum.soldWh += p.sold * hours;
  sum.saleLossWh += p.saleLoss * hours;
  sum.batteryLossWh += (p.b - p.e) * hours;
  sum.batteryChangeWh += p.e * hours;
  sum.batteryChargedWh += max(0, p.e) * hours;
  sum.fromDcGridWh += max(0, p.w) * hours;
  sum.toDcGridWh += max(0, -p.w) * hours;
  if (isOut) sum.outageImportWh += max(0, p.w) * hours;
  if (p.unserved > 0) sum.unservedS += stepS;
  sum.importCost += (p.p2 * hours * (home.importPrices[hour] as number)) / 1000;
  sum.exportIncome += (p.sold * hours * (home.exportPrices[hour] as number)) / 1000;
}
