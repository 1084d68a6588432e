import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connections, Exchange, Outgoing } from "./connections.ts";

/** apis-main gives an answer up after 5 s, and has to hear before what became of its request. */
const deadlineMs = 4500;
/** How long a connection may take to open, and a read to be answered, before another is tried. */
const attemptMs = 2000;
const firstPauseMs = 50;
const longestPauseMs = 500;
const maximumAnswerBytes = 1 << 24;

/** A request brought no answer; the message says why, e.g. `ECONNREFUSED`. */
export class LinkFailure extends Error {
  override name = "LinkFailure";
  /** Whether the emulator may have got the request. */
  readonly isSent: boolean;
  readonly isTimeout: boolean;

  constructor(reason: string, isSent: boolean, isTimeout: boolean) {
    super(reason);
    this.isSent = isSent;
    this.isTimeout = isTimeout;
  }
}

interface Forwarding {
  /** A read may be sent again. */
  readonly isRead: boolean;
  /** Whether the answer is awaited as a whole, or passed on as it comes. */
  readonly isWhole: boolean;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
  /** Told of each attempt that the link made fail. */
  onFailure(failure: LinkFailure): void;
}

export interface Forwarded {
  readonly head: IncomingMessage;
  /** Undefined where it is to be read from the head. */
  readonly body: Buffer | undefined;
  /** How often it was tried again. */
  readonly repeats: number;
}

/**
 * Sends a request until it is answered or the time is over. What is not a read is written to an open connection
 * at most once: it is tried again only while no connection opens. @throws LinkFailure
 */
export async function forward(
  connections: Connections,
  outgoing: Outgoing,
  forwarding: Forwarding,
): Promise<Forwarded> {
  const { isRead, gone, onFailure } = forwarding;
  const endMs = performance.now() + deadlineMs;
  for (let repeats = 0; ; repeats++) {
    const pauseMs = Math.min(firstPauseMs * 2 ** repeats, longestPauseMs);
    try {
      const answer = await attempt(connections, outgoing, forwarding, endMs - performance.now());
      return { ...answer, repeats };
    } catch (error) {
      const failure = error as LinkFailure;
      if (!gone.aborted) onFailure(failure);
      const isLast = gone.aborted || performance.now() + pauseMs >= endMs;
      if (isLast || (failure.isSent && !isRead)) throw failure;
    }
    await sleep(pauseMs);
  }
}

async function attempt(
  connections: Connections,
  outgoing: Outgoing,
  { isRead, isWhole, gone }: Forwarding,
  remainingMs: number,
): Promise<{ head: IncomingMessage; body: Buffer | undefined }> {
  const limit = new AbortController();
  const exchange = connections.send(outgoing, AbortSignal.any([gone, limit.signal]));
  const abort = () => limit.abort();
  const timers = [
    setTimeout(abort, remainingMs),
    setTimeout(() => (isRead || !exchange.isSent()) && abort(), attemptMs),
  ];
  try {
    const head = await exchange.head;
    return { head, body: isWhole ? await readAnswer(head) : undefined };
  } catch (error) {
    throw describeFailure(error as NodeJS.ErrnoException, exchange, limit.signal.aborted);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

function describeFailure(error: NodeJS.ErrnoException, exchange: Exchange, isTimeout: boolean): LinkFailure {
  const isSent = exchange.isSent();
  if (isTimeout) return new LinkFailure(isSent ? "no answer in time" : "no connection in time", isSent, true);
  return new LinkFailure(error.code ?? error.message, isSent, false);
}

async function readAnswer(head: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of head as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maximumAnswerBytes) throw new Error(`an answer of more than ${maximumAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
