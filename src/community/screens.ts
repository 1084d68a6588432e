import { type LiveProtocol, packed, received } from "../notation/live.ts";

/**
 * The screens that follow a community, each by a WebSocket that stays open while the object sleeps.
 *
 * The runtime does not tell what a WebSocket has still to send, and all of that is in memory. So a screen says of each
 * state that it has received it, and until then gets no other; what changes meanwhile it learns from the next one. A program
 * that only reads says nothing: what was sent to it counts as waiting, and all such programs share `mostWaiting`. Nobody
 * gets more than two states a second.
 */

/** Time in which a screen gets two states at most: a little more than a second, since they may travel unequally [ms]. */
const spanMs = 1050;
/** A screen that has not acknowledged a state for so long is closed [ms]. */
const slowMs = 30_000;
/** Signs that may wait, as far as is known, for programs that only read. */
const mostWaiting = 32_000_000;

/** Who opened a screen. */
export interface Visitor {
  /** By whose rates its messages are counted: only who hosts can read it. */
  readonly client: unknown;
  /** The session that let it in, and when that ends; null where a key, an address or nothing did. */
  readonly session: { readonly id: string; readonly endMs: number } | null;
}

export const unknownVisitor: Visitor = { client: null, session: null };

/** What is noted of a screen where it outlives the object's sleep. */
interface ScreenNote extends Visitor {
  /** Whether it acknowledges each state. */
  readonly answers: boolean;
  /** Whether it takes states in columns and packed; those of an earlier release never did. */
  readonly packs?: boolean;
  /** Wall times of the last state that it was sent, and of the one before. */
  readonly sentMs: number;
  readonly sentBeforeMs: number;
  /** Signs that were sent and not acknowledged. */
  readonly waiting: number;
  /** Whether a state is owed to it. */
  readonly isOwed: boolean;
}

/** What is used of the runtime's WebSocket. */
interface Socket {
  readonly readyState: number;
  send(state: string | ArrayBuffer): void;
  close(code: number, reason: string): void;
  /** Keeps a value with it. */
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

interface ScreenParts {
  /** All that have not ended, those that are closing too. */
  sockets(): readonly Socket[];
  /** The present state as text, in rows or in columns, or null where there is none. */
  readState(inColumns: boolean): string | null;
  pack(state: string): Promise<ArrayBuffer>;
  nowMs(): number;
  /** Calls `act` after so many milliseconds. */
  after(ms: number, act: () => void): void;
}

export class Screens {
  readonly #parts: ScreenParts;
  #isTimed = false;

  constructor(parts: ScreenParts) {
    this.#parts = parts;
  }

  /** Notes who opened a screen, and what it speaks: with a subprotocol it acknowledges. */
  begin(socket: Socket, { client, session }: Visitor, protocol: LiveProtocol | null): void {
    const spoken = { answers: protocol !== null, packs: protocol === packed };
    write(socket, { ...unknownScreen, client, session, ...spoken });
  }

  /** Who opened a screen. */
  visitorOf(socket: Socket): Visitor {
    return read(socket);
  }

  /** Takes a screen's message: that it has received a state, or else that it wants the present one. */
  hear(socket: Socket, message: unknown): void {
    const note = read(socket);
    if (message === received) write(socket, { ...note, waiting: 0 });
    else if (!note.isOwed) write(socket, { ...note, isOwed: true });
    this.#serve([socket]);
  }

  /** Lets all screens know that something has changed. */
  tell(): void {
    const sockets = this.#parts.sockets();
    for (const socket of sockets) {
      const note = read(socket);
      if (!note.isOwed) write(socket, { ...note, isOwed: true });
    }
    this.#serve(sockets);
  }

  /** Sends away all screens, or with `sessions` those that came with one of them. */
  close(reason: string, sessions?: readonly string[]): void {
    for (const socket of this.#parts.sockets()) {
      const { session } = read(socket);
      if (sessions === undefined || (session !== null && sessions.includes(session.id)))
        socket.close(closed.refused, reason);
    }
  }

  /** Sends the present state to those of `sockets` to which one is owed and may be sent now. */
  #serve(sockets: readonly Socket[]): void {
    const { sockets: all, nowMs } = this.#parts;
    const now = nowMs();
    let waiting: number | null = null;
    const states = new States(this.#parts);
    let nextMs = Number.POSITIVE_INFINITY;
    for (const socket of sockets) {
      const note = read(socket);
      if (socket.readyState !== WebSocket.OPEN || !note.isOwed) continue;
      if (note.session !== null && note.session.endMs <= now) {
        socket.close(closed.refused, "The session has ended");
        continue;
      }
      if (note.answers && note.waiting > 0) {
        if (now - note.sentMs > slowMs) socket.close(closed.slow, "The last state was not acknowledged");
        continue;
      }
      // A clock that was set back keeps nobody waiting.
      const dueMs = note.sentMs > now ? now : note.sentBeforeMs + spanMs;
      if (dueMs > now) {
        nextMs = Math.min(nextMs, dueMs);
        continue;
      }
      const state = states.read(note.packs === true);
      if (state === null) return;
      waiting ??= all().reduce((sum, each) => sum + read(each).waiting, 0);
      if (note.waiting > 0 && waiting + state.length > mostWaiting) {
        socket.close(closed.slow, `Too much waits for those who acknowledge nothing: send "${received}"`);
        continue;
      }
      if (note.packs) states.sendPacked(socket);
      else socket.send(state);
      waiting += state.length;
      write(socket, {
        ...note,
        sentMs: now,
        sentBeforeMs: note.sentMs,
        waiting: note.waiting + state.length,
        isOwed: false,
      });
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#serveLater(nextMs - now);
  }

  #serveLater(ms: number): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    this.#parts.after(ms, () => {
      this.#isTimed = false;
      this.#serve(this.#parts.sockets());
    });
  }
}

/** The present state in the forms in which screens take it, each made once for all of them. */
class States {
  readonly #parts: Pick<ScreenParts, "readState" | "pack">;
  #rows: string | null = null;
  #columns: string | null = null;
  #packed: Promise<ArrayBuffer> | null = null;

  constructor(parts: Pick<ScreenParts, "readState" | "pack">) {
    this.#parts = parts;
  }

  read(inColumns: boolean): string | null {
    if (inColumns) this.#columns ??= this.#parts.readState(true);
    else this.#rows ??= this.#parts.readState(false);
    return inColumns ? this.#columns : this.#rows;
  }

  /** Sends what was read in columns as soon as it is packed: nothing else is in flight to a screen that acknowledges. */
  async sendPacked(socket: Socket): Promise<void> {
    this.#packed ??= this.#parts.pack(this.#columns ?? "");
    const state = await this.#packed;
    if (socket.readyState === WebSocket.OPEN) socket.send(state);
  }
}

/** Why a WebSocket is closed: its holder may not go on, or may come again. */
const closed = { refused: 1008, slow: 1013 } as const;

function write(socket: Socket, note: ScreenNote): void {
  socket.serializeAttachment(note);
}

function read(socket: Socket): ScreenNote {
  return (socket.deserializeAttachment() as ScreenNote | null) ?? unknownScreen;
}

/** One that an earlier release has accepted. */
const unknownScreen: ScreenNote = {
  ...unknownVisitor,
  answers: false,
  sentMs: 0,
  sentBeforeMs: 0,
  waiting: 0,
  isOwed: false,
};
