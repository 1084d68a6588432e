import type { InParts } from "../../notation/in-parts.ts";
import { type Answer, answerWith } from "../../notation/refusal.ts";
import type { Emulator } from "../state/emulator.ts";
import type { Inspection } from "../state/request.ts";
import type { CommunityStorage } from "../storage/storage.ts";
import { describeCommunityMetrics, type StorageUse } from "./community-metrics.ts";
import type { KeptLog } from "./kept-log.ts";
import { writePrometheusText } from "./prometheus-text.ts";
import type { RequestCounts } from "./request-counts.ts";

/** What can be asked for of an awake community besides what it emulates. */
export interface Watched {
  readonly emulator: Emulator;
  readonly storage: CommunityStorage;
  readonly keptLog: KeptLog;
  readonly counts: RequestCounts;
  /** Whether the metrics have numbers of each unit. */
  readonly metricsPerUnit: boolean;
}

/** Answers with lines of the kept log, or with the metrics, as of `nowMs`; these in parts, all of that moment. */
export function* inspect(
  request: Inspection,
  watched: Watched,
  use: StorageUse,
  nowMs: number,
): InParts<Answer> {
  const { emulator, storage, keptLog, counts, metricsPerUnit } = watched;
  if (request.kind === "messages") {
    if (!emulator.isBehind(nowMs)) emulator.passEvents(nowMs);
    return answerWith(keptLog.read(request.least, request.sinceMs));
  }
  const lagS = emulator.lagS(nowMs);
  const { nowS, accelerationFactor } = emulator.paceAt(nowMs);
  const status = {
    simulatedTimeS: nowS,
    lagS,
    accelerationFactor,
    answerS: counts.answerS,
    advancedSegments: emulator.advancedSegments,
    ...use,
    units: emulator.unitCount,
    readings: emulator.isBehind(nowMs) ? [] : emulator.readUnitsAt(nowS),
    // Reading them may bring some.
    trips: emulator.trips,
    progress: storage.readProgress(),
  };
  const json = yield* writePrometheusText(allMetrics());
  return { ok: true, json, contentType: "text/plain; version=0.0.4" };

  function* allMetrics() {
    yield* counts.describe();
    yield* describeCommunityMetrics(status, metricsPerUnit);
  }
}
