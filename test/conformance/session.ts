import { setTimeout as sleep } from "node:timers/promises";
import { checkBus } from "./running-checks.ts";
import type { ConverterCommand, UnitClient } from "./unit-client.ts";
import type { UnitReply } from "./unit-reader.ts";

const pollCount = 3;

/** Lets the time pass that apis-main waits in a step, e.g. `ramp up` or `run` [simulated s]. */
export type PassTime = (simulatedSeconds: number, step: string) => Promise<void>;

/** Everything that the steps of a deal share. */
export interface Session {
  client: UnitClient;
  /** All units on the bus. */
  ids: readonly string[];
  /** Wall time between two of the quick polls after a command [ms]; apis-main's is 100. */
  pollMs: number;
  /** Simulated time between two of the slow polls [s]: 5 s of wall time × acceleration. */
  secondsPerPoll: number;
  passTime: PassTime;
  /** Chooses a whole number from 0 to below `count`. */
  choose: (count: number) => number;
}

/** What a converter is told so that it carries nothing. */
export const waitingCommand: ConverterCommand = { mode: "0x0000", dvg: 350, dig: 0, drg: 0 };

export const sleepThroughPoll: PassTime = () => sleep(5000);

export async function readAll(session: Session): Promise<UnitReply[]> {
  const readings: UnitReply[] = [];
  for (const id of session.ids) readings.push(await session.client.getUnit(id));
  return readings;
}

/** Reads all units and checks what must hold on a bus whose voltage `reference` holds. */
export async function readLiveBus(session: Session, reference: string): Promise<UnitReply[]> {
  const readings = await readAll(session);
  checkBus(session.client, readings, reference);
  return readings;
}

export function readingOf(readings: UnitReply[], id: string): UnitReply {
  const found = readings.find(({ oesunit }) => oesunit.id === id);
  if (found === undefined) throw new Error(`${id} is not among the units of the session`);
  return found;
}

/** Polls a converter's status until a value is within `tolerance` of its target; returns that value. */
export async function settle(
  session: Session,
  id: string,
  name: "vg" | "ig",
  target: number,
  tolerance: number,
): Promise<number> {
  const { client, pollMs } = session;
  const values: number[] = [];
  while (values.length < pollCount) {
    if (values.length > 0) await sleep(pollMs);
    const value = (await client.getStatus(id)).meter[name];
    if (Math.abs(value - target) <= tolerance) return value;
    values.push(value);
  }
  client.log.expect(false, `${name} of ${id} within ${target} ± ${tolerance} in ${pollCount} polls`, values);
  throw new Error("unreachable");
}
