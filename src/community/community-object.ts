import { DurableObject } from "cloudflare:workers";
import { createWorld } from "../config/create-world.ts";
import { readConfig } from "../config/read-config.ts";
import { communityLimits, withUsualLimits } from "../hosting/limits.ts";
import { type InputData, loadInput } from "../input/load-input.ts";
import { createConsoleLog, type Log, leastLevel } from "../log.ts";
import type { ExportRequest } from "../records/export.ts";
import { type GrowthLimits, refuseGrowth } from "./command-limits.ts";
import { type DirectoryPlace, openDirectory, UseNote } from "./directory-link.ts";
import { Emulator } from "./emulator.ts";
import { type Answer, refuse } from "./refusal.ts";
import { type CommunityRequest, isQuery } from "./request.ts";
import { createSqliteStorage } from "./sqlite-storage.ts";
import { readUnitFiles } from "./unit-files.ts";

/** What the deployment gives: files, communities, and the configuration's parameters as variables. */
export interface Env extends DirectoryPlace {
  readonly ASSETS: Fetcher;
  readonly COMMUNITY: DurableObjectNamespace<Community>;
  /** Set by the local server, where worker and objects share one isolate. */
  readonly SINGLE_PROCESS?: boolean;
  readonly [parameter: string]: unknown;
}

/**
 * Communities awake in this isolate, by their object's name. Only where all run in one process is it certain that none of
 * them is awake elsewhere.
 */
export const residents = new Map<string, Community>();

/** The Durable Object of one community: it wakes with its state and answers as of the wall clock. */
export class Community extends DurableObject<Env> {
  /** Null where the directory knows no such community (any more). */
  #emulator: Emulator | null = null;
  #input!: InputData;
  #log!: Log;
  #pendingWrites = 0;
  readonly #useNote = new UseNote();

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
    const emulator = this.#emulator;
    if (emulator === null) return null;
    const needsStorage = !isQuery(request) || request.kind === "history" || emulator.passesDayEnd(wallMs);
    return needsStorage || this.#pendingWrites > 0 ? null : emulator.answer(request, wallMs);
  }

  /** Answers one request within `limits`; what it changed is durable before the answer leaves. */
  async answer(request: CommunityRequest, limits: GrowthLimits = withUsualLimits({})): Promise<Answer> {
    const emulator = await this.#awaken();
    if (emulator === null) return refuse("not_found", "There is no such community");
    this.#log("DEBUG", "Request", { request });
    // Others are answered while homes load, and may leave more units than there were.
    while (this.#missingHomes(emulator.unitCountAfter(request)).length > 0)
      await this.#loadHomes(emulator.unitCountAfter(request));
    const { databaseSize } = this.ctx.storage.sql;
    const refusal = refuseGrowth(request, emulator.unitCountAfter(request), databaseSize, limits);
    if (refusal !== null) return { ok: false, refusal };
    try {
      const answer = emulator.answer(request, Date.now(), limits.historyDays);
      this.#awaitDurable();
      if (!isQuery(request) && answer.ok) this.#follow();
      return answer;
    } catch (error) {
      this.#log("ERROR", "A request failed", { request, error: String(error) });
      this.ctx.abort("Memory may differ from storage: begin again from storage");
      return refuse("internal", "The emulator failed; its log says why");
    }
  }

  /** Streams what is recorded; each piece is made only when the reader has room for it. */
  async export(request: ExportRequest): Promise<ReadableStream<Uint8Array>> {
    const emulator = await this.#awaken();
    if (emulator === null) throw new Error("There is no such community");
    const pieces = emulator.writeExport(request, Date.now());
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

  /** Accepts a screen's WebSocket, up to `?sockets=` of them; it may stay open while this object sleeps. */
  override fetch(request: Request): Response {
    const most = Number(new URL(request.url).searchParams.get("sockets") ?? communityLimits.sockets.usual);
    if (this.ctx.getWebSockets().length >= most) return new Response(null, { status: 409 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Any message of a screen asks for the present state. */
  override webSocketMessage(screen: WebSocket): void {
    this.#tellScreens([screen]);
  }

  /** Sends all screens away: those that still may come in come again by themselves. */
  closeScreens(): void {
    for (const screen of this.ctx.getWebSockets()) screen.close(1008, "Who may look has changed");
  }

  /** Forgets everything that is stored, after the directory has struck the community out. */
  async wipe(): Promise<void> {
    this.#emulator = null;
    residents.delete(this.ctx.id.name ?? "");
    this.closeScreens();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** After a command: tells the screens, and now and then the directory. */
  #follow(): void {
    this.#tellScreens(this.ctx.getWebSockets());
    const { databaseSize } = this.ctx.storage.sql;
    const noted = this.#useNote.send(this.env, this.ctx.id.name ?? "", Date.now(), databaseSize);
    this.ctx.waitUntil(
      noted.catch((error) => this.#log("WARNING", "The directory was not told", { error: String(error) })),
    );
  }

  #tellScreens(screens: readonly WebSocket[]): void {
    if (screens.length === 0) return;
    const answer = this.#emulator?.answer({ kind: "state" }, Date.now());
    if (!answer?.ok) return;
    for (const screen of screens) {
      if (screen.readyState === WebSocket.OPEN) screen.send(answer.json);
    }
  }

  #awaitDurable(): void {
    this.#pendingWrites++;
    this.ctx.storage.sync().finally(() => this.#pendingWrites--);
  }

  async #awaken(): Promise<Emulator | null> {
    if (this.#emulator === null) await this.ctx.blockConcurrencyWhile(() => this.#wake());
    return this.#emulator;
  }

  /** Takes up what is stored, or begins if the directory knows this community. */
  async #wake(): Promise<void> {
    if (this.#emulator !== null) return;
    const config = readConfig(this.env);
    this.#log = createConsoleLog(leastLevel(config));
    const interval = Number(config.demandIntervalMinutes) as 30 | 60;
    this.#input = await loadInput((name) => this.#readInput(name), [], interval);
    const units = config.units === 0 ? this.#input.homes : config.units;
    const storage = createSqliteStorage(this.ctx.storage);
    const isNew = storage.load() === null;
    if (isNew && !(await this.#isListed())) return this.ctx.storage.deleteAll();
    // The past of units that were removed may be asked for too.
    await this.#loadHomes(isNew ? units : storage.highestUnitNumber());
    const world = createWorld(config, this.#input);
    const surroundings = {
      config: { ...config, units },
      world,
      files: readUnitFiles(),
      storage,
      log: this.#log,
    };
    this.#emulator = new Emulator(surroundings, Date.now());
    residents.set(this.ctx.id.name ?? "", this);
  }

  #isListed(): Promise<boolean> {
    return openDirectory(this.env).owns(this.ctx.id.name ?? "");
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
