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
import type { Echo, Query, ReplyPart } from "../../community/state/request.ts";
import { hasUnit, refuseUnit, type View } from "../../community/state/view.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { type Answer, answerWith, type Refused, refuse } from "../../notation/refusal.ts";
import { roundToHundredths } from "../../notation/rounding.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { busVoltageAt, voltageReferenceOf } from "../../simulation/dc-bus.ts";
import { endOfTimeS } from "../../simulation/world.ts";
import { findToldRoute } from "../http/told-routes.ts";
import { type CommunityJson, writeUnitState } from "./community-json.ts";
import { writeTime } from "./time-json.ts";
import { unitReplies } from "./unit-replies.ts";
import { writeUnit } from "./write-unit.ts";

function answerQuery(query: Exclude<Query, { kind: "rollout" }>, view: View): Answer {
  switch (query.kind) {
    case "log":
      return answerLog(view);
    case "state":
      return answerWith(describeCommunity(view));
    case "acceleration":
      return answerWith(rateOf(view.clock));
    case "history":
      return answerHistory(query, view);
    case "summary": {
      const { records, chapters, config } = view;
      return answerWith(readSummary(records, chapters(), config.startTime, query.fromDay, query.toDay));
    }
    case "unit":
      return answerUnit(view, query.unitNumber, query.reply);
    case "told":
      return answerTold(query, view);
  }
}

function answerTold({ path, parameters }: Extract<Query, { kind: "told" }>, view: View): Answer {
  const route = findToldRoute(path);
  // A worker of a later release asks for what this one does not know.
  if (route === undefined) return refuse("not_found", "There is nothing at this path");
  const told = route.write(view, parameters);
  if ("refusal" in told) return told as Refused;
  const fileName = route.fileName?.(parameters);
  return { ...answerWith(told), ...(fileName !== undefined && { fileName }) };
}

function answerTime(view: View, step: StepTaken | null = null): Answer {
  return answerWith({ ...writeTime(view), ...step });
}

function answerUnit(view: View, unitNumber: number, reply: ReplyPart): Answer {
  if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
  return answerWith(unitReplies[reply](write(view, unitNumber)));
}

/** All units, with what was set by hand of unit `changed` shown in its place. */
function answerLog(view: View, changed?: number, echo?: Echo): Answer {
  const log: Record<string, UnitJson> = {};
  for (const { number } of view.community.units) {
    const json = write(view, number);
    if (number === changed) {
      Object.assign(json.emu, echo?.emu);
      Object.assign(json.dcdc.powermeter, echo?.powermeter);
    }
    log[formatUnitId(number)] = json;
  }
  return answerWith(log);
}

function write(view: View, unitNumber: number): UnitJson {
  return writeUnit(view.read(unitNumber), view.templates[unitNumber - 1] as UnitJson, view.config);
}

function answerHistory(query: Extract<Query, { kind: "history" }>, view: View): Answer {
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
  if (of === "community") return answerWith(readCommunityHistory(source, span));
  if (of === "charges") return answerWith(readChargeMap(source, span));
  return answerWith(readUnitHistory(source, of, span));
}

function describeCommunity(view: View): CommunityJson {
  const { timeS, config, world, community, templates } = view;
  const { bus } = community;
  const reference = voltageReferenceOf(bus);
  return {
    timeS,
    time: formatCalendar(toCalendar(config.startTime, timeS)),
    acceleration: rateOf(view.clock),
    keptAcceleration: view.clock.accelerationFactor,
    held: view.clock.held,
    sleepTimeS: config.sleeptime,
    atEndOfData: timeS >= endOfTimeS(world),
    dataEndS: world.dataLengthS,
    resetUnits: view.resetUnits,
    busVoltageV: roundToHundredths(busVoltageAt(bus, timeS)),
    busRamping: timeS < bus.rampEndS,
    voltageReference: reference === null ? null : formatUnitId(reference),
    units: templates.map(({ oesunit }, index) => writeUnitState(view.read(index + 1), oesunit.display)),
  };
}

/** Writes what communities tell as the Web API has it. */
export const answerWriter: AnswerWriter = { answerQuery, answerUnit, answerLog, answerTime, writeUnit };
