import * as v from "valibot";
import { parsePath } from "../../api/http/router.ts";
import { answerWriter } from "../../api/wire/answers.ts";
import { missingInRunWh } from "../../community/records/balance.ts";
import type { FinishedDay } from "../../community/records/record-storage.ts";
import { readAccounts } from "../../community/records/summary.ts";
import { Emulator } from "../../community/state/emulator.ts";
import { type CommunityRequest, isInspection } from "../../community/state/request.ts";
import type { CommunityStorage } from "../../community/storage/storage.ts";
import { createWorld, type WorldInput } from "../../input/config/create-world.ts";
import type { Config } from "../../input/config/entries.ts";
import { countFirstUnits } from "../../input/config/first-units.ts";
import { communityLimits } from "../../input/config/limits.ts";
import { readUnitFiles, type UnitFiles } from "../../input/units/unit-files.ts";
import { definedOf } from "../../notation/parameters.ts";
import { type Answer, refuse } from "../../notation/refusal.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { createLedger, type Ledger, wastedImportWh } from "../../simulation/ledger.ts";
import { createHeadlessStorage } from "./node-database.ts";

/** A request at a simulated second, counted from the start of the data. */
export interface TimedCommand {
  readonly at: number;
  readonly get: string;
}

export interface HeadlessRun {
  readonly config: Config;
  readonly input: WorldInput;
  readonly durationS: number;
  /** Simulated seconds between two rows of `hourlyRsoc`. */
  readonly everyS: number;
  readonly commands: readonly TimedCommand[];
  readonly instantRamp: boolean;
  /** Those of build time, if not given. */
  readonly files?: UnitFiles;
}

/** Energies of one day [Wh], a value a unit number: of all units that had it on that day. */
interface DailyEnergies {
  readonly day: number;
  readonly pv: number[];
  readonly demand: number[];
  readonly acin: number[];
  readonly acloss: number[];
  readonly dcloss: number[];
  readonly wasted: number[];
  readonly exported: number[];
  readonly imported: number[];
  /** The part of `wasted` that a full battery took from the DC grid; the rest is curtailed sun. */
  readonly wastedImport: number[];
}

export interface Trajectory {
  /** All that ever were. */
  readonly units: string[];
  readonly stepSeconds: null;
  /** Rows of a second and the charge of each of `units` then, null where it was not there. */
  readonly hourlyRsoc: (number | null)[][];
  readonly dailyEnergyWh: DailyEnergies[];
  /** The most that is missing in the accounts of any unit number over the whole run, zero but for rounding. */
  readonly balanceResidualWh: number;
}

export type HeadlessResult = Trajectory & { readonly commands: readonly TimedCommand[] };

/** Says in a line what is wrong with what was asked for. */
export class SimulationError extends Error {
  override name = "SimulationError";
}

const commandsSchema = v.array(
  v.looseObject({ at: v.pipe(v.number(), v.minValue(0)), get: v.pipe(v.string(), v.startsWith("/")) }),
);

/** Reads the JSON text of timed commands. @throws SimulationError */
export function readCommands(text: string): TimedCommand[] {
  try {
    return v.parse(commandsSchema, JSON.parse(text));
  } catch (error) {
    throw new SimulationError(
      `Commands must be [{"at": seconds, "get": "/…"}, …]: ${(error as Error).message}`,
    );
  }
}

/**
 * Runs a community from the start of the data with its commands, the clock in hand instead of on the wall.
 * @throws SimulationError if the run is longer than the data, or a command is refused
 */
export async function runHeadless(run: HeadlessRun): Promise<HeadlessResult> {
  const world = createWorld(run.config, run.input);
  if (world.atEndOfData === "stop" && run.durationS > world.dataLengthS) {
    const hours = world.dataLengthS / 3600;
    throw new SimulationError(`The data last ${hours} hours; allowed: up to that, or atEndOfData = "repeat"`);
  }
  const acceleration = run.instantRamp ? instantRampAcceleration : 1;
  const storage = createHeadlessStorage();
  const surroundings = {
    config: { ...run.config, acceleration, units: countFirstUnits(run.config, run.input.homes) },
    worldOf: () => world,
    files: run.files ?? readUnitFiles(),
    writer: answerWriter,
    storage,
    log: () => {},
    inputHash: "",
    inputName: "",
  };
  const steps = run.commands.toSorted((a, b) => a.at - b.at).map((command) => commandStep(command, 0));
  const trajectory = await follow(new Emulator(surroundings, 0), storage, run, steps);
  const { units, stepSeconds, ...rest } = trajectory;
  return { units, stepSeconds, commands: run.commands, ...rest };
}

/** What is done at a simulated second; it returns whether the clock began anew. */
export interface Step {
  readonly at: number;
  perform(emulator: Emulator): Promise<boolean>;
}

/** A command that is performed as of `wallMs`; it throws a SimulationError if it is refused. */
export function commandStep(command: TimedCommand, wallMs: number): Step {
  return { at: command.at, perform: (emulator) => perform(command, emulator, wallMs) };
}

/**
 * Takes steps, in the order of time, each at its simulated second whatever the acceleration is, and notes the charges
 * at every interval, after the steps of that second.
 * @throws SimulationError if a command is refused
 */
export async function follow(
  emulator: Emulator,
  storage: CommunityStorage,
  { durationS, everyS }: { readonly durationS: number; readonly everyS: number },
  steps: readonly Step[],
): Promise<Trajectory> {
  const hourlyRsoc: (number | null)[][] = [];
  let began = emulator.readUnitsAt(0);
  let next = 0;
  const performUntil = async (timeS: number) => {
    for (let step = steps[next]; step !== undefined && step.at <= timeS; step = steps[++next])
      if (await step.perform(emulator)) began = emulator.readUnitsAt(0);
  };
  for (let timeS = 0; timeS <= durationS; timeS += everyS) {
    await performUntil(timeS);
    const readings = emulator.readUnitsAt(timeS);
    hourlyRsoc.push([timeS, ...readings.map((reading) => reading.stateOfChargePercent)]);
  }
  await performUntil(durationS);
  const last = emulator.readUnitsAt(durationS);
  emulator.recordUntil(durationS);
  const units = Array.from({ length: storage.highestUnitNumber() }, (_, index) => formatUnitId(index + 1));
  for (const row of hourlyRsoc) while (row.length <= units.length) row.push(null);
  return {
    units,
    stepSeconds: null,
    hourlyRsoc,
    dailyEnergyWh: [...storage.readDays(0, Number.MAX_SAFE_INTEGER)].map((day) =>
      writeDay(day, units.length),
    ),
    balanceResidualWh: missingInRunWh(storage, { began, last, today: emulator.readTodayAt(durationS) }),
  };
}

/** Above 120 a ramp is immediate. */
const instantRampAcceleration = 128;

/**
 * Performs the path of a command through the Web API's own checks; returns whether the clock began anew.
 * @throws SimulationError if it is refused
 */
async function perform(command: TimedCommand, emulator: Emulator, wallMs: number): Promise<boolean> {
  const parsed = await parsePath(command.get, communityLimits.requestBytes.default);
  const beginsAnew = parsed.ok && parsed.value.kind === "reset" && parsed.value.restartClock;
  const answer = parsed.ok ? answerAt(parsed.value, command.at, emulator, wallMs) : parsed;
  if (answer.ok) return beginsAnew;
  throw new SimulationError(`Command at ${command.at} s, ${command.get}: ${answer.refusal.message}`);
}

function answerAt(request: CommunityRequest, timeS: number, emulator: Emulator, wallMs: number): Answer {
  if (isInspection(request)) return refuse("not_found", "Only a server answers this");
  if (request.kind === "reset" && request.restartClock && timeS > 0) return lateNewClock;
  // Time is in the hands of whoever runs this: what moved it in the log has only left it held.
  const isStep = request.kind === "stepTime" || request.kind === "untilTime";
  return emulator.answerAt(
    isStep ? { kind: "holdTime", ...definedOf({ claiming: request.claiming }) } : request,
    timeS,
    wallMs,
  );
}

/** A clock that began anew would begin the seconds of rows and commands anew too. */
const lateNewClock = refuse(
  "conflict",
  "Simulated seconds would begin anew; allowed: clock=start at 0 s, or a plain /restart",
);

function writeDay(finished: FinishedDay, units: number): DailyEnergies {
  const accounts = readAccounts(finished);
  while (accounts.length < units) accounts.push(createLedger());
  const column = (energyOf: (ledger: Ledger) => number) => accounts.map(energyOf);
  return {
    day: finished.day,
    pv: column((ledger) => ledger.solarWh - ledger.curtailedSolarWh),
    demand: column((ledger) => ledger.demandWh),
    acin: column((ledger) => ledger.acIntakeWh),
    acloss: column((ledger) => ledger.acLossWh),
    dcloss: column((ledger) => ledger.dcLossWh),
    wasted: column((ledger) => ledger.wastedWh),
    exported: column((ledger) => ledger.toDcGridWh),
    imported: column((ledger) => ledger.fromDcGridWh),
    wastedImport: column(wastedImportWh),
  };
}
