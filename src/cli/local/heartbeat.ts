import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as v from "valibot";
import { type LifeAnswer, type LifeRequest, lifePath } from "../../hosting/life-protocol.ts";
import type { OwnServer } from "./local-server.ts";
import { readNote, writeWhole } from "./state-file.ts";

/** Real time between two beats [ms]. */
const beatMs = 1000;
/** How far the clock may go beyond where it was heard of last [ms]; what a kill moves it by is at most this. */
const aheadMs = 3500;

/** How far the clock of this folder's runs has been let go; it goes on from there. */
const schema = v.object({ untilMs: v.number(), wallMs: v.number(), stopped: v.boolean() });

/** The life of a local run: without its beats simulated time stands still. */
interface Life {
  /** The file in which the community of the bare host is stored. */
  readonly file: string;
  /** Lets clients in. */
  open(): Promise<void>;
  /** Lets simulated time stand where it is, and notes that. */
  stop(): Promise<void>;
}

/**
 * Begins the clock of a server where the last one that kept its state in `folder` left it, and beats until it is
 * stopped. What is noted is never less than what the server may tell, so no start goes back behind an answer.
 */
export async function beginLife(
  server: OwnServer,
  folder: string,
  warn: (message: string) => void,
): Promise<Life> {
  const path = join(folder, "heartbeat.json");
  const before = await readNote(path, schema, warn);
  let grantedMs = before?.untilMs ?? Date.now();
  const grant = async (untilMs: number, stopped = false) => {
    await writeWhole(path, JSON.stringify({ untilMs, wallMs: Date.now(), stopped }));
    grantedMs = untilMs;
  };
  const begin = async (more: LifeRequest = {}) => {
    const fromMs = grantedMs;
    await grant(fromMs + aheadMs);
    return tell(server, { ...more, fromMs, untilMs: grantedMs });
  };
  const begun = await begin();
  let clockMs = begun.clockMs as number;
  const beat = async () => {
    do {
      await grant(Math.max(grantedMs, clockMs + aheadMs));
      const answer = await tell(server, { untilMs: grantedMs });
      // A runtime that was started again knows nothing of the time before.
      clockMs = answer.clockMs ?? ((await begin({ opens: true })).clockMs as number);
      // After a standstill the clock has come to its end: it is let go on at once.
    } while (grantedMs - clockMs < aheadMs - 2 * beatMs);
  };
  const stopping = new AbortController();
  const beating = keepBeating(beat, stopping.signal, warn);
  return {
    file: begun.file,
    async open() {
      const isKilled = before !== null && !before.stopped;
      await tell(server, { opens: true, ...(isKilled && { leftOutMs: Date.now() - before.wallMs }) });
    },
    async stop() {
      stopping.abort();
      await beating;
      const { clockMs: endMs } = await tell(server, { stops: true });
      if (endMs !== null) await grant(endMs, true);
    },
  };
}

/** Beats again and again; a beat that fails is told of once, and time stands still until one does not. */
async function keepBeating(
  beat: () => Promise<void>,
  stop: AbortSignal,
  warn: (message: string) => void,
): Promise<void> {
  let isFailing = false;
  while (!stop.aborted) {
    await setTimeout(beatMs, undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) return;
    try {
      await beat();
      isFailing = false;
    } catch (error) {
      if (!isFailing) warn(`Simulated time stands still: ${(error as Error).message}`);
      isFailing = true;
    }
  }
}

async function tell({ url, operatorKey }: OwnServer, request: LifeRequest): Promise<LifeAnswer> {
  const response = await fetch(url + lifePath, {
    method: "POST",
    headers: { authorization: `Bearer ${operatorKey}` },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`The server answers its own program with ${response.status}`);
  return (await response.json()) as LifeAnswer;
}
