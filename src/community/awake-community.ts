import { type Answer, answerWith, type Refusal } from "../notation/refusal.ts";
import type { Outbox } from "./sinks/outbox.ts";
import type { Emulator } from "./state/emulator.ts";
import {
  type CommandOrigin,
  type CommunityRequest,
  type EmulatorRequest,
  type Inspection,
  isQuery,
  readsRecords,
} from "./state/request.ts";
import type { CommunityStorage } from "./storage/storage.ts";
import { describeCommunityMetrics, type StorageUse } from "./watching/community-metrics.ts";
import type { KeptLog } from "./watching/kept-log.ts";
import type { Log, LogLevel } from "./watching/log.ts";
import { writePrometheusText } from "./watching/prometheus-text.ts";
import { RequestCounts } from "./watching/request-counts.ts";

export interface AwakeParts {
  readonly emulator: Emulator;
  readonly storage: CommunityStorage;
  readonly keptLog: KeptLog;
  readonly log: Log;
  readonly outbox: Outbox | null;
  /** Whether the metrics have numbers of each unit. */
  readonly metricsPerUnit: boolean;
}

/** What a community's object has in memory while it is awake. */
export class AwakeCommunity {
  readonly emulator: Emulator;
  readonly log: Log;
  readonly #parts: AwakeParts;
  readonly #counts = new RequestCounts();
  #answerS = 0;

  constructor(parts: AwakeParts) {
    this.emulator = parts.emulator;
    this.log = parts.log;
    this.#parts = parts;
  }

  /** Answers a query from memory alone, or null where that cannot be. */
  answerFromMemory(request: CommunityRequest, wallMs: number): Answer | null {
    if (!isQuery(request) || readsRecords(request)) return null;
    const beginMs = performance.now();
    this.log("DEBUG", "Request", { request });
    const answer = this.emulator.answer(request, wallMs);
    this.#answerS += (performance.now() - beginMs) / 1000;
    this.count(request, answer, beginMs);
    return answer;
  }

  /** Counts a request that began at `beginMs` of the process's clock. */
  count(request: CommunityRequest, answer: Answer, beginMs: number): void {
    this.#counts.add(request.kind, answer, (performance.now() - beginMs) / 1000);
  }

  /** Notes a request that was refused before it came here. */
  noteRefusal(refusal: Refusal, fields: Readonly<Record<string, unknown>>): void {
    this.#counts.addRefusal(refusal.code);
    this.log("WARNING", refusal.message, { ...refusal, ...fields });
  }

  /** Answers a request that is the emulator's, as of now. */
  answer(request: EmulatorRequest, origin: CommandOrigin, historyDays: number): Answer {
    const beginMs = performance.now();
    const answer = this.emulator.answer(request, Date.now(), origin, historyDays);
    this.#answerS += (performance.now() - beginMs) / 1000;
    return answer;
  }

  keepLine(level: LogLevel, message: string): void {
    this.#parts.keptLog.add(Date.now(), level, message);
  }

  /** Writes the lines that wait, together with other writes of this moment. */
  flushLog(): void {
    this.#parts.keptLog.flush(Date.now());
  }

  /** Wall time [ms] at which the database is due to be told something, or null. */
  dueMs(): number | null {
    const nowMs = Date.now();
    return this.#parts.outbox?.dueMs(this.emulator.paceAt(nowMs), nowMs) ?? null;
  }

  /** Tells the database what is due. */
  async deliver(): Promise<void> {
    const { nowS } = this.emulator.paceAt(Date.now());
    await this.#parts.outbox?.deliver(this.emulator.recordUntil(nowS), Date.now);
  }

  inspect(request: Inspection, use: StorageUse): Answer {
    const { keptLog, storage, metricsPerUnit } = this.#parts;
    const nowMs = Date.now();
    if (request.kind === "messages") {
      this.emulator.passEvents(nowMs);
      return answerWith(keptLog.read(request.least, request.sinceMs));
    }
    const lagS = this.emulator.lagS(nowMs);
    const { nowS, accelerationFactor } = this.emulator.paceAt(nowMs);
    const status = {
      simulatedTimeS: nowS,
      lagS,
      accelerationFactor,
      answerS: this.#answerS,
      advancedSegments: this.emulator.advancedSegments,
      ...use,
      readings: this.emulator.readUnitsAt(nowS),
      progress: storage.readProgress(),
    };
    const metrics = [...this.#counts.describe(), ...describeCommunityMetrics(status, metricsPerUnit)];
    return { ok: true, json: writePrometheusText(metrics), contentType: "text/plain; version=0.0.4" };
  }
}
