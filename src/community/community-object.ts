import { DurableObject } from "cloudflare:workers";
import { communityLimits, withDefaultLimits } from "../input/config/limits.ts";
import { placeOf } from "../input/config/place.ts";
import { readConfig } from "../input/config/read-config.ts";
import { type InParts, inRests } from "../notation/in-parts.ts";
import { chooseProtocol, received } from "../notation/live.ts";
import { type Answer, type Refusal, type Refused, refuse } from "../notation/refusal.ts";
import { UseNote } from "./directory-link.ts";
import { DueAlarm } from "./due-alarm.ts";
import type { Env } from "./env.ts";
import type { Glance } from "./glance.ts";
import { whenBegun } from "./local-life.ts";
import { OpenCopies } from "./open-copies.ts";
import type { ExportRequest } from "./records/export.ts";
import { Screens, unknownVisitor } from "./screens.ts";
import { Sessions } from "./sessions.ts";
import { type Pacer, Slices } from "./state/catch-up.ts";
import { type GrowthLimits, refuseGrowth } from "./state/command-limits.ts";
import {
  type CommandOrigin,
  type CommunityRequest,
  describeKind,
  type EmulatorRequest,
  isHousekeeping,
  isInspection,
  isQuery,
  type LongQuery,
  needsPresent,
  outlineRequest,
  readsRecords,
  takesLong,
  tellOf,
  unknownOrigin,
} from "./state/request.ts";
import { beginFrom, refuseMissing, refuseRestore } from "./state/snapshots.ts";
import { Turns } from "./state/turns.ts";
import { BackupReader, insertRows, openBackup, openRows, takeRows } from "./storage/backup.ts";
import { BackupError } from "./storage/backup-lines.ts";
import { type DataLimits, type DataOffer, dropData, keepData } from "./storage/keep-data.ts";
import { readFrames, type TableRows } from "./storage/row-frames.ts";
import { compress, cutText, readLines, streamBytes, streamText } from "./storage/text-streams.ts";
import { StorageMeter } from "./storage-meter.ts";

import { type Above, type Awake, loadPast, wake } from "./wake.ts";
import type { StorageUse } from "./watching/community-metrics.ts";
import { countRowsWritten } from "./watching/counted-database.ts";
import { inspect } from "./watching/inspect.ts";
import { consoleLog, type LogLevel } from "./watching/log.ts";
import type { RequestCounts } from "./watching/request-counts.ts";
import { Thinner } from "./watching/thinner.ts";

/** On Cloudflare the clock stands still while code runs: it goes on at a wait. */
const pacer: Pacer = { nowMs: () => performance.now(), rest: () => scheduler.wait(1) };

/** Longest text that a call gives back as a whole: the platform's limit is twice that, of bytes. */
const longestGivenBack = 16_000_000;

/** Of WebSockets that are sessions and no screens. */
const sessionTag = "session";

const unknownCommunity = refuse("not_found", "There is no such community");

/**
 * Communities awake in this isolate, by their object's name. Only where all run in one process is it certain that none of
 * them is awake elsewhere.
 */
export const residents = new Map<string, CommunityObject>();

/** The Durable Object of one community: it wakes with its state and answers as of the wall clock. */
export class CommunityObject extends DurableObject<Env> {
  /** Null where the directory knows no such community (any more), or what is stored of it cannot be taken up. */
  #awake: Awake | null = null;
  /** Why there is none. */
  #absence: Refused = unknownCommunity;
  readonly #copies = new OpenCopies();
  #keepingData: Promise<unknown> = Promise.resolve();
  #pendingWrites = 0;
  #rowsWritten = 0;
  readonly #meter = new StorageMeter(() => this.ctx.storage.sql.databaseSize);
  readonly #alarm: DueAlarm;
  readonly #refusals = new Thinner();
  /** Whether somebody waits for time that is still to be computed: the alarm carries it on. */
  #carriesOn = false;
  readonly #slices = new Slices(pacer);
  /** Finished days that are kept, once somebody has said it. */
  #historyDays: number | null = null;
  /** Wall time at which somebody last asked for something. */
  #seenMs: number | null = null;
  readonly #turns = new Turns({ nowMs: pacer.nowMs, wait: (ms) => scheduler.wait(ms) });
  readonly #useNote = new UseNote();
  readonly #above: Above;
  readonly #sessions = new Sessions({
    read: (given) => this.#above.readMessage(given),
    count: (visitor) => this.#above.countMessage(visitor),
    take: (request, origin, limits) => this.#take(request, origin, limits),
    keep: () => this.#keepWaiting() ?? this.#noteKept(),
    after: (ms, act) => setTimeout(act, ms),
  });
  readonly #screens = new Screens({
    sockets: () => this.ctx.getWebSockets().filter((socket) => !this.#isSession(socket)),
    readState: (inColumns) => this.#readState(inColumns),
    pack: compress,
    nowMs: Date.now,
    after: (ms, act) => setTimeout(act, ms),
  });

  constructor(ctx: DurableObjectState, env: Env, above: Above) {
    super(ctx, env);
    this.#above = above;
    this.#alarm = new DueAlarm(ctx.storage);
    ctx.blockConcurrencyWhile(() => this.#wake());
  }

  /**
   * Answers a query without the way through the runtime, or null where that might show what is not yet
   * durable. For the local server, whose worker and objects share one isolate.
   */
  answerAtOnce(request: CommunityRequest): Answer | null {
    const awake = this.#awake;
    if (
      awake === null ||
      awake.emulator.hasWaiting ||
      // The storage is looked into only from here.
      awake.data.readsStorage(awake.emulator.chapter) ||
      awake.emulator.mustHoldMeters ||
      this.#pendingWrites > 0 ||
      !isQuery(request) ||
      readsRecords(request)
    )
      return null;
    const { emulator, counts, log } = awake;
    if (takesLong(request, emulator.unitCountAfter(request))) return null;
    if (needsPresent(request) && emulator.isBehind(Date.now())) return null;
    const beginMs = performance.now();
    this.#seenMs = Date.now();
    log("DEBUG", "Request", { request: outlineRequest(request) });
    const answer = counts.timeAnswer(() => emulator.answer(request, Date.now()));
    counts.add(describeKind(request), answer, (performance.now() - beginMs) / 1000);
    return answer;
  }

  /** One look at it, for whoever hosts it; changes nothing. */
  async glance(): Promise<Glance | Refused> {
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    this.#keepWaiting();
    const { emulator } = awake;
    const answer = emulator.answer(tellOf("/time"), Date.now());
    if (!answer.ok) return answer;
    const { time, held, acceleration, ended } = JSON.parse(answer.json) as Glance;
    const { unitCount: units } = emulator;
    const screens = this.ctx.getWebSockets().length;
    return { units, time, held, acceleration, ended, screens, lastSeenMs: this.#seenMs };
  }

  /** Keeps a line that concerns all communities in the log of this one. */
  keepLine(level: LogLevel, message: string): void {
    this.#awake?.keptLog.add(Date.now(), level, message);
  }

  /** Notes a request that was refused before it came here; of what repeats, the log tells the first few. */
  async noteRefusal(refusal: Refusal, fields: Readonly<Record<string, unknown>>): Promise<void> {
    const awake = await this.#awaken();
    awake?.counts.addRefusal(refusal.code);
    const kind = [refusal.code, refusal.parameter, String(fields.url).split("?")[0]].join(" ");
    const admitted = this.#refusals.admit(kind, Date.now());
    if (admitted !== null) awake?.log("WARNING", refusal.message, { ...refusal, ...fields, ...admitted });
  }

  /** Answers one request within `limits`; what it changed is durable before the answer leaves. */
  answer(
    request: CommunityRequest,
    origin: CommandOrigin = unknownOrigin,
    limits: GrowthLimits = withDefaultLimits({}),
  ): Promise<Answer> {
    this.#seenMs = Date.now();
    return this.obey(request, origin, limits);
  }

  /** The same of whoever hosts it, who is no visitor. */
  async obey(request: CommunityRequest, origin: CommandOrigin, limits: GrowthLimits): Promise<Answer> {
    const beginMs = performance.now();
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    this.#keepWaiting();
    awake.log("DEBUG", "Request", { request: outlineRequest(request) });
    const answer = isInspection(request)
      ? await inRests(inspect(request, awake, this.#describeUse(), Date.now()), pacer.rest)
      : isHousekeeping(request)
        ? this.#deleteData(awake, request.id)
        : await this.#answer(request, origin, limits);
    awake.counts.add(describeKind(request), answer, (performance.now() - beginMs) / 1000);
    return answer;
  }

  /** Keeps data aside whose rows come in a stream; of the community nothing changes. */
  async keepData(
    offer: DataOffer,
    rows: ReadableStream<Uint8Array>,
    limits: DataLimits & Pick<GrowthLimits, "storageBytes">,
  ): Promise<Answer> {
    // One after the other, since what is broken off is found by having no end.
    const before = this.#keepingData;
    const kept = (async () => {
      await before;
      if ((await this.#awaken()) === null) return this.#absence;
      return keepData(this.ctx.storage, offer, readFrames(rows), limits, Date.now());
    })();
    this.#keepingData = kept.catch(() => {});
    const answer = await kept;
    // Rows of data are not counted.
    this.#meter.forget();
    this.#awaitDurable();
    return answer;
  }

  #deleteData({ storage }: Awake, id: string): Answer {
    if (this.#copies.isAnyOpen)
      return refuse("conflict", "A backup or a branch is being read; delete data when it is there");
    const answer = dropData(this.ctx.storage, id, storage);
    if (!answer.ok) return answer;
    this.#awaitDurable();
    return (this.#awake as Awake).emulator.answer(tellOf("/data"), Date.now());
  }

  /** Answers what a JSON body asks for at this path; what is longer than a call can give back is streamed, once all is done. */
  async answerBody(
    path: string,
    body: string,
    origin: CommandOrigin,
    limits: GrowthLimits,
  ): Promise<Answer | ReadableStream<Uint8Array>> {
    const read = await this.#above.readBody(path, body);
    if (!read.ok) return read;
    const answer = await this.answer(read.value, origin, limits);
    if (!answer.ok || answer.json.length <= longestGivenBack) return answer;
    await this.ctx.storage.sync();
    return streamText(cutText(answer.json), pacer.rest);
  }

  #describeUse(): StorageUse {
    return {
      storageBytes: this.ctx.storage.sql.databaseSize,
      rowsWritten: this.#rowsWritten,
      screens: this.ctx.getWebSockets().length,
    };
  }

  /** Answers a session, of which what it changes is kept later. */
  async #take(request: EmulatorRequest, origin: CommandOrigin, limits: GrowthLimits): Promise<Answer> {
    const beginMs = performance.now();
    const answer = await this.#answer(request, origin, limits, true);
    this.#awake?.counts.add(describeKind(request), answer, (performance.now() - beginMs) / 1000);
    return answer;
  }

  /** Keeps what sessions have done; settles once it is durable. Null where nothing waits. */
  #keepWaiting(): Promise<void> | null {
    const awake = this.#awake;
    if (awake?.emulator.hasWaiting !== true) return null;
    const settle = this.#sessions.beginKeeping();
    try {
      awake.emulator.keepWaiting();
    } catch (error) {
      awake.log("ERROR", "What a session did could not be kept", { error: String(error) });
      this.#giveUp();
      return null;
    }
    this.#awaitDurable();
    this.#follow(awake);
    awake.keptLog.flush(Date.now());
    this.#setAlarm(awake);
    return this.ctx.storage.sync().then(settle, () => {});
  }

  /** Nothing waits, since another request has kept it. */
  #noteKept(): Promise<void> {
    const settle = this.#sessions.beginKeeping();
    return this.ctx.storage.sync().then(settle, () => {});
  }

  #isSession(socket: WebSocket): boolean {
    return this.ctx.getTags(socket).includes(sessionTag);
  }

  #giveUp(): void {
    this.#forget();
    this.ctx.abort("Memory may differ from storage: begin again from storage");
  }

  async #answer(
    request: EmulatorRequest,
    origin: CommandOrigin,
    limits: GrowthLimits,
    waits = false,
  ): Promise<Answer> {
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    const { emulator, counts } = awake;
    this.#historyDays = limits.historyDays;
    // Others are answered while homes load, and may leave more units than there were.
    const homes = awake.data.present;
    const needed = () => emulator.dataHomesAfter(request, homes.input.homes);
    while (!homes.areLoadedFor(needed())) await homes.loadFor(needed());
    if (isQuery(request) ? readsRecords(request) : request.kind === "restoreSnapshot") await loadPast(awake);
    try {
      const late = needsPresent(request)
        ? await this.#catchUp(!waits && (!isQuery(request) || readsRecords(request)))
        : null;
      if (late !== null) return late;
      // Meanwhile others had their turn, and may have left another community, or more units.
      if (this.#awake !== awake || !homes.areLoadedFor(needed()))
        return this.#answer(request, origin, limits, waits);
      const { copiedBytes } = awake;
      const storedBytes = isQuery(request)
        ? 0
        : this.#meter.measure(limits.storageBytes + copiedBytes) - copiedBytes;
      const refusal = refuseGrowth(request, emulator.unitCountAfter(request), storedBytes, limits);
      if (refusal !== null) return { ok: false, refusal };
      if (waits && request.kind !== "rollout")
        return counts.timeAnswer(() =>
          emulator.answerAndWait(request, Date.now(), origin, limits.historyDays),
        );
      const answer = takesLong(request, emulator.unitCountAfter(request))
        ? await this.#answerInTurn(awake, request, limits.historyDays)
        : counts.timeAnswer(() => emulator.answer(request, Date.now(), origin, limits.historyDays));
      if (answer === null) return this.#answer(request, origin, limits);
      this.#awaitDurable();
      if (isQuery(request)) return answer;
      if (emulator.isStale) return this.#goOnFromSnapshot(awake);
      if (answer.ok) this.#follow(awake);
      awake.keptLog.flush(Date.now());
      this.#setAlarm(awake);
      if (request.kind === "save") await this.#writeSaveFile(awake, answer);
      return answer;
    } catch (error) {
      awake.log("ERROR", "A request failed", { request: outlineRequest(request), error: String(error) });
      this.#giveUp();
      return refuse("internal", "The emulator failed; its log says why");
    }
  }

  /** Takes up the snapshot that the storage has gone back to, and tells of its time. */
  async #goOnFromSnapshot(before: Awake): Promise<Answer> {
    before.keptLog.flush(Date.now());
    this.#forget();
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    this.#follow(awake);
    return awake.emulator.answer(tellOf("/time"), Date.now());
  }

  /** Null where there is another community meanwhile. */
  #answerInTurn(awake: Awake, query: LongQuery, historyDays: number): Promise<Answer | null> {
    const { emulator, counts } = awake;
    const isSame = () => this.#awake === awake;
    return this.#turns.compute(async () => {
      const late = isSame() ? await this.#catchUp(readsRecords(query)) : null;
      if (late !== null || !isSame()) return known(late);
      this.#keepWaiting();
      return timed(emulator.answerInParts(query, Date.now(), historyDays), counts);
    });
  }

  /** A file that cannot be written fails no command: what was saved is kept. */
  async #writeSaveFile(awake: Awake, answer: Answer): Promise<void> {
    try {
      await this.#above.saveFile?.write(answer);
    } catch (error) {
      awake.log("WARNING", "jsontmp/lastSave.json was not written", { error: String(error) });
      awake.keptLog.flush(Date.now());
    }
  }

  /**
   * Carries the community to the present, with the records of its days if `withRecords`, or as far as one request may; then the
   * alarm goes on. Returns null if it has come there.
   */
  async #catchUp(withRecords: boolean): Promise<Refused | null> {
    const isBehind = this.#awake?.emulator.isBehind(Date.now(), true) === true;
    if (isBehind) this.#historyDays ??= await this.#findHistoryDays();
    const isThere = await this.#slices.work(() => {
      // What was there when this began may have been replaced.
      if (this.#awake === null) return true;
      const { emulator, counts, keptLog } = this.#awake;
      const historyDays = this.#historyDays ?? undefined;
      const isThere = counts.timeAnswer(() => emulator.carryOn(Date.now(), withRecords, historyDays));
      if (!isThere) keptLog.flush(Date.now());
      return isThere;
    });
    const awake = this.#awake;
    if (awake === null) return null;
    const late = isThere ? null : awake.emulator.refuseAsBehind(Date.now());
    if (late !== null && !this.#carriesOn) awake.log("INFO", late.refusal.message);
    if (late !== null) this.#carriesOn = true;
    if (this.#carriesOn) this.#setAlarm(awake);
    return late;
  }

  async #findHistoryDays(): Promise<number> {
    try {
      return await this.#above.directory.historyDaysOf(this.ctx.id.name ?? "");
    } catch {
      return communityLimits.historyDays.most;
    }
  }

  /** Goes on catching up, and tells the database what is due. */
  override async alarm(): Promise<void> {
    this.#alarm.ring();
    if ((await this.#awaken()) === null) return;
    this.#keepWaiting();
    if ((await this.#catchUp(true)) !== null) return;
    const awake = await this.#awaken();
    if (awake === null) return;
    await loadPast(awake);
    const { emulator, outbox } = awake;
    const { nowS } = emulator.paceAt(Date.now());
    await outbox?.deliver(emulator.recordUntil(nowS), Date.now);
    awake.keptLog.flush(Date.now());
    this.#setAlarm(awake);
  }

  /** Sets the alarm for what will be due, or none. */
  #setAlarm({ emulator, outbox }: Awake): void {
    const nowMs = Date.now();
    this.#carriesOn &&= emulator.isBehind(nowMs, true);
    if (this.#carriesOn && this.#alarm.isSetBy(nowMs)) return;
    const dueMs = this.#carriesOn ? nowMs : outbox?.dueMs(emulator.paceAt(nowMs), nowMs);
    this.#alarm.set(dueMs ?? null);
  }

  /** Streams what is recorded; each piece is made only when the reader has room for it. */
  async export(request: ExportRequest): Promise<ReadableStream<Uint8Array> | Refused> {
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    this.#keepWaiting();
    await loadPast(awake);
    const late = await this.#catchUp(true);
    if (late !== null) return late;
    if (this.#awake !== awake) return this.export(request);
    const { emulator } = awake;
    const { run } = emulator;
    const isValid = () => this.#awake === awake && emulator.run === run;
    return streamText(emulator.writeExport(request, Date.now()), pacer.rest, isValid);
  }

  /** The whole community as lines of JSON, as it is now. */
  async backup(): Promise<ReadableStream<Uint8Array>> {
    await this.#awaken();
    this.#keepWaiting();
    return streamText(this.#copies.add(openBackup(this.ctx.storage)), pacer.rest);
  }

  /** The rows of the whole community for a branch of it, as it is now. */
  async rows(): Promise<ReadableStream<Uint8Array>> {
    await this.#awaken();
    this.#keepWaiting();
    return streamBytes(this.#copies.add(openRows(this.ctx.storage)), (frame) => frame, pacer.rest);
  }

  /** What is about to be deleted is read first by the answers and backups that are under way. */
  #readBackups(): void {
    this.#turns.finish();
    this.#copies.readRest();
  }

  /** Replaces the whole community by that of a backup of at most `mostBytes`, or refuses and changes nothing. */
  async restore(backup: ReadableStream<Uint8Array>, mostBytes: number, mostUnits: number): Promise<Answer> {
    // One that cannot be taken up can be replaced.
    if ((await this.#awaken()) === null && this.#absence === unknownCommunity) return unknownCommunity;
    await this.#keepingData;
    const { maximumUnits } = readConfig(this.env);
    let reader: BackupReader | null = null;
    let warning: string | null;
    try {
      reader = new BackupReader(this.ctx.storage, Math.min(mostUnits, maximumUnits));
      // Whoever sends it listens only when all is sent.
      let fault: BackupError | null = null;
      try {
        for await (const line of readLines(backup)) {
          if (reader.heldLength + line.length > mostBytes)
            return refuse("too_large", `The backup is longer than ${mostBytes} bytes, without its data`);
          if (fault === null) fault = reader.tryToTake(line);
        }
      } catch {
        if (fault === null) return refuse("invalid_parameter", "The backup cannot be read to its end");
      }
      if (fault !== null) throw fault;
      this.#keepWaiting();
      this.#readBackups();
      this.#copies.breakOff();
      warning = reader.finish();
      // From here on memory is of what is no more, whatever fails.
      this.#awake = null;
    } catch (error) {
      if (error instanceof BackupError) return refuse("invalid_parameter", error.message);
      throw error;
    } finally {
      reader?.close();
    }
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    const progress = awake.storage.readProgress();
    if (progress !== null) awake.storage.keepProgress({ ...progress, goneBack: true });
    this.#setAlarm(awake);
    if (warning !== null) awake.log("WARNING", warning);
    return { ok: true, json: JSON.stringify(warning === null ? {} : { warning }) };
  }

  /**
   * Makes this community, which is new, a branch of the one whose rows these are, from its present on or from a snapshot
   * of it.
   */
  async beginBranch(
    rows: ReadableStream<Uint8Array>,
    { community, snapshot }: { readonly community: string; readonly snapshot: string | undefined },
    mostUnits: number,
  ): Promise<Answer> {
    if ((await this.#awaken()) === null) return this.#absence;
    const frames: TableRows[] = [];
    // Nobody sees rows of data before the heads are there.
    for await (const frame of readFrames(rows))
      if (frame.table === "data_week") insertRows(this.ctx.storage.sql, frame);
      else frames.push(frame);
    this.#keepWaiting();
    const most = Math.min(mostUnits, readConfig(this.env).maximumUnits);
    const tooMany = takeRows(this.ctx.storage, frames, most);
    if (tooMany !== null)
      return refuse("conflict", `There would be ${tooMany} units; allowed: ${most} units (units)`);
    this.#forget();
    if ((await this.#awaken()) === null) return this.#absence;
    const gone = snapshot === undefined ? null : await this.#branchFrom(snapshot, most);
    if (gone?.ok === false) return gone;
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    awake.emulator.noteBranch(community, Date.now());
    awake.keptLog.flush(Date.now());
    this.#awaitDurable();
    return { ok: true, json: "{}" };
  }

  /** Goes back to a snapshot or, where what led to it is gone, begins with it. */
  async #branchFrom(name: string, mostUnits: number): Promise<Answer> {
    const awake = await this.#awaken();
    if (awake === null) return this.#absence;
    const { storage, emulator } = awake;
    const content = storage.readSnapshot(name);
    if (content === null) return refuseMissing(name, storage) as Refused;
    if (refuseRestore(content.head, { storage, chapters: emulator.readChapters() }) === null)
      return this.answer({ kind: "restoreSnapshot", name }, unknownOrigin);
    if (content.units.length > mostUnits)
      return refuse(
        "conflict",
        `There would be ${content.units.length} units; allowed: ${mostUnits} units (units)`,
      );
    storage.save(beginFrom(content, Date.now()));
    this.#forget();
    return (await this.#awaken()) === null ? this.#absence : { ok: true, json: "{}" };
  }

  /** Takes the community back to what was stored at wall time `toMs`, where the platform keeps that. */
  async rewind(toMs: number): Promise<Answer> {
    this.#keepWaiting();
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

  /**
   * Accepts a screen's WebSocket, up to `?sockets=` of them, with the visitor as JSON in a header, or a session's, with all
   * that it is opened with; it may stay open while this object sleeps.
   */
  override fetch(request: Request): Response {
    const most = Number(new URL(request.url).searchParams.get("sockets") ?? communityLimits.sockets.default);
    if (this.ctx.getWebSockets().length >= most) return new Response(null, { status: 409 });
    const { 0: client, 1: server } = new WebSocketPair();
    const opening = request.headers.get("session");
    if (opening !== null) {
      this.ctx.acceptWebSocket(server, [sessionTag]);
      this.#sessions.begin(server, JSON.parse(opening));
      return new Response(null, { status: 101, webSocket: client });
    }
    this.ctx.acceptWebSocket(server);
    const visitor = request.headers.get("visitor");
    const protocol = chooseProtocol(request.headers.get("sec-websocket-protocol"));
    this.#screens.begin(server, visitor === null ? unknownVisitor : JSON.parse(visitor), protocol);
    const headers = new Headers(protocol === null ? {} : { "sec-websocket-protocol": protocol });
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** A screen's message counts as a request of who opened it. */
  override async webSocketMessage(screen: WebSocket, message: unknown): Promise<void> {
    this.#seenMs = Date.now();
    if ((await this.#awaken()) === null) return;
    if (this.#isSession(screen)) return this.#sessions.hear(screen, message);
    this.#keepWaiting();
    const refusal = await this.#above.countMessage(this.#screens.visitorOf(screen));
    if (refusal !== null) {
      this.#awake?.counts.addRefusal(refusal.code);
      return screen.close(1008, refusal.message);
    }
    if (message !== received) await this.#catchUp(false);
    this.#screens.hear(screen, message);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    if (!this.#isSession(socket)) return;
    this.#keepWaiting();
    this.#sessions.end(socket);
  }

  override webSocketError(socket: WebSocket): Promise<void> {
    return this.webSocketClose(socket);
  }

  /**
   * Sends all screens away, or those that came with one of `sessions`: those that still may come in come again by
   * themselves.
   */
  closeScreens(sessions?: readonly string[]): void {
    const reason = "Who may look has changed";
    this.#screens.close(reason, sessions);
    for (const socket of this.ctx.getWebSockets(sessionTag)) {
      const login = this.#sessions.loginOf(socket);
      if (sessions === undefined || (login !== null && sessions.includes(login.id)))
        socket.close(1008, reason);
    }
  }

  /** Forgets everything that is stored, after the directory has struck the community out. */
  async wipe(): Promise<void> {
    this.#readBackups();
    this.#forget();
    this.closeScreens();
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  /** After a command: tells the screens, and now and then the directory. */
  #follow(awake: Awake): void {
    this.#screens.tell();
    if (!this.#useNote.isDue(Date.now())) return;
    const { databaseSize } = this.ctx.storage.sql;
    const noted = this.#useNote.send(this.#above.directory, this.ctx.id.name ?? "", Date.now(), databaseSize);
    this.ctx.waitUntil(
      noted.catch((error) => awake.log("WARNING", "The directory was not told", { error: String(error) })),
    );
  }

  /** What screens are told: the present state, or why there is none yet. */
  #readState(inColumns: boolean): string | null {
    if (this.#awake === null) return null;
    const { emulator } = this.#awake;
    const nowMs = Date.now();
    const answer = emulator.isBehind(nowMs)
      ? emulator.refuseAsBehind(nowMs)
      : emulator.answer(inColumns ? tellOf("/state/columns") : { kind: "state" }, nowMs);
    return answer.ok ? answer.json : JSON.stringify({ error: answer.refusal });
  }

  #awaitDurable(): void {
    this.#pendingWrites++;
    const settle = () => this.#pendingWrites--;
    // What was not kept is never shown: another object takes this one's place.
    this.ctx.storage.sync().then(settle, () => this.#forget());
  }

  /** Memory is given up: nobody is answered from it any more. */
  #forget(): void {
    this.#awake = null;
    const name = this.ctx.id.name ?? "";
    if (residents.get(name) === this) residents.delete(name);
  }

  async #awaken(): Promise<Awake | null> {
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
      // It can still be deleted, and replaced by a backup.
      const what = { community: this.ctx.id.name, file: `${this.ctx.id}.sqlite`, error: String(error) };
      consoleLog("ERROR", "This community cannot be opened", what);
      this.#absence = refuse("internal", `This community cannot be opened: ${(error as Error).message}`);
    }
  }

  async #takeUp(): Promise<void> {
    const database = countRowsWritten(this.ctx.storage, (rows) => {
      this.#rowsWritten += rows;
      this.#meter.note(rows);
    });
    const name = this.ctx.id.name ?? "";
    const beforeForgetting = () => this.#readBackups();
    const isBeingRead = () => this.#turns.isReading || this.#copies.isReading;
    const { env } = this;
    this.#awake = await wake({
      name,
      database,
      beforeForgetting,
      isBeingRead,
      env,
      above: this.#above,
    });
    if (this.#awake === null) {
      this.#absence = unknownCommunity;
      return this.ctx.storage.deleteAll();
    }
    residents.set(name, this);
    this.#meter.forget();
    // A chapter may have begun.
    this.#awaitDurable();
    this.#carriesOn = await this.#alarm.takeUp();
    this.#setAlarm(this.#awake);
  }
}

/** What is known already. */
// biome-ignore lint/correctness/useYield: there is nothing to compute
function* known<T>(value: T): InParts<T> {
  return value;
}

/** Counts the time that the parts take. */
function* timed<T>(parts: InParts<T>, counts: RequestCounts): InParts<T> {
  for (;;) {
    const { done, value } = counts.timeAnswer(() => parts.next());
    if (done) return value;
    yield;
  }
}
