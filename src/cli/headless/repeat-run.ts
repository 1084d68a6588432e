import * as v from "valibot";
import { answerWriter } from "../../api/wire/answers.ts";
import type { CommandLog } from "../../community/records/command-log.ts";
import { Emulator } from "../../community/state/emulator.ts";
import { createWorld, type WorldInput } from "../../input/config/create-world.ts";
import { readSave } from "../../input/units/save.ts";
import { readUnitFiles } from "../../input/units/unit-files.ts";
import { createHeadlessStorage } from "./node-database.ts";
import { follow, type HeadlessResult, SimulationError } from "./run-headless.ts";

const number = v.number();
const logSchema = v.looseObject({
  run: v.looseObject({
    beganWallMs: number,
    accelerationFactor: number,
    config: v.looseObject({}),
    inputHash: v.string(),
    lastSave: v.nullable(
      v.union([v.array(v.looseObject({})), v.looseObject({ units: v.array(v.looseObject({})) })]),
    ),
    alteredAtS: v.nullable(number),
  }),
  untilS: number,
  fromDay: v.literal(0),
  toDay: v.literal(Number.MAX_SAFE_INTEGER),
  commands: v.array(v.looseObject({ time_s: number, wall_ms: number, get: v.string() })),
});

/** Reads the JSON text of a whole log of commands, as `/commands` writes it. @throws SimulationError */
export function readCommandLog(text: string): CommandLog {
  let log: CommandLog;
  try {
    log = v.parse(logSchema, JSON.parse(text)) as unknown as CommandLog;
  } catch (error) {
    throw new SimulationError(
      `This is no whole log of commands, as /commands gives it: ${(error as Error).message}`,
    );
  }
  if (log.run.alteredAtS === null) return log;
  throw new SimulationError(
    `The run cannot be repeated: its configuration or data changed at simulated second ${log.run.alteredAtS}`,
  );
}

/**
 * Performs a run again from its log of commands, each at its simulated second to the bit, on the data with
 * hash `inputHash`.
 * @throws SimulationError if the data are others, or a command is refused
 */
export async function repeatRun(
  log: CommandLog,
  input: WorldInput,
  inputHash: string,
  everyS: number,
): Promise<HeadlessResult> {
  const { run, untilS } = log;
  if (inputHash !== run.inputHash)
    throw new SimulationError("These are not the data that the run was made with");
  const storage = createHeadlessStorage();
  const files = readUnitFiles();
  const surroundings = {
    config: { ...run.config, acceleration: run.accelerationFactor },
    world: createWorld(run.config, input),
    files: { ...files, lastSave: run.lastSave === null ? files.lastSave : readSave(run.lastSave) },
    storage,
    log: () => {},
    writer: answerWriter,
    inputHash,
  };
  const commands = log.commands.map(({ time_s, get, wall_ms }) => ({ at: time_s, get, wallMs: wall_ms }));
  const emulator = new Emulator(surroundings, run.beganWallMs);
  const trajectory = await follow(emulator, storage, { durationS: untilS, everyS }, commands);
  const { units, stepSeconds, ...rest } = trajectory;
  return { units, stepSeconds, commands: commands.map(({ at, get }) => ({ at, get })), ...rest };
}
