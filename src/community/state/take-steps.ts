import { targetOf } from "../../laboratory/check-steps.ts";
import { numbersTold, type StepRequest, writeMoment } from "../../laboratory/step-request.ts";
import type { Stepper } from "../../laboratory/stepper.ts";
import { ToldSteps, writeLedger } from "../../laboratory/told-steps.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { Claiming } from "./request.ts";

/** What has to be kept of steps while they are taken. */
interface StepKeeper {
  /** An action was performed: the command that it was, and the units that it touched. */
  onAct(path: string, touched: readonly number[]): void;
  /** A step has come to its end. */
  onStepped(): void;
}

/** Takes steps whose request was checked, from where `stepper` stands; returns what is told of them. */
export function takeSteps(request: StepRequest, stepper: Stepper, startTime: string, keeper: StepKeeper) {
  const numbers = numbersTold(request, stepper);
  const told = new ToldSteps(request.observed, numbers, request.steps.length);
  for (const step of request.steps) {
    stepper.act(step.acts, ({ unitNumber, given }, touched) =>
      keeper.onAct(`/set/emu/${formatUnitId(unitNumber)}?${new URLSearchParams(given)}`, touched),
    );
    const occurrences = stepper.advance(targetOf(step, stepper));
    keeper.onStepped();
    told.note(stepper, occurrences);
  }
  return { ...writeMoment(stepper, startTime), ...told.write(), ledger: writeLedger(stepper, numbers) };
}

/** The command that moves time to simulated second `timeS`: a log of commands with it can be performed again. */
export function pathOfMove(timeS: number, claiming: Claiming | undefined): string {
  // Without an exponent, of which no path knows.
  const second = timeS < 1e-6 ? timeS.toFixed(30) : String(timeS);
  const claim = claiming && { claim: claiming.by, claimSeconds: String(claiming.seconds) };
  return `/time/until?${new URLSearchParams({ time: second, ...claim })}`;
}
