import { type Refused, refuse } from "../../notation/refusal.ts";
import type { Claim } from "../storage/stored-shapes.ts";
import type { Claiming, Command } from "./request.ts";

/*
 * Whoever steps a community that others share claims its clock: until the claim is over in real time, nobody else moves or holds
 * it. All else goes on. Each command that claims begins the claim anew; one of 0 seconds ends it. A machine's clock that is set
 * back prolongs a claim by as much, but by no more than the longest claim: then it is over.
 */

/** How long a claim lasts at most [real s]. */
export const longestClaimS = 3600;

/** Why a command may not change the time at `wallMs`, or null. */
export function refuseClaimed(command: Command, claim: Claim | null, wallMs: number): Refused | null {
  const changesTime = command.kind === "reset" ? command.restartClock : isOfTime(command);
  if (!changesTime || claim === null || isOver(claim, wallMs)) return null;
  if ("claiming" in command && command.claiming?.by === claim.by) return null;
  const until = new Date(claim.untilMs).toISOString();
  return refuse(
    "conflict",
    `The clock is claimed by ${claim.by} until ${until}; allowed: its own commands, with claim=, reads and all that leaves time alone`,
    "claim",
  );
}

/** The claim once a command has claimed, or gone on without, at `wallMs`. */
export function claimAfter(
  claiming: Claiming | undefined,
  claim: Claim | null,
  wallMs: number,
): Claim | null {
  if (claiming !== undefined) {
    return claiming.seconds === 0
      ? null
      : { by: claiming.by, untilMs: Math.max(0, wallMs) + claiming.seconds * 1000 };
  }
  return claim !== null && !isOver(claim, wallMs) ? claim : null;
}

function isOver({ untilMs }: Claim, wallMs: number): boolean {
  return wallMs >= untilMs || untilMs - wallMs > 2 * longestClaimS * 1000;
}

function isOfTime({ kind }: Command): boolean {
  return [
    "setAcceleration",
    "holdTime",
    "runTime",
    "stepTime",
    "untilTime",
    "step",
    "restoreSnapshot",
    "beginSnapshot",
    "startRun",
  ].includes(kind);
}
