import type { UnitJson } from "../../input/units/unit-json.ts";
import type { ReplayedReading } from "../records/replay.ts";
import type { Sink } from "./batch.ts";

/** Real time [ms] after which a silent database is given up for now. */
const timeoutMs = 10_000;

/** What the published emulator adds to a unit's JSON for its database: losses and waste [W]. */
export type ExtendedUnitJson = UnitJson & {
  readonly emul: {
    readonly acloss: number;
    readonly dcloss: number;
    readonly loss: number;
    readonly wasted: number;
  };
};

/**
 * Posts each batch of readings as a JSON array of units. A batch that failed comes again, maybe once too often:
 * its `Idempotency-Key` is the same then, and another for the same moments of another past.
 */
export function createHttpSink(
  url: string,
  writeUnits: (readings: readonly ReplayedReading[]) => ExtendedUnitJson[],
): Sink {
  return {
    async send({ community, runBeganMs, past, readings }) {
      const first = readings[0]?.reading;
      if (first === undefined) return;
      const key = [community, runBeganMs, first.timeS, first.number, readings.length, past].join(":");
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": `"${key}"` },
        body: JSON.stringify(writeUnits(readings)),
        // A database that moved elsewhere might move to where nothing may be sent.
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`It answers ${response.status}`);
    },
  };
}
