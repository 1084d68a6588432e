import { DurableObject } from "cloudflare:workers";
import { createWorld } from "../config/create-world.ts";
import type { Config } from "../config/entries.ts";
import { readConfig } from "../config/read-config.ts";
import { type InputData, loadInput } from "../input/load-input.ts";
import { createKeptLog, type KeptLog } from "../log/kept-log.ts";
import { consoleLog, createLog, type Log, leastLevel } from "../log/log.ts";
import { describeCommunityMetrics } from "../metrics/community-metrics.ts";
import { writePrometheusText } from "../metrics/prometheus-text.ts";
import { RequestCounts } from "../metrics/request-counts.ts";
import type { ExportRequest } from "../records/export.ts";
import { createOutbox } from "../sinks/create-outbox.ts";
import type { Outbox, Pace } from "../sinks/outbox.ts";
import { answerWith } from "./answers.ts";
import { Emulator } from "./emulator.ts";
import { type Answer, type Refusal, refuse } from "./refusal.ts";
import {
  type CommandOrigin,
  type CommunityRequest,
  type EmulatorRequest,
  type Inspection,
  isInspection,
  isQuery,
  readsRecords,
} from "./request.ts";
import { createSqliteStorage } from "./sqlite-storage.ts";
import type { CommunityStorage } from "./storage.ts";
import { readUnitFiles } from "./unit-files.ts";

/** What the deployment gives: files, communities, and the configuration's parameters as variables. */
export interface Env {
  readonly ASSETS: Fetcher;
  readonly COMMUNITY: DurableObjectNamespace<Community>;
  /** The database of all communities, where one is bound. */
  readonly RECORDS?: D1Database;
  /** Set by the local server, where worker and objects share one isolate. */
  readonly SINGLE_PROCESS?: boolean;
  readonly [parameter: string]: unknown;
}

/**
 * Communities awake in this isolate, by name. Only where all run in one process is it certain that none of
 * them is awake elsewhere.
 */
export const residents = new Map<string, Community>();

/** The Durable Object of one community: it wakes with its state and answers as of the wall clock. */
export class Community extends DurableObject<Env> {
  #emulator!: Emulator;
  #input!: InputData;
  #log!: Log;
  #keptLog!: KeptLog;
  #storage!: CommunityStorage;
  #metricsPerUnit = true;
  readonly #counts = new RequestCounts();
  #advanceS = 0;
  #pendingWrites = 0;
  #outbox: Outbox | null = null;
  #alarmMs: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(() => this.#wake());
  }

  /**
   * Answers a query without the way through the runtime, or null where that might show what is not yet
   * durable. For the local server, whose worker and objects share one isolate.
   */
  answerAtOnce(request: CommunityRequest): Answer | null {
    const wallMs = Date.now();
    if (!isQuery(request) || readsRecords(request)) return null;
    if (this.#pendingWrites > 0 || this.#emulator.passesDayEnd(wallMs)) return null;
    const answer = this.#emulator.answer(request, wallMs);
    this.#counts.add(request.kind, answer, 0);
    return answer;
  }

  /** Notes a request that was refused before it came here. */
  noteRefusal(refusal: Refusal, fields: Readonly<Record<string, unknown>>): void {
    this.#counts.addRefusal(refusal.code);
    this.#log("WARNING", refusal.message, { ...refusal, ...fields });
  }

  /** Answers one request; what it changed is durable before the answer leaves. */
  async answer(request: CommunityRequest, origin: CommandOrigin): Promise<Answer> {
    const beginMs = performance.now();
    this.#log("DEBUG", "Request", { request });
    const answer = isInspection(request) ? this.#inspect(request) : await this.#answer(request, origin);
    this.#counts.add(request.kind, answer, (performance.now() - beginMs) / 1000);
    return answer;
  }

  async #answer(request: EmulatorRequest, origin: CommandOrigin): Promise<Answer> {
    // Others are answered while homes load, and may leave more units than there were.
    while (this.#missingHomes(this.#emulator.unitCountAfter(request)).length > 0)
      await this.#loadHomes(this.#emulator.unitCountAfter(request));
    try {
      this.#advance();
      const answer = this.#emulator.answer(request, Date.now(), origin);
      this.#awaitDurable();
      if (isQuery(request)) return answer;
      if (answer.ok) this.#tellScreens(this.ctx.getWebSockets());
      this.#keptLog.flush(Date.now());
      this.#setAlarm();
      return answer;
    } catch (error) {
      this.#log("ERROR", "A request failed", { request, error: String(error) });
      this.ctx.abort("Memory may differ from storage: begin again from storage");
      return refuse("internal", "The emulator failed; its log says why");
    }
  }

  /** Passes simulated time up to now. */
  #advance(): Pace {
    const beginMs = performance.now();
    const pace = this.#emulator.keepPace(Date.now());
    this.#advanceS += (performance.now() - beginMs) / 1000;
    return pace;
  }

  #inspect(request: Inspection): Answer {
    if (request.kind === "messages") return answerWith(this.#keptLog.read(request.least, request.sinceMs));
    const lagS = this.#emulator.lagS(Date.now());
    const { nowS, accelerationFactor } = this.#advance();
    const status = {
      simulatedTimeS: nowS,
      lagS,
      accelerationFactor,
      advanceS: this.#advanceS,
      advancedSegments: this.#emulator.advancedSegments,
      storageBytes: this.ctx.storage.sql.databaseSize,
      screens: this.ctx.getWebSockets().length,
      readings: this.#emulator.readUnitsAt(nowS),
      progress: this.#storage.readProgress(),
    };
    const metrics = [...this.#counts.describe(), ...describeCommunityMetrics(status, this.#metricsPerUnit)];
    return { ok: true, json: writePrometheusText(metrics), contentType: "text/plain; version=0.0.4" };
  }

  /** Tells the database what is due. */
  override async alarm(): Promise<void> {
    this.#alarmMs = null;
    await this.#outbox?.deliver(this.#advance().nowS, Date.now);
    this.#keptLog.flush(Date.now());
    this.#setAlarm();
  }

  /** Sets the alarm for what will be due, or none. */
  #setAlarm(): void {
    const nowMs = Date.now();
    const dueMs = this.#outbox?.dueMs(this.#emulator.keepPace(nowMs), nowMs) ?? null;
    if (dueMs === this.#alarmMs) return;
    this.#alarmMs = dueMs;
    if (dueMs === null) this.ctx.storage.deleteAlarm();
    else this.ctx.storage.setAlarm(dueMs);
  }

  /** Streams what is recorded; each piece is made only when the reader has room for it. */
  export(request: ExportRequest): ReadableStream<Uint8Array> {
    const pieces = this.#emulator.writeExport(request, Date.now());
    const encoder = new TextEncoder();
    return new ReadableStream({
      type: "bytes",
      pull(controller: ReadableByteStreamController) {
        const { done, value } = pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
    });
  }

  /** Accepts a screen's WebSocket; it may stay open while this object sleeps. */
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Any message of a screen asks for the present state. */
  override webSocketMessage(screen: WebSocket): void {
    this.#tellScreens([screen]);
  }

  #tellScreens(screens: readonly WebSocket[]): void {
    if (screens.length === 0) return;
    const answer = this.#emulator.answer({ kind: "state" }, Date.now());
    if (!answer.ok) return;
    for (const screen of screens) {
      if (screen.readyState === WebSocket.OPEN) screen.send(answer.json);
    }
  }

  #awaitDurable(): void {
    this.#pendingWrites++;
    this.ctx.storage.sync().finally(() => this.#pendingWrites--);
  }

  async #wake(): Promise<void> {
    const config = readConfig(this.env);
    this.#keptLog = createKeptLog(this.ctx.storage.sql);
    this.#log = this.#createLog(config);
    this.#metricsPerUnit = config.metricsPerUnit;
    const interval = Number(config.demandIntervalMinutes) as 30 | 60;
    this.#input = await loadInput((name) => this.#readInput(name), [], interval);
    const units = config.units === 0 ? this.#input.homes : config.units;
    const storage = createSqliteStorage(this.ctx.storage);
    this.#storage = storage;
    const isNew = storage.load() === null;
    // The past of units that were removed may be asked for too.
    await this.#loadHomes(isNew ? units : storage.highestUnitNumber());
    const world = createWorld(config, this.#input);
    const surroundings = {
      config: { ...config, units },
      world,
      files: readUnitFiles(),
      storage,
      log: this.#log,
      inputHash: this.#input.sourceHash,
    };
    this.#emulator = new Emulator(surroundings, Date.now());
    residents.set(this.ctx.id.name ?? "", this);
    this.#outbox = createOutbox({
      ...surroundings,
      community: this.ctx.id.name ?? "",
      database: this.env.RECORDS,
      templateOf: (unitNumber) => this.#emulator.templateOf(unitNumber),
    });
    this.#alarmMs = await this.ctx.storage.getAlarm();
    this.#setAlarm();
  }

  #createLog(config: Config): Log {
    const keep: Log = (level, message, fields) => this.#keptLog.add(Date.now(), level, message, fields);
    const logs = { console: [consoleLog], kept: [keep], both: [consoleLog, keep] };
    return createLog(leastLevel(config), logs[config.logTo as keyof typeof logs]);
  }

  async #readInput(name: string): Promise<ArrayBuffer> {
    const response = await this.env.ASSETS.fetch(`http://assets/input/${name}`);
    if (!response.ok) throw new Error(`Input file ${name} cannot be read: status ${response.status}`);
    return response.arrayBuffer();
  }

  async #loadHomes(unitCount: number): Promise<void> {
    const missing = this.#missingHomes(unitCount);
    if (missing.length > 0) await this.#input.loadHomes(missing);
  }

  #missingHomes(unitCount: number): number[] {
    const { homes } = this.#input;
    const needed = Array.from({ length: Math.min(unitCount, homes) }, (_, index) => index);
    return needed.filter((home) => !this.#input.hasHome(home));
  }
}
