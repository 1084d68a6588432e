import * as v from "valibot";
import { findRoute } from "../../api/http/find-route.ts";
import { parsePath } from "../../api/http/router.ts";
import { parseBody } from "../../api/http/step-bodies.ts";
import { answerWriter } from "../../api/wire/answers.ts";
import { missingInRunWh } from "../../community/records/balance.ts";
import type { FinishedDay } from "../../community/records/record-storage.ts";
import { readAccounts } from "../../community/records/summary.ts";
import { Emulator } from "../../community/state/emulator.ts";
import {
  type CommandOrigin,
  type CommunityRequest,
  isHousekeeping,
  isInspection,
} from "../../community/state/request.ts";
import type { CommunityStorage } from "../../community/storage/storage.ts";
import { createWorld, type WorldInput } from "../../input/config/create-world.ts";
import type { Config } from "../../input/config/entries.ts";
import { countFirstUnits } from "../../input/config/first-units.ts";
import { communityLimits } from "../../input/config/limits.ts";
import { readUnitFiles, type UnitFiles } from "../../input/units/unit-files.ts";
import { once } from "../../notation/once.ts";
import { type Checked, definedOf } from "../../notation/parameters.ts";
import { type Answer, type Refused, refuse } from "../../notation/refusal.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { createLedger, type Ledger, pvWh, wastedImportWh } from "../../simulation/ledger.ts";
import { createHeadlessStorage } from "./node-database.ts";

/** A request at a simulated second, counted from the start of the data. */
export interface TimedCommand {
  readonly at: number;
  readonly get: string;
  /** What is put there. */
  readonly body?: unknown;
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

/** What of a run is known at its end. */
interface RunEnd {
  readonly dailyEnergyWh: DailyEnergies[];
  /** The most that is missing in the accounts of any unit number over the whole run, zero but for rounding. */
  readonly balanceResidualWh: number;
}

/** Takes a run as it comes, and may make it wait. */
interface RunReader {
  /** All units that ever will be; before the first row. */
  begin(units: string[]): void | Promise<void>;
  /** The charge of each of the units at a second, null where it was not there: the second, then the charges. */
  row(row: readonly (number | null)[]): void | Promise<void>;
  /** How far the run is, from 0 to 1. */
  progress?(share: number): void;
}

/** A run that can begin. */
export interface PreparedRun {
  readonly emulator: Emulator;
  readonly storage: CommunityStorage;
  readonly durationS: number;
  readonly everyS: number;
  /** In their order. */
  readonly steps: readonly Step[];
  readonly commands: readonly TimedCommand[];
}

/** Says in a line what is wrong with what was asked for. */
export class SimulationError extends Error {
  override name = "SimulationError";
}

const commandsSchema = v.array(
  v.looseObject({
    at: v.pipe(v.number(), v.minValue(0)),
    get: v.pipe(v.string(), v.startsWith("/")),
    body: v.optional(v.unknown()),
  }),
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
 * Makes a run of a community from the start of the data with its commands, the clock in hand instead of on the wall.
 * @throws SimulationError if the run is longer than the data
 */
export async function prepareRun(run: HeadlessRun): Promise<PreparedRun> {
  const { commands, durationS, everyS } = run;
  const worldOf = once((config: Config) => createWorld(config, run.input));
  const world = worldOf(run.config);
  if (world.atEndOfData === "stop" && durationS > world.dataLengthS) {
    const hours = world.dataLengthS / 3600;
    throw new SimulationError(`The data last ${hours} hours; allowed: up to that, or atEndOfData = "repeat"`);
  }
  const acceleration = accelerationOf(run);
  const storage = createHeadlessStorage();
  const surroundings = {
    config: { ...run.config, acceleration, units: countFirstUnits(run.config, run.input.homes) },
    worldOf,
    homesOfData: run.input.homes,
    files: run.files ?? readUnitFiles(),
    writer: answerWriter,
    storage,
    log: () => {},
    inputHash: "",
    inputName: "",
  };
  const inOrder = commands.toSorted((a, b) => a.at - b.at);
  const steps = await Promise.all(inOrder.map((command) => commandStep(command, 0)));
  return { emulator: new Emulator(surroundings, 0), storage, durationS, everyS, steps, commands };
}

/** What is done at a simulated second. */
export interface Step {
  readonly at: number;
  /** Whether there may be more units after it than ever before. */
  readonly mayAddUnits: boolean;
  /** Returns whether the clock began anew. @throws SimulationError if it is refused */
  perform(emulator: Emulator): boolean;
}

/** A command that is performed as of `wallMs`, through the Web API's own checks. */
export async function commandStep({ at, get, body }: TimedCommand, wallMs: number): Promise<Step> {
  // What was uploaded changes nothing of the run.
  if (get === "/snapshots/upload") return { at, mayAddUnits: false, perform: () => false };
  const parsed =
    body === undefined
      ? await parsePath(get, communityLimits.requestBytes.default)
      : await parsePut(get, typeof body === "string" ? body : JSON.stringify(body));
  const kind = parsed.ok ? parsed.value.kind : "";
  return {
    at,
    mayAddUnits: ["addUnit", "reset", "loadLast"].includes(kind),
    perform(emulator) {
      const origin = { path: get, source: "simulate" };
      const answer = parsed.ok ? answerAt(parsed.value, at, emulator, wallMs, origin) : parsed;
      if (!answer.ok) throw new SimulationError(`Command at ${at} s, ${get}: ${answer.refusal.message}`);
      return parsed.ok && parsed.value.kind === "reset" && parsed.value.restartClock;
    },
  };
}

/**
 * Takes the steps of a run, in the order of time, each at its simulated second whatever the acceleration is, and tells the
 * charges at every interval, after the steps of that second.
 * @throws SimulationError if a command is refused
 */
export async function follow(run: PreparedRun, reader: RunReader): Promise<RunEnd> {
  const { emulator, storage, durationS, everyS, steps } = run;
  /** Rows that wait until no more units can come. */
  let waiting: (number | null)[][] | null = [];
  let began = emulator.readUnitsAt(0);
  let units: string[] = [];
  let next = 0;
  const lastAdding = steps.findLastIndex(({ at, mayAddUnits }) => mayAddUnits && at <= durationS);
  const performUntil = (timeS: number) => {
    for (let step = steps[next]; step !== undefined && step.at <= timeS; step = steps[++next])
      if (step.perform(emulator)) began = emulator.readUnitsAt(0);
  };
  const tell = async (row: (number | null)[]) => {
    while (row.length <= units.length) row.push(null);
    await reader.row(row);
  };
  const tellWaiting = async () => {
    units = Array.from({ length: storage.highestUnitNumber() }, (_, index) => formatUnitId(index + 1));
    await reader.begin(units);
    for (const row of waiting ?? []) await tell(row);
    waiting = null;
  };
  const { fromS } = emulator.readChapters()[0] as { fromS: number };
  for (let timeS = Math.ceil(fromS / everyS) * everyS; timeS <= durationS; timeS += everyS) {
    performUntil(timeS);
    if (waiting !== null && next > lastAdding) await tellWaiting();
    const row = [timeS, ...emulator.readUnitsAt(timeS).map((reading) => reading.stateOfChargePercent)];
    if (waiting === null) await tell(row);
    else waiting.push(row);
    reader.progress?.(timeS / durationS);
  }
  performUntil(durationS);
  if (waiting !== null) await tellWaiting();
  const last = emulator.readUnitsAt(durationS);
  emulator.recordUntil(durationS);
  const days = [...storage.readDays(0, Number.MAX_SAFE_INTEGER)];
  return {
    dailyEnergyWh: days.map((day) => writeDay(day, units.length)),
    balanceResidualWh: missingInRunWh(storage, { began, last, today: emulator.readTodayAt(durationS) }),
  };
}

/** Above 120 a ramp is immediate. */
const instantRampAcceleration = 128;

/** The acceleration of a run, of which nothing but its ramps follows. */
export function accelerationOf({ instantRamp }: Pick<HeadlessRun, "instantRamp">): number {
  return instantRamp ? instantRampAcceleration : 1;
}

function parsePut(path: string, body: string): Promise<Checked<CommunityRequest>> | Refused {
  const { route } = findRoute(path) ?? {};
  if (route?.kind === "answer" && route.put !== undefined) return parseBody(path, body);
  return refuse("not_found", "There is nothing that takes a body at this path");
}

function answerAt(
  request: CommunityRequest,
  timeS: number,
  emulator: Emulator,
  wallMs: number,
  origin: CommandOrigin,
): Answer {
  if (isInspection(request) || isHousekeeping(request))
    return refuse("not_found", "Only a server answers this");
  if (request.kind === "reset" && request.restartClock && timeS > 0) return lateNewClock;
  // Time is in the hands of whoever runs this: what moved it in the log has only left it held.
  if (request.kind === "startRun" || request.kind === "beginSnapshot") return lateNewClock;
  if (request.kind === "keepSnapshot" || request.kind === "restoreSnapshot")
    return emulator.answerAt({ kind: "commitAll" }, timeS, wallMs);
  if (request.kind === "deleteSnapshot") return { ok: true, json: "{}" };
  const isStep = request.kind === "stepTime" || request.kind === "untilTime";
  return emulator.answerAt(
    isStep ? { kind: "holdTime", ...definedOf({ claiming: request.claiming }) } : request,
    timeS,
    wallMs,
    origin,
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
    pv: column(pvWh),
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
