import { firstToldS } from "../../community/records/forget.ts";
import {
  chooseSpan,
  readChargeMap,
  readCommunityHistory,
  readUnitHistory,
} from "../../community/records/history.ts";
import { readSummary } from "../../community/records/totals.ts";
import type { AnswerWriter, StepTaken } from "../../community/state/answer-writer.ts";
import { rateOf } from "../../community/state/clock.ts";
import { type Echo, pathOfReply, type Query, type ReplyPart } from "../../community/state/request.ts";
import { hasUnit, refuseUnit, type View } from "../../community/state/view.ts";
import { type Fault, faultsAt, findAlarmNumber, listSpans } from "../../input/faults/fault.ts";
import { holdAnswer } from "../../input/faults/hold-answers.ts";
import { tellReadings } from "../../input/faults/tell-readings.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { atOnce, type InParts, writeJsonInParts } from "../../notation/in-parts.ts";
import { type Answer, answerWith, type Refused, refuse } from "../../notation/refusal.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import { findToldRoute } from "../http/told-routes.ts";
import { writeCommunity } from "./community-json.ts";
import { writeFaults } from "./faults-json.ts";
import { writeTime } from "./time-json.ts";
import { unitReplies } from "./unit-replies.ts";
import { writeUnit } from "./write-unit.ts";

function* answerQuery(query: Exclude<Query, { kind: "rollout" }>, view: View): InParts<Answer> {
  switch (query.kind) {
    case "log":
      return yield* writeLog(view);
    case "state":
      return { ok: true, json: yield* writeJsonInParts(writeCommunity(view)) };
    case "acceleration":
      return answerWith(rateOf(view.clock));
    case "history":
      return yield* answerHistory(query, view);
    case "summary": {
      const { records, chapters, config } = view;
      return answerWith(
        yield* readSummary(records, chapters(), config.startTime, query.fromDay, query.toDay),
      );
    }
    case "unit":
      return answerUnit(view, query.unitNumber, query.reply);
    case "told":
      return yield* answerTold(query, view);
  }
}

function* answerTold({ path, parameters }: Extract<Query, { kind: "told" }>, view: View): InParts<Answer> {
  const route = findToldRoute(path);
  // A worker of a later release asks for what this one does not know.
  if (route === undefined) return refuse("not_found", "There is nothing at this path");
  const written = route.write(view, parameters);
  const told = Symbol.iterator in written ? yield* written as InParts<object | Refused> : written;
  if ("refusal" in told) return told as Refused;
  const fileName = route.fileName?.(parameters);
  const json = yield* writeJsonInParts(told);
  return { ok: true, json, ...(fileName !== undefined && { fileName }) };
}

function answerTime(view: View, step: StepTaken | null = null): Answer {
  return answerWith({ ...writeTime(view), ...step });
}

function answerUnit(view: View, unitNumber: number, reply: ReplyPart): Answer {
  if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
  const faults = faultsAt(view.faults, unitNumber, pathOfReply(reply), view.timeS);
  const truth = write(view, unitNumber);
  if (faults.length === 0) return answerWith(unitReplies[reply](truth));
  const heldBy = (fault: Fault) => view.heldBy(fault, unitNumber);
  const told = tellReadings(truth, faults, { unitNumber, timeS: view.timeS, heldBy });
  const fault = holdAnswer(faults);
  return { ...answerWith(unitReplies[reply](told)), ...(fault && { fault }) };
}

function answerFaults(view: View, id: number): Answer {
  return answerWith({ id, ...writeFaults(view) });
}

/** All units, with what was set by hand of unit `changed` shown in its place. */
function answerLog(view: View, changed?: number, echo?: Echo): Answer {
  return atOnce(writeLog(view, changed, echo));
}

/** Units that are written in one part. */
const unitsAtOnce = 16;

function* writeLog(view: View, changed?: number, echo?: Echo): InParts<Answer> {
  const { templates } = view;
  // All are read at one moment, whatever is commanded until they are written.
  const readings = view.community.units.map(({ number }) => ({
    reading: view.read(number),
    template: templates[number - 1] as UnitJson,
  }));
  let text = "";
  for (const { reading, template } of readings) {
    const { number } = reading;
    const json = writeReading(reading, template, view);
    if (number === changed) {
      Object.assign(json.emu, echo?.emu);
      Object.assign(json.dcdc.powermeter, echo?.powermeter);
    }
    text += `${text === "" ? "" : ","}"${formatUnitId(number)}":${JSON.stringify(json)}`;
    if (number % unitsAtOnce === 0) yield;
  }
  return { ok: true, json: `{${text}}` };
}

function write(view: View, unitNumber: number): UnitJson {
  return writeReading(view.read(unitNumber), view.templates[unitNumber - 1] as UnitJson, view);
}

function writeReading(reading: UnitReading, template: UnitJson, { faults, config }: View): UnitJson {
  return writeUnit(reading, template, config, findAlarmNumber(listSpans(faults), reading, reading.timeS));
}

function* answerHistory(query: Extract<Query, { kind: "history" }>, view: View): InParts<Answer> {
  const { records, chapters, timeS, config } = view;
  const { of, fromS, resolutionS } = query;
  const source = { storage: records, chapters: chapters(), startTime: config.startTime };
  const isOfUnit = of !== "community" && of !== "charges";
  // What a unit that was removed did is still told.
  if (isOfUnit && of > records.highestUnitNumber()) return refuseUnit(view, of);
  const span = chooseSpan({
    fromS,
    toS: Math.min(query.toS, timeS),
    resolutionS,
    units: isOfUnit ? 1 : records.highestUnitNumber(),
    earliestS: firstToldS(records),
    nowS: timeS,
  });
  if (isOfUnit) return answerWith(readUnitHistory(source, of, span));
  const history = of === "community" ? readCommunityHistory(source, span) : readChargeMap(source, span);
  return { ok: true, json: yield* writeJsonInParts(yield* history) };
}

/** Writes what communities tell as the Web API has it. */
export const answerWriter: AnswerWriter = {
  answerQuery,
  answerUnit,
  answerLog,
  answerTime,
  answerFaults,
  writeUnit,
};
