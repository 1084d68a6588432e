import { findAlarmNumber } from "../../input/faults/fault.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { roundToHundredths } from "../../notation/rounding.ts";
import { type BusState, createBus } from "../../simulation/dc-bus.ts";
import { completeReading, type UnitReading } from "../../simulation/reading.ts";
import type { World } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "../records/chapter.ts";
import { listPastFaults } from "../records/past-faults.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import type { ReplayedReading } from "../records/replay.ts";
import type { AnswerWriter } from "../state/answer-writer.ts";
import type { ExtendedUnitJson } from "./http-sink.ts";

interface UnitSource {
  readonly storage: RecordStorage;
  readonly chapters: () => readonly OpenChapter[];
  readonly writeUnit: AnswerWriter["writeUnit"];
  /** The JSON of a unit for what nothing moves. */
  templateOf(unitNumber: number): UnitJson;
}

/** Writes readings of the past as units, with the bus as it was then. */
export function writeExtendedUnits(
  source: UnitSource,
  readings: readonly ReplayedReading[],
): ExtendedUnitJson[] {
  const times = readings.map(({ reading }) => reading.timeS);
  const busAt = openBus(source.storage, Math.min(...times), Math.max(...times));
  const chapters = source.chapters();
  const faults = listPastFaults(source.storage);
  return readings.flatMap((past) => {
    const { timeS } = past.reading;
    const { world, config } = chapterAt(chapters, timeS);
    if (world === null) return [];
    const template = source.templateOf(past.reading.number);
    const display = past.display ?? template.oesunit.display;
    const { unit, emul } = completeUnit(past, busAt(timeS), world);
    const named = { ...template, oesunit: { ...template.oesunit, display } };
    return { ...source.writeUnit(unit, named, config, findAlarmNumber(faults, unit, timeS)), emul };
  });
}

function completeUnit(
  { reading, settings, acIntakeWh }: ReplayedReading,
  bus: BusState,
  world: World,
): { unit: UnitReading; emul: ExtendedUnitJson["emul"] } {
  const whole = completeReading(reading, settings, bus, world);
  const acloss = roundToHundredths(reading.acLossPowerW);
  const dcloss = roundToHundredths(reading.dcLossPowerW);
  const loss = roundToHundredths(reading.acLossPowerW + reading.dcLossPowerW);
  const emul = { acloss, dcloss, loss, wasted: roundToHundredths(reading.wastedPowerW) };
  return { unit: { ...whole, ledger: { ...whole.ledger, acIntakeWh } }, emul };
}

function openBus(storage: RecordStorage, fromS: number, toS: number): (timeS: number) => BusState {
  const events = storage.readBusEvents(fromS, toS);
  return (timeS) => events.findLast((event) => event.timeS <= timeS)?.bus ?? createBus();
}
