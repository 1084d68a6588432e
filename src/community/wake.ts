import type { Config } from "../input/config/entries.ts";
import { countFirstUnits, noteHomesLeftOut } from "../input/config/first-units.ts";
import { placeOf } from "../input/config/place.ts";
import { readConfig } from "../input/config/read-config.ts";
import { dateStart, warnOfKeptStart, warnOfStart } from "../input/config/start-time.ts";
import { openFiles } from "../input/files.ts";
import { findHomesFaults } from "../input/homes/check-homes.ts";
import { countDataHomes } from "../input/homes/complete-home.ts";
import { readHomes, warnOfOwnHomes } from "../input/homes/read-homes.ts";
import { homesFile } from "../input/series/compiled-input.ts";
import { storedAs } from "../input/series/load-input.ts";
import { warnOfInput } from "../input/series/warn-of-input.ts";
import { readUnitFiles } from "../input/units/unit-files.ts";
import type { Checked } from "../notation/parameters.ts";
import type { Refusal } from "../notation/refusal.ts";
import type { CommunityDirectory } from "./directory-link.ts";
import type { Env } from "./env.ts";
import { localLife } from "./local-life.ts";
import type { SaveFile } from "./save-file.ts";
import type { Visitor } from "./screens.ts";
import { createOutbox } from "./sinks/create-outbox.ts";
import type { Outbox } from "./sinks/outbox.ts";
import type { AnswerWriter } from "./state/answer-writer.ts";
import { DataSets } from "./state/data-sets.ts";
import { Emulator } from "./state/emulator.ts";
import type { EmulatorRequest } from "./state/request.ts";
import { createWeekStore, forgetOtherInput } from "./storage/input-weeks.ts";
import type { SqliteDatabase } from "./storage/sqlite-database.ts";
import { createSqliteStorage } from "./storage/sqlite-storage.ts";
import type { CommunityStorage } from "./storage/storage.ts";
import type { Watched } from "./watching/inspect.ts";
import { createKeptLog, type KeptLog } from "./watching/kept-log.ts";
import { consoleLog, createLog, type Log, leastLevel } from "./watching/log.ts";
import { RequestCounts } from "./watching/request-counts.ts";
import { warnOnce } from "./watching/warn-once.ts";

/** What a community is given of what lies above it. */
export interface Above {
  readonly writer: AnswerWriter;
  readonly directory: CommunityDirectory;
  /** Counts a message of a screen that `visitor` has opened; why it is one too many, or null. */
  countMessage(visitor: Visitor): Promise<Refusal | null>;
  /** Reads what a body asks for at a path that takes one. */
  readBody(path: string, body: string): Promise<Checked<EmulatorRequest>>;
  /** Reads what a session's message asks for. */
  readMessage(given: unknown): Checked<EmulatorRequest>;
  /** Where Save All leaves a file too. */
  readonly saveFile: SaveFile | null;
}

/** What a community has in memory while it is awake. */
export interface Awake extends Watched {
  readonly data: DataSets;
  readonly log: Log;
  /** What of the storage is a copy of the deployment's data. */
  readonly copiedBytes: number;
  readonly outbox: Outbox | null;
}

/** Where a community wakes: its object's name, its database, and what the deployment gives. */
interface Bed {
  readonly name: string;
  readonly database: SqliteDatabase;
  /** Called before anything of the past is deleted. */
  readonly beforeForgetting: () => void;
  /** Whether a backup is under way. */
  readonly isBeingRead: () => boolean;
  readonly env: Env;
  readonly above: Above;
}

/** Takes up what is stored, or begins; null if nothing is stored and the directory knows no such community. */
export async function wake(bed: Bed): Promise<Awake | null> {
  const { name, database, beforeForgetting, isBeingRead, env, above } = bed;
  const config = await readHomesBeside(readConfig(env), env);
  const storage = createSqliteStorage(database, beforeForgetting, isBeingRead);
  const weeks = createWeekStore(database);
  const data = await DataSets.open(openFiles(env), config, (id) => storage.openData(id), weeks);
  const { present } = data;
  const { homes } = present.input;
  const units = countFirstUnits(config, homes);
  const isNew = storage.load() === null;
  if (isNew && !(await above.directory.owns(name))) return null;
  // The past of units that were removed may be asked for too.
  const highest = isNew ? units : storage.highestUnitNumber();
  await present.loadFor(countDataHomes(config, highest, homes));
  if (!isNew) await data.loadFor(storage.readChapters().slice(-1), storage.highestUnitNumber());
  const hashes = storage.readChapters().map(({ inputHash }) => inputHash);
  const own = storedAs(present.input.manifest);
  const copiedBytes = forgetOtherInput(
    database,
    (source) => source === own || hashes.some((hash) => hash !== null && source.startsWith(`${hash} `)),
  );
  const keptLog = createKeptLog(database.sql);
  const asked = { ...config, units };
  // Before there were chapters nobody looked at the date of the data.
  const isDated = isNew || storage.readChapters().length > 0;
  const next = isDated ? dateStart(asked, env, present.input.manifest) : asked;
  const awake = createAwake(bed, { config: next, data, storage, keptLog, copiedBytes });
  const note = isNew ? noteHomesLeftOut(config, homes) : null;
  if (note !== null) awake.log("WARNING", note);
  // Its beginning is written anyway.
  if (isNew) keptLog.flush(Date.now());
  return awake;
}

/** `config` with the homes that lie beside the data, where it says nothing of homes. */
async function readHomesBeside(config: Config, env: Env): Promise<Config> {
  if ((env as { readonly homes?: unknown }).homes !== undefined) return config;
  const response = await openFiles(env).fetch(`http://assets/input/${homesFile}`);
  return response.ok ? { ...config, homes: readHomes(await response.json()) } : config;
}

/** Makes ready what the past is told from. */
export async function loadPast({ data, emulator }: Awake): Promise<void> {
  const chapters = emulator.readChapters();
  if (chapters.some(({ world }) => world === null)) await data.loadFor(chapters, emulator.highestUnitNumber);
}

interface Parts {
  /** As a run that begins now has it. */
  readonly config: Config;
  readonly data: DataSets;
  readonly storage: CommunityStorage;
  readonly keptLog: KeptLog;
  readonly copiedBytes: number;
}

function createAwake(
  { name, env, above }: Bed,
  { config, data, storage, keptLog, copiedBytes }: Parts,
): Awake {
  const isLocal = placeOf(env) === "local";
  const keep: Log = (level, message, fields) => keptLog.add(Date.now(), level, message, fields);
  const logs = { console: [consoleLog], kept: [keep], both: [consoleLog, keep] };
  const log = createLog(leastLevel(config), logs[config.logTo]);
  const { manifest, sourceHash } = data.present.input;
  const ofInput = [...warnOfInput(manifest, config.solarUnit), ...warnOfStart(config, manifest)];
  // The console of a local run was told by the start.
  const quietLog = createLog(leastLevel(config), config.logTo === "console" ? [] : [keep]);
  warnOnce(keptLog, isLocal ? quietLog : log, ofInput);
  const { writer } = above;
  const surroundings = {
    config,
    inputHash: sourceHash,
    homesOfData: data.present.input.homes,
    inputName: `${manifest.solar.file}, ${manifest.demand.file}`,
    worldOf: (of: Config, hash: string | null) => data.worldOf(of, hash),
    files: readUnitFiles(env.UNIT_FILES),
    storage,
    log,
    writer,
    ...(isLocal && { clockMsAt: (wallMs: number) => localLife.clock.at(wallMs) }),
  };
  const emulator = new Emulator(surroundings, Date.now());
  warnOnce(keptLog, log, warnOfKeptStart(emulator.config.startTime, config.startTime));
  warnOnce(keptLog, log, warnOfOwnHomes(emulator.config.homes, config.homes));
  // Its own homes were right under the parameters of then.
  warnOnce(keptLog, log, findHomesFaults(emulator.config));
  const outbox = createOutbox({
    community: name,
    config,
    chapters: () => emulator.readChapters(),
    storage,
    log,
    writeUnit: writer.writeUnit,
    database: env.RECORDS,
    templateOf: (unitNumber) => emulator.templateOf(unitNumber),
  });
  const { metricsPerUnit } = config;
  return {
    data,
    copiedBytes,
    emulator,
    storage,
    keptLog,
    counts: new RequestCounts(),
    log,
    outbox,
    metricsPerUnit,
  };
}
