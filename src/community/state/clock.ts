import type { Clock } from "../storage/stored-shapes.ts";

/** The rate of a clock of which none is known: that of real time, at which no ramp is immediate. */
export const plainFactor = 1;

/** A clock that begins at simulated second `timeS`; with an acceleration of 0 it is held. */
export function beginClock(acceleration: number, timeS: number, wallMs: number): Clock {
  const held = acceleration === 0;
  const accelerationFactor = held ? plainFactor : acceleration;
  return { anchorWallMs: wallMs, anchorSimulatedS: timeS, accelerationFactor, held, claim: null };
}

/** Simulated seconds that pass in each `sleeptime` now. */
export function rateOf({ accelerationFactor, held }: Clock): number {
  return held ? 0 : accelerationFactor;
}

/**
 * Simulated second at `wallMs`, to the millisecond, so that whoever reads of a moment can say it in full. A wall clock
 * that was set back stands still, and so does the end of time.
 */
export function simulatedTimeAt(clock: Clock, wallMs: number, sleepTimeS: number, endS: number): number {
  // Somebody may have let it stand between two milliseconds, where an event came.
  if (clock.held) return Math.min(endS, clock.anchorSimulatedS);
  return Math.min(endS, Math.round(exactTimeAt(clock, wallMs, sleepTimeS) * 1000) / 1000);
}

/** The same unrounded and without end: an anchor is taken from it, so that changes of rate add up to no error. */
export function exactTimeAt(clock: Clock, wallMs: number, sleepTimeS: number): number {
  const elapsedMs = Math.max(0, wallMs - clock.anchorWallMs);
  const passedS = (elapsedMs * rateOf(clock)) / (1000 * sleepTimeS);
  return clock.anchorSimulatedS + passedS;
}
