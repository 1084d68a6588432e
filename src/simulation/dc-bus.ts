/*
 * The DC grid: its reference holds the voltage, or units share it with droop; currents sum to zero (docs/model.md, 5.1 and 5.2), and a
 * ramp is a function of simulated time (5.3, 5.4).
 *
 * Always: the voltage at any moment follows from the bus as it stands; no current flows while it ramps.
 *
 * Rejected: a ramp that steps or sleeps, since other commands would then cut it short, as they do in the published emulator.
 */

/** The DC grid that joins the units: who holds its voltage, and how the voltage moves. */
export interface BusState {
  /** Numbers of the units in grid autonomy in the order in which they entered; the last is the reference. */
  autonomyOrder: number[];
  /** The voltage is linear from `rampStartS` to `rampEndS` and stays at `targetVoltageV` then. */
  rampStartS: number;
  rampEndS: number;
  startVoltageV: number;
  targetVoltageV: number;
}

/** Below this voltage [V] a bus is dead, and a unit that enters grid autonomy raises it slowly. */
const deadBusVoltageV = 290;
/** Simulated time [s] of a ramp from 0 V. */
const fullRampS = 120;
/** Above this acceleration a ramp is immediate, or apis-main would not see it at all. */
const immediateRampAcceleration = 120;

export function createBus(): BusState {
  return { autonomyOrder: [], rampStartS: 0, rampEndS: 0, startVoltageV: 0, targetVoltageV: 0 };
}

/** Number of the unit that holds the voltage, or null on a dead bus. */
export function voltageReferenceOf(bus: BusState): number | null {
  return bus.autonomyOrder.at(-1) ?? null;
}

/** Voltage of the bus [V] at simulated second `timeS`. */
export function busVoltageAt(bus: BusState, timeS: number): number {
  if (timeS >= bus.rampEndS) return bus.targetVoltageV;
  const share = (timeS - bus.rampStartS) / (bus.rampEndS - bus.rampStartS);
  return bus.startVoltageV + (bus.targetVoltageV - bus.startVoltageV) * share;
}

/** The voltage is `voltageV` from now on, at once. */
export function holdVoltage(bus: BusState, voltageV: number, timeS: number): void {
  bus.rampStartS = timeS;
  bus.rampEndS = timeS;
  bus.startVoltageV = voltageV;
  bus.targetVoltageV = voltageV;
}

/** Currents bend the voltage to `voltageV`: at once, or a ramp under way goes there until its end. */
export function bendVoltage(bus: BusState, voltageV: number, timeS: number): void {
  if (timeS >= bus.rampEndS) {
    holdVoltage(bus, voltageV, timeS);
    return;
  }
  bus.startVoltageV = busVoltageAt(bus, timeS);
  bus.rampStartS = timeS;
  bus.targetVoltageV = voltageV;
}

/**
 * A unit that holds the bus asks for `voltageV`: a live bus follows at once, a dead one in
 * 120 s of simulated time × (target − present) / target. A ramp under way goes on to the new target from
 * its present voltage in the same way.
 */
export function raiseVoltage(
  bus: BusState,
  voltageV: number,
  timeS: number,
  accelerationFactor: number,
): void {
  const isDead = busVoltageAt(bus, timeS) < deadBusVoltageV;
  if (isDead) rampTo(bus, voltageV, timeS, accelerationFactor);
  else holdVoltage(bus, voltageV, timeS);
}

/**
 * The reference has left, and the bus is handed back to the unit that entered before it, which asks for `voltageV`. A
 * bus that lives and stands still has that voltage at once. One that is dead or still ramps goes on from its present
 * voltage, never in a jump upwards: the unit goes on with its own ramp, whose rate is its target in 120 s, and so
 * has its voltage after 120 s × (target − present) / target, the share that is still missing then. With
 * equal targets the bus is thus where it would be had the other unit never come.
 */
export function takeVoltageOver(
  bus: BusState,
  voltageV: number,
  timeS: number,
  accelerationFactor: number,
): void {
  if (timeS < bus.rampEndS) rampTo(bus, voltageV, timeS, accelerationFactor);
  else raiseVoltage(bus, voltageV, timeS, accelerationFactor);
}

/** A bus that goes on at `toS` as `bus` did at `fromS`: from the voltage that it had, with as much of a ramp ahead. */
export function moveBus(bus: BusState, fromS: number, toS: number): BusState {
  const moved = { ...bus, autonomyOrder: [...bus.autonomyOrder] };
  if (fromS === toS) return moved;
  moved.startVoltageV = busVoltageAt(bus, fromS);
  moved.rampStartS = toS;
  moved.rampEndS = toS + (bus.rampEndS - fromS);
  return moved;
}

/** A voltage is only raised slowly: one at or below the present holds at once. */
function rampTo(bus: BusState, voltageV: number, timeS: number, accelerationFactor: number): void {
  const presentV = busVoltageAt(bus, timeS);
  if (voltageV <= presentV || accelerationFactor > immediateRampAcceleration) {
    holdVoltage(bus, voltageV, timeS);
    return;
  }
  bus.rampStartS = timeS;
  bus.rampEndS = timeS + (fullRampS * (voltageV - presentV)) / voltageV;
  bus.startVoltageV = presentV;
  bus.targetVoltageV = voltageV;
}
