/** How simulated time follows the wall clock: linearly, from an anchor that every change of rate moves. */
export interface Clock {
  readonly anchorWallMs: number;
  readonly anchorSimulatedS: number;
  /** Simulated seconds that pass in each `sleeptime`; 0 is a pause. */
  readonly accelerationFactor: number;
}

/** Simulated second at `wallMs`; a wall clock that was set back stands still, and so does the end of time. */
export function simulatedTimeAt(clock: Clock, wallMs: number, sleepTimeS: number, endS: number): number {
  const elapsedMs = Math.max(0, wallMs - clock.anchorWallMs);
  const passedS = (elapsedMs * clock.accelerationFactor) / (1000 * sleepTimeS);
  return Math.min(endS, clock.anchorSimulatedS + passedS);
}
