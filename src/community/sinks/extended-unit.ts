import type { Config } from "../../input/config/entries.ts";
import type { UnitJson } from "../../input/units/unit-json.ts";
import { roundToHundredths } from "../../notation/rounding.ts";
import { type BusState, createBus } from "../../simulation/dc-bus.ts";
import { completeReading } from "../../simulation/reading.ts";
import type { World } from "../../simulation/world.ts";
import type { RecordStorage } from "../records/record-storage.ts";
import type { ReplayedReading } from "../records/replay.ts";
import type { AnswerWriter } from "../state/answer-writer.ts";
import type { ExtendedUnitJson } from "./http-sink.ts";

export interface UnitSource {
  readonly storage: RecordStorage;
  readonly world: World;
  readonly config: Config;
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
  return readings.map((past) => writeExtendedUnit(source, past, busAt(past.reading.timeS)));
}

function writeExtendedUnit(
  { world, config, writeUnit, templateOf }: UnitSource,
  { reading, settings, acIntakeWh }: ReplayedReading,
  bus: BusState,
): ExtendedUnitJson {
  const whole = completeReading(reading, settings, bus, world);
  const metered = { ...whole, ledger: { ...whole.ledger, acIntakeWh } };
  const acloss = roundToHundredths(reading.acLossPowerW);
  const dcloss = roundToHundredths(reading.dcLossPowerW);
  const loss = roundToHundredths(reading.acLossPowerW + reading.dcLossPowerW);
  const emul = { acloss, dcloss, loss, wasted: roundToHundredths(reading.wastedPowerW) };
  return { ...writeUnit(metered, templateOf(reading.number), config), emul };
}

function openBus(storage: RecordStorage, fromS: number, toS: number): (timeS: number) => BusState {
  const events = storage.readBusEvents(fromS, toS);
  return (timeS) => events.findLast((event) => event.timeS <= timeS)?.bus ?? createBus();
}
