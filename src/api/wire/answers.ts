import { firstToldS } from "../../community/records/forget.ts";
import {
  chooseSpan,
  readChargeMap,
  readCommunityHistory,
  readUnitHistory,
} from "../../community/records/history.ts";
import type { RecordStorage } from "../../community/records/record-storage.ts";
import { readSummary } from "../../community/records/totals.ts";
import type { Echo, Query } from "../../community/state/request.ts";
import type { Config } from "../../input/config/entries.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { type Answer, type Refused, refuse } from "../../notation/refusal.ts";
import { roundToHundredths } from "../../notation/rounding.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import type { CommunityState } from "../../simulation/community.ts";
import { busVoltageAt, voltageReferenceOf } from "../../simulation/dc-bus.ts";
import type { UnitReading } from "../../simulation/reading.ts";
import { endOfTimeS, type World } from "../../simulation/world.ts";
import { type CommunityJson, writeUnitState } from "./community-json.ts";
import { type ReplyPart, unitReplies } from "./unit-replies.ts";
import { writeUnit } from "./write-unit.ts";

/** A community at one simulated moment: all that an answer is written from. */
export interface View {
  readonly timeS: number;
  readonly accelerationFactor: number;
  readonly community: CommunityState;
  /** The JSON of each unit for what nothing moves, in the order of the units. */
  readonly templates: readonly UnitJson[];
  readonly config: Config;
  readonly world: World;
  readonly records: RecordStorage;
  /** Reads the unit with this number, which must be there. */
  read(unitNumber: number): UnitReading;
}

export function answerWith(value: unknown): Answer {
  return { ok: true, json: JSON.stringify(value) };
}

export function answerQuery(query: Query, view: View): Answer {
  switch (query.kind) {
    case "log":
      return answerLog(view);
    case "state":
      return answerWith(describeCommunity(view));
    case "acceleration":
      return answerWith(view.accelerationFactor);
    case "history":
      return answerHistory(query, view);
    case "summary": {
      const { records, world, config } = view;
      return answerWith(readSummary(records, world, config.startTime, query.fromDay, query.toDay));
    }
    case "unit":
      return answerUnit(view, query.unitNumber, query.reply);
  }
}

export function answerUnit(view: View, unitNumber: number, reply: ReplyPart): Answer {
  if (!hasUnit(view, unitNumber)) return refuseUnit(view, unitNumber);
  return answerWith(unitReplies[reply](write(view, unitNumber)));
}

/** All units, with what was set by hand of unit `changed` shown in its place. */
export function answerLog(view: View, changed?: number, echo?: Echo): Answer {
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

export function refuseUnit({ community }: View, unitNumber: number): Refused {
  const last = formatUnitId(community.units.length);
  return refuse("unknown_unit", `There is no unit ${formatUnitId(unitNumber)}; there are E001 to ${last}`);
}

export function hasUnit({ community }: View, unitNumber: number): boolean {
  return unitNumber <= community.units.length;
}

function write(view: View, unitNumber: number): UnitJson {
  return writeUnit(view.read(unitNumber), view.templates[unitNumber - 1] as UnitJson, view.config);
}

function answerHistory(query: Extract<Query, { kind: "history" }>, view: View): Answer {
  const { records, world, timeS, config } = view;
  const { of, fromS, resolutionS } = query;
  const source = { storage: records, world, startTime: config.startTime };
  const isOfUnit = of !== "community" && of !== "charges";
  if (isOfUnit && !hasUnit(view, of)) return refuseUnit(view, of);
  const span = chooseSpan({
    fromS: Math.min(fromS, timeS),
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
    acceleration: view.accelerationFactor,
    sleepTimeS: config.sleeptime,
    atEndOfData: timeS >= endOfTimeS(world),
    dataEndS: world.dataLengthS,
    busVoltageV: roundToHundredths(busVoltageAt(bus, timeS)),
    busRamping: timeS < bus.rampEndS,
    voltageReference: reference === null ? null : formatUnitId(reference),
    units: templates.map(({ oesunit }, index) => writeUnitState(view.read(index + 1), oesunit.display)),
  };
}
