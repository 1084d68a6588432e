import { DurableObject } from "cloudflare:workers";
import type { Config } from "../input/config/entries.ts";
import { countFirstUnits, noteHomesLeftOut } from "../input/config/first-units.ts";
import { communityLimits, withDefaultLimits } from "../input/config/limits.ts";
import { placeOf } from "../input/config/place.ts";
import { readConfig } from "../input/config/read-config.ts";
import { dateStart, warnOfKeptStart, warnOfStart } from "../input/config/start-time.ts";
import { type FilePlace, openFiles } from "../input/files.ts";
import { warnOfInput } from "../input/series/warn-of-input.ts";
import { readUnitFiles } from "../input/units/unit-files.ts";
import { type Answer, type Refusal, type Refused, refuse } from "../notation/refusal.ts";
import { AwakeCommunity } from "./awake-community.ts";
import { type CommunityDirectory, UseNote } from "./directory-link.ts";
import { localLife, whenBegun } from "./local-life.ts";
import type { ExportRequest } from "./records/export.ts";
import type { SaveFile } from "./save-file.ts";
import { createOutbox } from "./sinks/create-outbox.ts";
import type { AnswerWriter } from "./state/answer-writer.ts";
import { type GrowthLimits, refuseGrowth } from "./state/command-limits.ts";
import { DataSets } from "./state/data-sets.ts";
import { Emulator } from "./state/emulator.ts";
import {
  type CommandOrigin,
  type CommunityRequest,
  type EmulatorRequest,
  isInspection,
  isQuery,
  readsRecords,
  unknownOrigin,
} from "./state/request.ts";
import { BackupError, restoreBackup, writeBackup } from "./storage/backup.ts";
import { createSqliteStorage } from "./storage/sqlite-storage.ts";
import type { CommunityStorage } from "./storage/storage.ts";
import { listLines, readText, streamText } from "./storage/text-streams.ts";
import type { StorageUse } from "./watching/community-metrics.ts";
import { countRowsWritten } from "./watching/counted-database.ts";
import { createKeptLog, type KeptLog } from "./watching/kept-log.ts";
import { consoleLog, createLog, type Log, type LogLevel, leastLevel } from "./watching/log.ts";
import { warnOnce } from "./watching/warn-once.ts";

/** What the deployment gives: files, communities, and the configuration's parameters as variables. */
export interface Env extends FilePlace {
  readonly COMMUNITY: DurableObjectNamespace<CommunityObject>;
  /** The database of all communities, where one is bound. */
  readonly RECORDS?: D1Database;
  /** Where it runs, as `placeOf` reads it. */
  readonly place?: unknown;
  readonly [parameter: string]: unknown;
}

/**
 * Communities awake in this isolate, by their object's name. Only where all run in one process is it certain that none of
 * them is awake elsewhere.
 */
export const residents = new Map<string, CommunityObject>();

/** What a community is given of what lies above it. */
export interface Above {
  readonly writer: AnswerWriter;
  readonly directory: CommunityDirectory;
  /** Where Save All leaves a file too. */
  readonly saveFile: SaveFile | null;
}

/** The Durable Object of one community: it wakes with its state and answers as of the wall clock. */
export class CommunityObject extends DurableObject<Env> {
  /** Null where the directory knows no such community (any more). */
  #awake: AwakeCommunity | null = null;
  #data!: DataSets;
  #pendingWrites = 0;
  #rowsWritten = 0;
  #alarmMs: number | null = null;
  readonly #useNote = new UseNote();
  readonly #above: Above;

  constructor(ctx: DurableObjectState, env: Env, above: Above) {
    super(ctx, env);
    this.#above = above;
    ctx.blockConcurrencyWhile(() => this.#wake());
  }

  /**
   * Answers a query without the way through the runtime, or null where that might show what is not yet
   * durable. For the local server, whose worker and objects share one isolate.
   */
  answerAtOnce(request: CommunityRequest): Answer | null {
    return this.#pendingWrites > 0 ? null : (this.#awake?.answerFromMemory(request, Date.now()) ?? null);
  }

  /** Keeps a line that concerns all communities in the log of this one. */
  keepLine(level: LogLevel, message: string): void {
    this.#awake?.keepLine(level, message);
  }

  /** Notes a request that was refused before it came here. */
  async noteRefusal(refusal: Refusal, fields: Readonly<Record<string, unknown>>): Promise<void> {
    (await this.#awaken())?.noteRefusal(refusal, fields);
  }

  /** Answers one request within `limits`; what it changed is durable before the answer leaves. */
  async answer(
    request: CommunityRequest,
    origin: CommandOrigin = unknownOrigin,
    limits: GrowthLimits = withDefaultLimits({}),
  ): Promise<Answer> {
    const beginMs = performance.now();
    const awake = await this.#awaken();
    if (awake === null) return unknownCommunity;
    awake.log("DEBUG", "Request", { request });
    const answer = isInspection(request)
      ? awake.inspect(request, this.#describeUse())
      : await this.#answer(awake, request, origin, limits);
    awake.count(request, answer, beginMs);
    return answer;
  }

  #describeUse(): StorageUse {
    return {
      storageBytes: this.ctx.storage.sql.databaseSize,
      rowsWritten: this.#rowsWritten,
      screens: this.ctx.getWebSockets().length,
    };
  }

  async #answer(
    awake: AwakeCommunity,
    request: EmulatorRequest,
    origin: CommandOrigin,
    limits: GrowthLimits,
  ): Promise<Answer> {
    const { emulator } = awake;
    // Others are answered while homes load, and may leave more units than there were.
    const homes = this.#data.present;
    while (!homes.areLoadedFor(emulator.unitCountAfter(request)))
      await homes.loadFor(emulator.unitCountAfter(request));
    if (isQuery(request) && readsRecords(request)) await this.#loadPast(awake);
    const { databaseSize } = this.ctx.storage.sql;
    const refusal = refuseGrowth(request, emulator.unitCountAfter(request), databaseSize, limits);
    if (refusal !== null) return { ok: false, refusal };
    try {
      const answer = awake.answer(request, origin, limits.historyDays);
      this.#awaitDurable();
      if (isQuery(request)) return answer;
      if (answer.ok) this.#follow(awake);
      awake.flushLog();
      this.#setAlarm(awake);
      if (request.kind === "save") await this.#writeSaveFile(awake, answer);
      return answer;
    } catch (error) {
      awake.log("ERROR", "A request failed", { request, error: String(error) });
      this.ctx.abort("Memory may differ from storage: begin again from storage");
      return refuse("internal", "The emulator failed; its log says why");
    }
  }

  /** A file that cannot be written fails no command: what was saved is kept. */
  async #writeSaveFile(awake: AwakeCommunity, answer: Answer): Promise<void> {
    try {
      await this.#above.saveFile?.write(answer);
    } catch (error) {
      awake.log("WARNING", "jsontmp/lastSave.json was not written", { error: String(error) });
      awake.flushLog();
    }
  }

  /** Tells the database what is due. */
  override async alarm(): Promise<void> {
    this.#alarmMs = null;
    const awake = await this.#awaken();
    if (awake === null) return;
    await this.#loadPast(awake);
    await awake.deliver();
    awake.flushLog();
    this.#setAlarm(awake);
  }

  /** Sets the alarm for what will be due, or none. */
  #setAlarm(awake: AwakeCommunity): void {
    const dueMs = awake.dueMs();
    if (dueMs === this.#alarmMs) return;
    this.#alarmMs = dueMs;
    if (dueMs === null) this.ctx.storage.deleteAlarm();
    else this.ctx.storage.setAlarm(dueMs);
  }

  /** Streams what is recorded; each piece is made only when the reader has room for it. */
  async export(request: ExportRequest): Promise<ReadableStream<Uint8Array> | Refused> {
    const awake = await this.#awaken();
    if (awake === null) return unknownCommunity;
    await this.#loadPast(awake);
    return streamText(awake.emulator.writeExport(request, Date.now()));
  }

  /** The whole community as lines of JSON. */
  async backup(): Promise<ReadableStream<Uint8Array>> {
    await this.#awaken();
    return streamText(writeBackup(this.ctx.storage));
  }

  /** Replaces the whole community by that of a backup of at most `mostBytes`, or refuses and changes nothing. */
  async restore(backup: ReadableStream<Uint8Array>, mostBytes: number, mostUnits: number): Promise<Answer> {
    const text = await readText(backup, mostBytes).catch(() => undefined);
    if (text === undefined) return refuse("invalid_parameter", "The backup cannot be read to its end");
    if (text === null) return refuse("too_large", `The backup is longer than ${mostBytes} bytes`);
    if ((await this.#awaken()) === null) return unknownCommunity;
    try {
      const { maximumUnits } = readConfig(this.env);
      restoreBackup(this.ctx.storage, listLines(text), Math.min(mostUnits, maximumUnits));
    } catch (error) {
      if (error instanceof BackupError) return refuse("invalid_parameter", error.message);
      throw error;
    }
    this.#awake = null;
    await this.#awaken();
    return { ok: true, json: "{}" };
  }

  /** Takes the community back to what was stored at wall time `toMs`, where the platform keeps that. */
  async rewind(toMs: number): Promise<Answer> {
    try {
      const bookmark = await this.ctx.storage.getBookmarkForTime(toMs);
      await this.ctx.storage.onNextSessionRestoreBookmark(bookmark);
    } catch (error) {
      return refuse(
        "conflict",
        `The platform cannot go back to that time: ${(error as Error).message}`,
        "to",
      );
    }
    // The next request begins the session in which the platform restores.
    this.ctx.waitUntil(Promise.resolve().then(() => this.ctx.abort("Back to an earlier state")));
    return { ok: true, json: "{}" };
  }

  /** Accepts a screen's WebSocket, up to `?sockets=` of them; it may stay open while this object sleeps. */
  override fetch(request: Request): Response {
    const most = Number(new URL(request.url).searchParams.get("sockets") ?? communityLimits.sockets.default);
    if (this.ctx.getWebSockets().length >= most) return new Response(null, { status: 409 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Any message of a screen asks for the present state. */
  override async webSocketMessage(screen: WebSocket): Promise<void> {
    const awake = await this.#awaken();
    if (awake !== null) this.#tellScreens(awake, [screen]);
  }

  /** Sends all screens away: those that still may come in come again by themselves. */
  closeScreens(): void {
    for (const screen of this.ctx.getWebSockets()) screen.close(1008, "Who may look has changed");
  }

  /** Forgets everything that is stored, after the directory has struck the community out. */
  async wipe(): Promise<void> {
    this.#awake = null;
    residents.delete(this.ctx.id.name ?? "");
    this.closeScreens();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** After a command: tells the screens, and now and then the directory. */
  #follow(awake: AwakeCommunity): void {
    this.#tellScreens(awake, this.ctx.getWebSockets());
    const { databaseSize } = this.ctx.storage.sql;
    const noted = this.#useNote.send(this.#above.directory, this.ctx.id.name ?? "", Date.now(), databaseSize);
    this.ctx.waitUntil(
      noted.catch((error) => awake.log("WARNING", "The directory was not told", { error: String(error) })),
    );
  }

  #tellScreens({ emulator }: AwakeCommunity, screens: readonly WebSocket[]): void {
    if (screens.length === 0) return;
    const answer = emulator.answer({ kind: "state" }, Date.now());
    if (!answer.ok) return;
    for (const screen of screens) {
      if (screen.readyState === WebSocket.OPEN) screen.send(answer.json);
    }
  }

  #awaitDurable(): void {
    this.#pendingWrites++;
    this.ctx.storage.sync().finally(() => this.#pendingWrites--);
  }

  async #awaken(): Promise<AwakeCommunity | null> {
    if (this.#awake === null) await this.ctx.blockConcurrencyWhile(() => this.#wake());
    return this.#awake;
  }

  /** Takes up what is stored, or begins if the directory knows this community. */
  async #wake(): Promise<void> {
    if (this.#awake !== null) return;
    if (placeOf(this.env) === "local") await whenBegun();
    try {
      await this.#takeUp();
    } catch (error) {
      const what = { community: this.ctx.id.name, file: `${this.ctx.id}.sqlite`, error: String(error) };
      consoleLog("ERROR", "This community cannot be opened", what);
      throw error;
    }
  }

  async #takeUp(): Promise<void> {
    const config = readConfig(this.env);
    this.#data = await DataSets.open(openFiles(this.env), config);
    const { present } = this.#data;
    const { homes } = present.input;
    const units = countFirstUnits(config, homes);
    const database = countRowsWritten(this.ctx.storage, (rows) => {
      this.#rowsWritten += rows;
    });
    const storage = createSqliteStorage(database);
    const isNew = storage.load() === null;
    if (isNew && !(await this.#isListed())) return this.ctx.storage.deleteAll();
    // The past of units that were removed may be asked for too.
    await present.loadFor(isNew ? units : storage.highestUnitNumber());
    if (!isNew) await this.#data.loadFor(storage.readChapters().slice(-1), storage.highestUnitNumber());
    const keptLog = createKeptLog(database.sql);
    const asked = { ...config, units };
    // Before there were chapters nobody looked at the date of the data.
    const isDated = isNew || storage.readChapters().length > 0;
    const next = isDated ? dateStart(asked, this.env, present.input.manifest) : asked;
    this.#awake = this.#createAwake(next, storage, keptLog);
    const note = isNew ? noteHomesLeftOut(config, homes) : null;
    if (note !== null) this.#awake.log("WARNING", note);
    // Its beginning is written anyway.
    if (isNew) this.#awake.flushLog();
    residents.set(this.ctx.id.name ?? "", this);
    this.#alarmMs = await this.ctx.storage.getAlarm();
    this.#setAlarm(this.#awake);
  }

  /** Makes ready what the past is told from. */
  async #loadPast({ emulator }: AwakeCommunity): Promise<void> {
    const chapters = emulator.readChapters();
    if (chapters.some(({ world }) => world === null))
      await this.#data.loadFor(chapters, emulator.highestUnitNumber);
  }

  /** `config` as a run that begins now has it. */
  #createAwake(config: Config, storage: CommunityStorage, keptLog: KeptLog): AwakeCommunity {
    const keep: Log = (level, message, fields) => keptLog.add(Date.now(), level, message, fields);
    const logs = { console: [consoleLog], kept: [keep], both: [consoleLog, keep] };
    const log = createLog(leastLevel(config), logs[config.logTo]);
    const { manifest, sourceHash } = this.#data.present.input;
    const ofInput = [...warnOfInput(manifest, config.solarUnit), ...warnOfStart(config, manifest)];
    // The console of a local run was told by the start.
    const quietLog = createLog(leastLevel(config), config.logTo === "console" ? [] : [keep]);
    warnOnce(keptLog, placeOf(this.env) === "local" ? quietLog : log, ofInput);
    const { writer } = this.#above;
    const surroundings = {
      config,
      inputHash: sourceHash,
      inputName: `${manifest.solar.file}, ${manifest.demand.file}`,
      worldOf: (of: Config, hash: string | null) => this.#data.worldOf(of, hash),
      files: readUnitFiles(),
      storage,
      log,
      writer,
      ...(placeOf(this.env) === "local" && {
        clockMsAt: (wallMs: number) => localLife.clock.at(wallMs),
      }),
    };
    const emulator = new Emulator(surroundings, Date.now());
    warnOnce(keptLog, log, warnOfKeptStart(emulator.config.startTime, config.startTime));
    const outbox = createOutbox({
      community: this.ctx.id.name ?? "",
      config,
      chapters: () => emulator.readChapters(),
      storage,
      log,
      writeUnit: writer.writeUnit,
      database: this.env.RECORDS,
      templateOf: (unitNumber) => emulator.templateOf(unitNumber),
    });
    const { metricsPerUnit } = config;
    return new AwakeCommunity({ emulator, storage, keptLog, log, outbox, metricsPerUnit });
  }

  #isListed(): Promise<boolean> {
    return this.#above.directory.owns(this.ctx.id.name ?? "");
  }
}

const unknownCommunity = refuse("not_found", "There is no such community");
