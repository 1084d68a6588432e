import type { AnswerFault } from "../../notation/refusal.ts";
import type { Fault } from "./fault.ts";

/** What these faults make of an answer, or null where they leave it alone. The longest wait counts, and the last status. */
export function holdAnswer(faults: readonly Fault[]): AnswerFault | null {
  let held: AnswerFault | null = null;
  for (const { kind, values } of faults) {
    if (kind !== "late" && kind !== "noAnswer" && kind !== "httpStatus") continue;
    const { waitMs, isLost, status }: AnswerFault = held ?? { waitMs: 0, isLost: false, status: null };
    held = {
      waitMs: Math.max(waitMs, values.ms ?? 0),
      isLost: isLost || kind === "noAnswer",
      status: values.status ?? status,
    };
  }
  return held;
}
