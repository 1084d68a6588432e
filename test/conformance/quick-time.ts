import { setTimeout as sleep } from "node:timers/promises";
import type { HttpClient } from "./http-client.ts";
import type { PassTime } from "./session.ts";

/** Above this acceleration a ramp is immediate. */
const quickestRamp = 120;
const quickest = 1000;

/** Passes time by raising the acceleration for a moment; `acceleration` is what it goes back to. */
export function passTimeQuickly(http: HttpClient, acceleration: number): PassTime {
  return async (simulatedSeconds, step) => {
    const quick = Math.max(acceleration, step === "ramp up" ? quickestRamp : quickest);
    await http.getText(`/set/acc/${quick}`);
    await sleep((simulatedSeconds / quick) * 1000);
    await http.getText(`/set/acc/${acceleration}`);
  };
}

/** Passes time on a clock that is held, by steps alone. */
export function passTimeBySteps(http: HttpClient): PassTime {
  return async (simulatedSeconds) => {
    await http.getText(`/time/step?seconds=${Math.ceil(simulatedSeconds)}`);
  };
}
