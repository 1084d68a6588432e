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

/**
 * A unit that holds the bus asks for `voltageV`: a live bus follows at once, a dead one in
 * 120 s of simulated time × (target − present) / target.
 */
export function raiseVoltage(
  bus: BusState,
  voltageV: number,
  timeS: number,
  accelerationFactor: number,
): void {
  const presentV = busVoltageAt(bus, timeS);
  const isDead = presentV < deadBusVoltageV;
  if (!isDead || voltageV <= presentV || accelerationFactor > immediateRampAcceleration) {
    holdVoltage(bus, voltageV, timeS);
    return;
  }
  bus.rampStartS = timeS;
  bus.rampEndS = timeS + (fullRampS * (voltageV - presentV)) / voltageV;
  bus.startVoltageV = presentV;
  bus.targetVoltageV = voltageV;
}
