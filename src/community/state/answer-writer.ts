import type { Config } from "../../input/config/entries.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import type { InParts } from "../../notation/in-parts.ts";
import type { Answer } from "../../notation/refusal.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import type { Echo, Query, ReplyPart } from "./request.ts";
import type { View } from "./view.ts";

/** What came of a command that moved the time. */
export interface StepTaken {
  /** Whether time ran before. */
  readonly heldByThisStep: boolean;
  /** Whether what was waited for came, if anything was. */
  readonly eventCame?: boolean;
}

/** How what a community tells is written. Its names and shapes are the Web API's, which hands this in. */
export interface AnswerWriter {
  /** Of the moment at which its first part is computed. */
  answerQuery(query: Exclude<Query, { kind: "rollout" }>, view: View): InParts<Answer>;
  answerUnit(view: View, unitNumber: number, reply: ReplyPart): Answer;
  /** All units, with what was set by hand of unit `changed` shown in its place. */
  answerLog(view: View, changed?: number, echo?: Echo): Answer;
  /** Where simulated time stands and how it moves. */
  answerTime(view: View, step?: StepTaken): Answer;
  /** The faults that are on or will be; `id` is of the one that a command was about. */
  answerFaults(view: View, id: number): Answer;
  /** The JSON of a unit as it was read; `template` says what nothing moves, `alarmNumber` what a fault was told that tripped it. */
  writeUnit(reading: UnitReading, template: UnitJson, config: Config, alarmNumber?: string | null): UnitJson;
}
