import { type BusState, voltageReferenceOf } from "./dc-bus.ts";
import { neutralLimits } from "./home-limits.ts";
import type { UnitState } from "./unit.ts";
import type { World } from "./world.ts";

/*
 * What each unit draws from the bus, and at which voltage (docs/model.md, 5.2). On an ideal bus the reference holds the voltage and
 * carries what the others ask for. With droop units in grid autonomy share it: unit i gives (V₀ − V) / r, at the most its
 * greatest current, so that what all of them give is piecewise linear in V and never rises with it.
 *
 * Always: currents sum to zero. Whoever is asked for more than it may carry is told to carry it, and trips (5.6).
 *
 * Rejected: an iteration, which would come to other bits where it stops; a voltage of its own at each unit, since no line is modelled.
 */

interface BusFlow {
  /** Of the bus once it does not ramp [V]. */
  readonly voltageV: number;
  /** Current from the bus into each unit [A], in the order of the units. */
  readonly currentsA: readonly number[];
}

/** How the bus flows by what its units are set to; null where nobody holds it. */
export function findBusFlow(units: readonly UnitState[], bus: BusState, world: World): BusFlow | null {
  const reference = voltageReferenceOf(bus);
  if (reference === null) return null;
  const currentsA = units.map((unit) => askedCurrentA(unit, world));
  let askedA = 0;
  for (const currentA of currentsA) askedA += currentA;
  const sources = world.busModel === "droop" ? bus.autonomyOrder.map((n) => sourceOf(n, units, world)) : [];
  const stiff = sources.findLast(({ resistanceOhm }) => resistanceOhm === 0)?.number;
  const bending = sources.filter(({ resistanceOhm }) => resistanceOhm > 0);
  if (bending.length === 0) {
    currentsA[reference - 1] = given(askedA, reference, world);
    return { voltageV: bus.targetVoltageV, currentsA };
  }
  const holder = stiff ?? reference;
  const voltageV =
    stiff === undefined ? findVoltage(bending, askedA) : (units[stiff - 1] as UnitState).targetBusVoltageV;
  let restA = askedA;
  for (const source of bending) {
    if (source.number === holder) continue;
    const givenA = givenBy(source, voltageV);
    currentsA[source.number - 1] = givenA === 0 ? 0 : -givenA;
    restA -= givenA;
  }
  currentsA[holder - 1] = given(restA, holder, world, stiff === undefined && canGive(bending, askedA));
  return { voltageV, currentsA };
}

/** What a converter that follows the bus takes from it [A], within its greatest current. */
function askedCurrentA({ converterMode, dcGridCurrentLimitA, number }: UnitState, world: World): number {
  if (converterMode !== "charging" && converterMode !== "discharging") return 0;
  const currentA = Math.min(dcGridCurrentLimitA, mostCurrentA(number, world));
  return converterMode === "charging" ? currentA : 0 - currentA;
}

/** Greatest current of a converter [A]; infinite where its home says none. */
export function mostCurrentA(unitNumber: number, world: World): number {
  return (world.homeOf(unitNumber).limits ?? neutralLimits).converterCurrentLimitA;
}

/**
 * Least droop that bends the bus [%]. The line of a lesser one is so steep that the last bits of the voltage are amperes at a
 * converter's greatest current; it holds its voltage as without any.
 */
export const leastDroopPercent = 0.01;

/** A unit in grid autonomy. */
interface Source {
  readonly number: number;
  /** Voltage at which it gives nothing [V]. */
  readonly openV: number;
  /** By how much less it holds for each ampere that it gives [V/A]; 0 where it does not bend. */
  readonly resistanceOhm: number;
  readonly mostA: number;
}

function sourceOf(number: number, units: readonly UnitState[], world: World): Source {
  const { targetBusVoltageV: openV, droopPercent } = units[number - 1] as UnitState;
  const mostA = mostCurrentA(number, world);
  const bends = mostA < Number.POSITIVE_INFINITY && droopPercent >= leastDroopPercent;
  const resistanceOhm = bends ? ((droopPercent / 100) * openV) / mostA : 0;
  return { number, openV, resistanceOhm, mostA };
}

function givenBy({ openV, resistanceOhm, mostA }: Source, voltageV: number): number {
  return Math.min(mostA, Math.max(-mostA, (openV - voltageV) / resistanceOhm));
}

/** The voltage at which all of `sources` together give `askedA`; beyond what they can, where they give the most. */
function findVoltage(sources: readonly Source[], askedA: number): number {
  const breaks = sources.flatMap(({ openV, resistanceOhm, mostA }) => [
    openV - resistanceOhm * mostA,
    openV + resistanceOhm * mostA,
  ]);
  breaks.sort((a, b) => b - a);
  const givenAt = (voltageV: number) => {
    let sumA = 0;
    for (const source of sources) sumA += givenBy(source, voltageV);
    return sumA;
  };
  let [aboveV, aboveA] = [breaks[0] as number, givenAt(breaks[0] as number)];
  for (const belowV of breaks) {
    const belowA = givenAt(belowV);
    if (belowA >= askedA) {
      if (belowA === aboveA) return belowV;
      return aboveV - ((askedA - aboveA) / (belowA - aboveA)) * (aboveV - belowV);
    }
    [aboveV, aboveA] = [belowV, belowA];
  }
  return aboveV;
}

/** The current into a unit that has to give `askedA`, which is not beyond its greatest current by rounding alone. */
function given(askedA: number, unitNumber: number, world: World, isEnough = false): number {
  if (askedA === 0) return 0;
  const mostA = mostCurrentA(unitNumber, world);
  const isWithin = isEnough || Math.abs(askedA) <= (1 + rounding) * mostA;
  const givenA = isWithin ? Math.min(mostA, Math.max(-mostA, askedA)) : askedA;
  return -givenA;
}

/** Share by which sums may be off. */
const rounding = 1e-12;

/** Whether sources can give (or take) what they are asked for together. */
function canGive(sources: readonly Source[], askedA: number): boolean {
  let mostA = 0;
  for (const source of sources) mostA += source.mostA;
  return Math.abs(askedA) <= (1 + rounding) * mostA;
}
