import type { ActionContext } from "./context.ts";

/** Where simulated time is to come: a moment, or the first of some events, which may not come before that moment. */
export interface Target {
  /** Simulated second. */
  readonly untilS: number;
  /** Kinds of events with commas between them. */
  readonly event?: string;
}

interface Way {
  /** Is told what share of the way is behind, from 0 to 1. */
  onProgress(share: number): void;
  /** Whether the user has had enough. */
  isStopped(): boolean;
}

/** How much one request carries on, so that the way is seen and can be left: half hours of data times homes. */
const halfHoursAtOnce = 200_000;
const halfHourS = 1800;

/** Moves simulated time to the target, a piece after the other; returns how it ended. @throws ApiError */
export async function runUntil(
  { live, command }: Pick<ActionContext, "live" | "command">,
  { untilS, event }: Target,
  { onProgress, isStopped }: Way,
): Promise<"reached" | "came" | "stopped"> {
  const fromS = live.present?.timeS ?? 0;
  const units = Math.max(1, live.present?.units.length ?? 1);
  const pieceS = Math.max(1, Math.floor(halfHoursAtOnce / units)) * halfHourS;
  for (let reachedS = fromS; reachedS < untilS; ) {
    if (isStopped()) return "stopped";
    const pieceEndS = Math.min(untilS, Math.floor(reachedS) + pieceS);
    const wish: Record<string, string> =
      event === undefined ? { time: String(pieceEndS) } : { event, latest: String(pieceEndS) };
    const { timeS, eventCame } = (await command("/time/until", wish)) as {
      timeS: number;
      eventCame?: boolean;
    };
    if (eventCame === true) return "came";
    if (timeS <= reachedS) break;
    reachedS = timeS;
    onProgress((reachedS - fromS) / (untilS - fromS));
  }
  return "reached";
}
