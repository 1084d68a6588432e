import type { Clock } from "../storage/stored-shapes.ts";

/**
 * Simulated second at `wallMs`, to the millisecond, so that whoever reads of a moment can say it in full. A wall clock
 * that was set back stands still, and so does the end of time.
 */
export function simulatedTimeAt(clock: Clock, wallMs: number, sleepTimeS: number, endS: number): number {
  return Math.min(endS, Math.round(exactTimeAt(clock, wallMs, sleepTimeS) * 1000) / 1000);
}

/** The same unrounded and without end: an anchor is taken from it, so that changes of rate add up to no error. */
export function exactTimeAt(clock: Clock, wallMs: number, sleepTimeS: number): number {
  const elapsedMs = Math.max(0, wallMs - clock.anchorWallMs);
  const passedS = (elapsedMs * clock.accelerationFactor) / (1000 * sleepTimeS);
  return clock.anchorSimulatedS + passedS;
}
