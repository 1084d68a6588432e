import { LivingClock } from "./state/living-clock.ts";

/**
 * The life of a local run, whose worker and objects share one isolate. Whoever started it begins it, opens it to
 * clients once all is set, and is heard of every second.
 */
export const localLife = {
  clock: new LivingClock(),
  isOpen: false,
};

const pollMs = 5;

/** Waits until the clock has begun. */
export async function whenBegun(): Promise<void> {
  while (!localLife.clock.hasBegun) await scheduler.wait(pollMs);
}

/** Waits until clients may be answered. */
export async function whenOpen(): Promise<void> {
  while (!localLife.isOpen) await scheduler.wait(pollMs);
}
