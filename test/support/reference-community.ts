import type { ConverterMode } from "../../src/simulation/unit.ts";
import { marksOf, powersOf, type ReferenceHome, type ReferenceState, settle } from "./reference-home.ts";

/*
 * Homes on one bus by short steps, written from its description alone (docs/model.md, 5): all of them go to the first moment at which
 * anything may change of any, and converters that have to trip do so there. It shares no code with the model.
 */

/** A home and its converter. `converterAt` of its home tells what `flow` is. */
export interface ReferenceUnit {
  readonly home: ReferenceHome;
  readonly state: ReferenceState;
  readonly flow: { mode: ConverterMode; currentA: number; voltageV: number };
  targetV: number;
  droopPercent: number;
  limitA: number;
  /** What it carries once the bus does not ramp. */
  currentA: number;
}

export interface ReferenceCommand {
  readonly timeS: number;
  readonly unit: number;
  readonly converterMode?: ConverterMode;
  readonly targetBusVoltageV?: number;
  readonly droopPercent?: number;
  readonly dcGridCurrentLimitA?: number;
  readonly stateOfChargePercent?: number;
}

interface ReferenceTrip {
  readonly timeS: number;
  readonly unit: number;
  readonly cause: string;
}

interface Options {
  readonly isProtected: boolean;
  readonly hasDroop: boolean;
  readonly accelerationFactor: number;
  readonly untilS: number;
  readonly stepS: number;
}

const { min, max, abs } = Math;
/** So soon after a moment it is seen what holds from there on. */
const soonS = 1e-6;

export function followCommunity(
  units: readonly ReferenceUnit[],
  commands: readonly ReferenceCommand[],
  { isProtected, hasDroop, accelerationFactor, untilS, stepS }: Options,
) {
  /** Those in grid autonomy as they entered, and a voltage that is linear from one moment to the other. */
  let order: ReferenceUnit[] = [];
  let [fromS, upS, fromV, toV] = [0, 0, 0, 0];
  const trips: ReferenceTrip[] = [];
  let nowS = 0;

  const presentV = () => (nowS >= upS ? toV : fromV + ((toV - fromV) * (nowS - fromS)) / (upS - fromS));
  const hold = (voltageV: number) => {
    [fromS, upS, fromV, toV] = [nowS, nowS, voltageV, voltageV];
  };
  const ramp = (voltageV: number, acceleration: number) => {
    const beginV = presentV();
    if (voltageV <= beginV || acceleration > 120) hold(voltageV);
    else [fromS, upS, fromV, toV] = [nowS, nowS + (120 * (voltageV - beginV)) / voltageV, beginV, voltageV];
  };
  const raise = (voltageV: number, acceleration: number) =>
    presentV() < 290 ? ramp(voltageV, acceleration) : hold(voltageV);
  const leave = (unit: ReferenceUnit, acceleration: number) => {
    const wasReference = order.at(-1) === unit;
    order = order.filter((other) => other !== unit);
    if (!wasReference) return;
    const next = order.at(-1);
    if (next === undefined) hold(0);
    else if (nowS < upS) ramp(next.targetV, acceleration);
    else raise(next.targetV, acceleration);
  };

  const mostA = (unit: ReferenceUnit) => unit.home.limits.converterCurrentLimitA;
  const share = () => {
    let askedA = 0;
    for (const unit of units) {
      const { mode } = unit.flow;
      const givesOrTakes = mode === "charging" ? 1 : mode === "discharging" ? -1 : 0;
      unit.currentA = order.length === 0 ? 0 : givesOrTakes * min(unit.limitA, mostA(unit));
      askedA += unit.currentA;
    }
    const reference = order.at(-1);
    if (reference === undefined) return;
    const bending = order.filter((unit) => hasDroop && unit.droopPercent > 0 && mostA(unit) < Infinity);
    const stiff = order.filter((unit) => !bending.includes(unit)).at(-1);
    if (bending.length > 0) {
      const givenA = ({ targetV, droopPercent, home }: ReferenceUnit, voltageV: number) => {
        const most = home.limits.converterCurrentLimitA;
        return max(-most, min(most, ((targetV - voltageV) * most * 100) / (droopPercent * targetV)));
      };
      let voltageV = stiff?.targetV;
      if (voltageV === undefined) {
        const ends = bending.flatMap(({ targetV, droopPercent }) =>
          [-1, 1].map((side) => targetV * (1 + (side * droopPercent) / 100)),
        );
        let [low, high] = [min(...ends), max(...ends)];
        for (let i = 0; i < 100; i++) {
          voltageV = (low + high) / 2;
          const sumA = bending.reduce((sum, unit) => sum + givenA(unit, voltageV as number), 0);
          if (sumA > askedA) low = voltageV;
          else high = voltageV;
        }
        voltageV = (low + high) / 2;
      }
      for (const unit of bending) {
        unit.currentA = -givenA(unit, voltageV);
        askedA += unit.currentA;
      }
      // What they cannot carry together, the reference is asked for.
      if (stiff === undefined && abs(askedA) > 1e-9) reference.currentA -= askedA;
      if (nowS >= upS) hold(voltageV);
      else [fromV, fromS, toV] = [presentV(), nowS, voltageV];
    }
    if (stiff !== undefined) stiff.currentA = -askedA;
  };

  const isOutAt = ({ home }: ReferenceUnit, timeS: number) =>
    home.outages.some(({ startS, endS }) => startS <= timeS && timeS < endS);
  /** Powers at `atS` of what holds from now on. */
  const powersAt = (unit: ReferenceUnit, atS: number) => {
    const { home, state, flow } = unit;
    const flows = nowS >= upS && unit.currentA !== 0;
    flow.currentA = flows ? unit.currentA : 0;
    flow.voltageV = flows ? toV : 0;
    return powersOf(home, state, nowS, isOutAt(unit, nowS), home.sunW(atS), home.demandW(atS));
  };
  const settleAll = () => {
    for (const unit of units) {
      const { home, state } = unit;
      powersAt(unit, nowS);
      const atS = nowS + soonS;
      settle(home, state, nowS, isOutAt(unit, nowS), home.sunW(atS), home.demandW(atS));
    }
  };
  /** Why a converter trips, by what is at `atS`. */
  const causeAt = (unit: ReferenceUnit, atS: number) => {
    const { limits, parameters } = unit.home;
    if (unit.flow.mode === "waiting" || atS < upS) return null;
    if (abs(unit.currentA) > limits.converterCurrentLimitA * (1 + 1e-9)) return "imax";
    if (toV > limits.gridOvervoltageV) return "ogv";
    if (toV < limits.gridUndervoltageV) return "ugv";
    const { batteryVoltageV } = parameters;
    if (batteryVoltageV > limits.batteryOvervoltageV) return "obv";
    if (batteryVoltageV < limits.batteryUndervoltageV) return "ubv";
    const { w, c, lack, served, wastedImport } = powersAt(unit, atS);
    if (w === 0) return null;
    if (abs(w - c) / batteryVoltageV > limits.batteryOvercurrentA) return "cib";
    if (w < 0 && (isProtected ? lack : lack - served) > 1e-7) return "cannotGive";
    return w > 0 && isProtected && wastedImport > 1e-7 ? "cannotTake" : null;
  };
  const tripAll = () => {
    for (;;) {
      const reference = order.at(-1);
      const looked = units.filter((unit) => unit !== reference);
      if (reference !== undefined) looked.push(reference);
      const due = looked.find((unit) => causeAt(unit, nowS + soonS) !== null);
      if (due === undefined) return;
      trips.push({
        timeS: nowS,
        unit: units.indexOf(due) + 1,
        cause: causeAt(due, nowS + soonS) as string,
      });
      const wasAutonomous = due.flow.mode === "gridAutonomy";
      due.flow.mode = "waiting";
      if (wasAutonomous) leave(due, 1);
      share();
      settleAll();
    }
  };
  const perform = (command: ReferenceCommand) => {
    const unit = units[command.unit - 1] as ReferenceUnit;
    const { state, flow } = unit;
    if (command.stateOfChargePercent !== undefined) {
      state.charge = command.stateOfChargePercent;
      // It is followed at once.
      state.upsSwitchedS = -Infinity;
      state.acChargingSwitchedS = -Infinity;
    }
    const wasAutonomous = flow.mode === "gridAutonomy";
    flow.mode = command.converterMode ?? flow.mode;
    unit.targetV = command.targetBusVoltageV ?? unit.targetV;
    unit.droopPercent = command.droopPercent ?? unit.droopPercent;
    unit.limitA = command.dcGridCurrentLimitA ?? unit.limitA;
    const isAutonomous = flow.mode === "gridAutonomy";
    if (wasAutonomous && !isAutonomous) leave(unit, accelerationFactor);
    if (isAutonomous && !wasAutonomous) order.push(unit);
    if (order.at(-1) !== unit) return;
    if (command.converterMode !== undefined) raise(unit.targetV, accelerationFactor);
    else if (command.targetBusVoltageV !== undefined) hold(unit.targetV);
  };
  /** Seconds to the next moment at which something changes that does not hang on a charge. */
  const nextChange = (next: ReferenceCommand | undefined) => {
    let firstS = min(stepS, untilS - nowS);
    const note = (afterS: number) => {
      if (afterS > 1e-9 && afterS < firstS) firstS = afterS;
    };
    if (next !== undefined) note(next.timeS - nowS);
    note(upS - nowS);
    for (const { home, state } of units) {
      note(state.upsSwitchedS + 10 - nowS);
      note(state.acChargingSwitchedS + 10 - nowS);
      for (const { startS, endS } of home.outages) {
        note(startS - nowS);
        note(endS - nowS);
      }
      for (const timeS of home.commandsAtS) note(timeS - nowS);
      const demandW = home.demandW(nowS);
      note(((home.limits.upsLimitW - demandW) * 1e-3) / (home.demandW(nowS + 1e-3) - demandW));
    }
    return firstS;
  };

  let performed = 0;
  settleAll();
  while (nowS < untilS - 1e-9) {
    settleAll();
    tripAll();
    for (let next = commands[performed]; next !== undefined && next.timeS <= nowS + 1e-9; ) {
      perform(next);
      share();
      settleAll();
      tripAll();
      next = commands[++performed];
    }
    let tookS = nextChange(commands[performed]);
    let metIn: { unit: ReferenceUnit; charge: number } | null;
    let perSecond: number[];
    for (;;) {
      perSecond = units.map((unit) => powersAt(unit, nowS + tookS / 2).e / (36 * unit.home.capacityWh));
      metIn = null;
      for (const [i, unit] of units.entries())
        for (const charge of marksOf(unit.home)) {
          const afterS = (charge - unit.state.charge) / (perSecond[i] as number);
          if (afterS > 0 && afterS < tookS) [tookS, metIn] = [afterS, { unit, charge }];
        }
      // Where a converter would trip on the way, that moment is come closer to.
      const isOver = tookS > 2e-3 && units.some((unit) => causeAt(unit, nowS + tookS - soonS) !== null);
      if (!isOver) break;
      tookS /= 2;
    }
    for (const [i, { state }] of units.entries()) state.charge += (perSecond[i] as number) * tookS;
    if (metIn !== null) metIn.unit.state.charge = metIn.charge;
    nowS += tookS;
  }
  settleAll();
  tripAll();
  return { trips, charges: units.map(({ state }) => state.charge), voltageV: toV };
}
