import { completeConfig } from "../../input/config/complete-config.ts";
import { noFaults } from "../../input/faults/fault.ts";
import { readSave } from "../../input/units/save.ts";
import type { BusState } from "../../simulation/dc-bus.ts";
import { createLedger } from "../../simulation/ledger.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { unpackBus } from "../records/bus-record.ts";
import { type UnitEvent, unpackEvents, unpackLeft } from "../records/unit-event.ts";
import { upgradeRecords } from "../records/unit-record.ts";
import { plainFactor } from "../state/clock.ts";
import type { Chapter, Clock, KeptSnapshot, Run } from "./stored-shapes.ts";

/**
 * All that a release leaves behind is taken up by every later one. Each form says its version, and one number counts
 * for all; what is written has the present one, what is read may be as old as `oldestVersion` and is brought up
 * here, on its way in. A later version, of a release that was taken back, is refused and left as it is.
 *
 * - rows of a community's storage: the column `version` of each
 * - backups: their head, and the rows in them
 * - logs of commands as JSON: `version`; until 2 there was none
 * - `records.json` beside the CSV files of a local run: `version`; until 2 there was none
 * - tables in D1: by `migrations`, which the database counts itself
 *
 * 1: no directory of communities, no origin of commands, no run; ledgers do not count what goes into the battery
 * 2: the run holds the one configuration that it began with, and whether that was altered
 * 3: chapters, accounts of units that went, the whole state in Save All; what is of the DC grid says so in its name
 * 4: a clock may be held, and keeps its rate then; until 3 it was at rate 0. It may be claimed. What was left of units and of
 *    the bus is numbers, not JSON; of older days, rows of changes. Snapshots
 * 5: why a converter was protected; what of a chapter is the community's own; data of its own. Outages, and accounts of homes
 *    with limits. Faults of the hardware, of which earlier forms have none
 */
export const formVersion = 5;
export const oldestVersion = 1;
/** Bytes of units that say nothing that this version did not know are written in it, since they are a third shorter then. */
export const shortVersion = 4;

/** Says that something was stored by a later release, or is no stored form at all. */
export class StoredFormError extends Error {
  override name = "StoredFormError";
}

/** @throws StoredFormError if this release does not read that version of `what` */
export function checkVersion(what: string, version: unknown): number {
  if (typeof version === "number" && version >= oldestVersion && version <= formVersion) return version;
  throw new StoredFormError(`${what} has version ${version}; allowed: ${oldestVersion} to ${formVersion}`);
}

/** Reads the JSON of a row. @throws StoredFormError */
export function readBody(version: unknown, text: string): unknown {
  const age = checkVersion("A stored row", version);
  if (age >= 5) return JSON.parse(text);
  const rename = age < 3 ? renameFields : (_key: string, value: unknown) => value;
  const body = JSON.parse(text, (key, value) => completeState(rename(key, value)));
  return age < 4 ? holdClock(body) : body;
}

/** Until version 3 a clock in a pause had lost its rate. Its ramps were slow, as they are at the plain rate. */
function holdClock(body: unknown): unknown {
  if (!isObject(body) || !Object.hasOwn(body as object, "anchorWallMs")) return body;
  const clock = body as Clock;
  const held = clock.accelerationFactor === 0;
  return { ...clock, held, accelerationFactor: held ? plainFactor : clock.accelerationFactor, claim: null };
}

/** A row with bytes or, of an earlier release, JSON. */
type Row = Readonly<Record<string, unknown>>;

/** Reads what was left of a unit at `timeS`. @throws StoredFormError */
export function readLeft(unitNumber: number, timeS: number, { version, body }: Row): UnitEvent {
  checkVersion("A stored row", version);
  if (typeof body !== "string")
    return readBytes(body, (bytes) => unpackLeft(unitNumber, timeS, bytes, isEarlier(version)));
  const left = readBody(version, body) as (UnitState & { readonly display?: string }) | null;
  if (left === null) return { unitNumber, timeS, display: null, isWhole: true, state: null };
  const { display = null, ...state } = left;
  return { unitNumber, timeS, display, isWhole: true, state };
}

/** Reads a row of changes of a unit. @throws StoredFormError */
export function readChanges(unitNumber: number, { version, events }: Row): UnitEvent[] {
  checkVersion("A stored row", version);
  return readBytes(events, (bytes) => unpackEvents(unitNumber, bytes, isEarlier(version)));
}

/** Whether it is of a release that kept less of a unit than is kept now. */
const isEarlier = (version: unknown) => (version as number) < 5;

/** Reads what was left of the bus. @throws StoredFormError */
export function readBus({ version, body }: Row): BusState {
  checkVersion("A stored row", version);
  if (typeof body === "string") return readBody(version, body) as BusState;
  return readBytes(body, (bytes) => unpackBus(new Float64Array(bytes)));
}

function readBytes<T>(bytes: unknown, read: (bytes: ArrayBuffer) => T): T {
  if (!(bytes instanceof ArrayBuffer)) throw new StoredFormError("A stored row has no bytes");
  try {
    return read(bytes);
  } catch (error) {
    throw error instanceof RangeError
      ? new StoredFormError("The bytes of a stored row are not whole")
      : error;
  }
}

/** Reads the numbers of a finished day. @throws StoredFormError */
export function readUnits(version: unknown, units: Float64Array): Float64Array {
  const age = checkVersion("A stored row", version);
  if (age < 2) return upgradeRecords(units, 1);
  return isEarlier(age) ? upgradeRecords(units, 4) : units;
}

/** Names until version 2 of what flows between a unit and the DC grid. */
const olderNames: Readonly<Record<string, string>> = {
  gridCurrentA: "dcGridCurrentA",
  gridVoltageV: "dcGridVoltageV",
  gridFlowFromS: "dcGridFlowFromS",
  gridCurrentLimitA: "dcGridCurrentLimitA",
  fromGridWh: "fromDcGridWh",
  toGridWh: "toDcGridWh",
};

function renameFields(_key: string, value: unknown): unknown {
  if (!isObject(value) || Array.isArray(value)) return value;
  const entries = Object.entries(value as object).map(([name, of]) => [
    Object.hasOwn(olderNames, name) ? olderNames[name] : name,
    of,
  ]);
  return Object.fromEntries(entries);
}

/** What later releases have added to the state of a unit, with its neutral value, and to its energies, with nothing. */
function completeState(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (Object.hasOwn(value as object, "batteryChangeWh")) return { ...createLedger(), ...(value as object) };
  if (Object.hasOwn(value as object, "upsSwitchedS"))
    return { tripCause: "none", outage: "none", ...(value as object) };
  return value;
}

/** A run of version 2. */
interface Run2 extends Run {
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputHash: string;
  readonly alteredAtS: number | null;
}

/**
 * The chapters of a run of version 2. Of one that was altered only the configuration since then is known; the data of
 * the time before count as gone, so that nothing is told that was not.
 */
export function readChapters2({ beganWallMs, config: stored, inputHash, alteredAtS }: Run2): Chapter[] {
  const config = completeConfig(stored);
  const common = { beganWallMs, config: { ...config, dburl: "" }, inputName: config.dataSet };
  const rest = { ...common, afterCommandId: 0, lostUntilS: null, release: null, own: [] };
  if (alteredAtS === null) return [{ ...rest, fromS: 0, inputHash }];
  return [
    { ...rest, fromS: 0, inputHash: null },
    { ...rest, fromS: alteredAtS, inputHash },
  ];
}

/** A snapshot with what later releases have added to its configuration. */
export function upgradeSnapshot(snapshot: KeptSnapshot): KeptSnapshot {
  return { ...snapshot, chapter: upgradeChapter(snapshot.chapter), faults: snapshot.faults ?? noFaults };
}

export function isRun2(run: Run): run is Run2 {
  return isObject((run as Partial<Run2>).config);
}

/** The run of any version as it is now. */
export function upgradeRun({ beganWallMs, accelerationFactor, lastSave, branchOf }: Run): Run {
  const run = { beganWallMs, accelerationFactor, lastSave: lastSave && readSave(lastSave) };
  return branchOf === undefined ? run : { ...run, branchOf };
}

/** A chapter with what later releases have added to its configuration. */
export function upgradeChapter(chapter: Chapter): Chapter {
  return { ...chapter, own: chapter.own ?? [], config: completeConfig(chapter.config) };
}

/** A log of commands of any version in the present form; what is no log at all is left to whoever reads it. */
export function upgradeCommandLog(log: LogOfAnyVersion | null): unknown {
  const { version = 2, run, commands, ...others } = log ?? {};
  if (typeof run !== "object" || run === null) return log;
  const rest = { ...others, commands: Array.isArray(commands) ? commands.map(upgradePause) : commands };
  if (version !== 2) {
    const chapters = run.chapters?.map?.((chapter) =>
      isObject(chapter?.config) ? upgradeChapter(chapter) : chapter,
    );
    return { ...rest, version: checkVersion("The log of commands", version), run: { ...run, chapters } };
  }
  const chapters = isRun2(run) ? readChapters2(run) : undefined;
  const renamed = JSON.parse(JSON.stringify(run), renameFields) as Run;
  return { ...rest, version: formVersion, run: { ...upgradeRun(renamed), chapters } };
}

/** Until version 3 ramps were slow in a pause whatever the rate before, as they are at the plain rate. */
function upgradePause(command: unknown): unknown {
  const isPause = (command as { effect?: unknown } | null)?.effect === "acceleration 0";
  return isPause ? { ...(command as object), get: `/set/acc/${plainFactor}` } : command;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

interface LogOfAnyVersion {
  readonly version?: unknown;
  readonly commands?: unknown;
  readonly run?: Run & { readonly chapters?: readonly Chapter[] };
}
