import type { RolloutRequest } from "../laboratory/step-request.ts";
import type { Checked } from "../notation/parameters.ts";
import { type Answer, type Refusal, refuse } from "../notation/refusal.ts";
import type { Visitor } from "./screens.ts";
import type { GrowthLimits } from "./state/command-limits.ts";
import type { Command, CommandOrigin, EmulatorRequest } from "./state/request.ts";

/*
 * Sessions step a community by messages on a WebSocket. What is written holds back all that is sent after it until it is
 * durable, so what a session does waits in memory: for at most `longestWaitMs` or `mostWaiting` steps, and until anybody else
 * asks for anything. Answers leave before, and say up to which step all is kept.
 *
 * Always: nobody but the session sees what could be lost. All is kept before the object sleeps; what a session observes and how
 * far it has come stands in its WebSocket's attachment.
 *
 * Rejected: keeping each step before its answer, as `/step` does, since a commit takes longer than the step.
 */

const longestWaitMs = 50;
/** Steps that wait at the most. */
const mostWaiting = 100;
/** Messages of a session that may wait for their answer. */
const mostUnanswered = 64;
/** Longest message [signs], as `/step` takes it. */
const longestMessage = 16 * 1024 * 1024;
/** Longest text that an attachment is known to take. */
const longestAttachment = 2000;

/** Who opened a session, and what it may. */
export interface SessionOpening {
  readonly visitor: Visitor;
  readonly source: string;
  readonly limits: GrowthLimits;
}

/** What is noted of a session where it outlives the object's sleep. */
interface SessionNote extends SessionOpening {
  /** What it observes unless a message says otherwise, as it said it. */
  readonly told: { readonly observe?: unknown; readonly units?: unknown };
  /** Steps that it has taken. */
  readonly steps: number;
}

interface Socket {
  readonly readyState: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

type SteppingRequest = Extract<Command, { kind: "step" }> | ({ readonly kind: "rollout" } & RolloutRequest);

interface SessionParts {
  /** Reads what a message asks for. */
  read(given: unknown): Checked<EmulatorRequest>;
  /** Counts a message as a request of who opened the session; why it is one too many, or null. */
  count(visitor: Visitor): Promise<Refusal | null>;
  /** Answers, without keeping yet what it changed. */
  take(request: SteppingRequest, origin: CommandOrigin, limits: GrowthLimits): Promise<Answer>;
  /** Keeps what was done; settles once it is durable. */
  keep(): Promise<void>;
  /** Calls `act` after so many milliseconds. */
  after(ms: number, act: () => void): void;
}

/** A session while the object is awake. */
interface OpenSession {
  note: SessionNote;
  /** Steps of which all is durable. */
  kept: number;
  unanswered: number;
  /** Settles when all earlier messages are answered. */
  last: Promise<void>;
}

export class Sessions {
  readonly #parts: SessionParts;
  readonly #open = new Map<Socket, OpenSession>();
  #waiting = 0;
  #isTimed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  begin(socket: Socket, opening: SessionOpening): void {
    socket.serializeAttachment({ ...opening, told: {}, steps: 0 } satisfies SessionNote);
  }

  /** The login by which a session came in. */
  loginOf(socket: Socket): Visitor["session"] {
    return this.#find(socket).note.visitor.session;
  }

  /** Takes a message; they are answered in their order. */
  hear(socket: Socket, message: unknown): Promise<void> {
    const session = this.#find(socket);
    session.unanswered++;
    if (session.unanswered > mostUnanswered) {
      socket.close(1008, `More than ${mostUnanswered} messages wait for their answer`);
      return Promise.resolve();
    }
    session.last = session.last.then(async () => {
      await this.#answer(socket, session, message);
      session.unanswered--;
    });
    return session.last;
  }

  /** Forgets a session that has ended. */
  end(socket: Socket): void {
    this.#open.delete(socket);
  }

  /** Notes that all that waits is about to be kept; what is given back is to be called once it is durable. */
  beginKeeping(): () => void {
    this.#waiting = 0;
    const taken = [...this.#open].map(([socket, session]) => ({
      socket,
      session,
      steps: session.note.steps,
    }));
    for (const { socket, session } of taken) socket.serializeAttachment(session.note);
    return () => {
      for (const { session, steps } of taken) session.kept = Math.max(session.kept, steps);
    };
  }

  #find(socket: Socket): OpenSession {
    const known = this.#open.get(socket);
    if (known !== undefined) return known;
    const note = socket.deserializeAttachment() as SessionNote;
    // It has slept, and before that all was kept.
    const session = { note, kept: note.steps, unanswered: 0, last: Promise.resolve() };
    this.#open.set(socket, session);
    return session;
  }

  async #answer(socket: Socket, session: OpenSession, message: unknown): Promise<void> {
    const { visitor, source, limits } = session.note;
    const excess = await this.#parts.count(visitor);
    if (excess !== null) return socket.close(1008, excess.message);
    if (visitor.session !== null && visitor.session.endMs <= Date.now())
      return socket.close(1008, "The session has ended");
    const read = this.#read(session.note, message);
    if (!read.ok) return send(socket, session, read.id, read);
    const { id, told, waits, request } = read.value;
    const answer = await this.#parts.take(request, { path: "/session", source }, limits);
    if (answer.ok) this.#note(session, told, request);
    if (waits) await this.#parts.keep();
    send(socket, session, id, answer);
    // What waits is noted when it is kept.
    if (this.#waiting === 0) socket.serializeAttachment(session.note);
    if (this.#waiting >= mostWaiting) await this.#parts.keep();
    else if (this.#waiting > 0) this.#keepLater();
  }

  #note(session: OpenSession, told: SessionNote["told"], request: SteppingRequest): void {
    const steps = request.kind === "step" ? request.steps.length : 0;
    session.note = { ...session.note, told, steps: session.note.steps + steps };
    this.#waiting += steps;
  }

  #read(note: SessionNote, message: unknown): Read {
    if (typeof message !== "string" || message.length > longestMessage)
      return wrong(null, `A message is a text of up to ${longestMessage} signs`);
    const given = parse(message);
    if (given === null) return wrong(null, 'A message is a JSON object such as {"id":1,"seconds":900}');
    const { id, wait = false, ...body } = given;
    if (typeof id !== "number" && !(typeof id === "string" && id.length <= 80))
      return wrong(null, "Each message has an id, a number or a short text", "id");
    if (typeof wait !== "boolean") return wrong(id, "wait is true or false", "wait");
    const told = { ...note.told, ...pick(body, ["observe", "units"]) };
    if (JSON.stringify(told).length > longestAttachment)
      return wrong(id, `observe and units have up to ${longestAttachment} signs together`, "units");
    const isOfTarget = ["seconds", "untilS", "event", "steps", "plans", "actions"].some(
      (name) => name in body,
    );
    const checked = this.#parts.read({ ...told, ...body, ...(!isOfTarget && { seconds: 0 }) });
    if (!checked.ok) return { ...checked, id };
    return { ok: true, value: { id, told, waits: wait, request: checked.value as SteppingRequest } };
  }

  #keepLater(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    this.#parts.after(longestWaitMs, () => {
      this.#isTimed = false;
      void this.#parts.keep();
    });
  }
}

type Id = number | string;

type Read =
  | {
      readonly ok: true;
      readonly value: {
        readonly id: Id;
        readonly told: SessionNote["told"];
        readonly waits: boolean;
        readonly request: SteppingRequest;
      };
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly id: Id | null };

function wrong(id: Id | null, message: string, parameter?: string): Read {
  return { ...refuse("invalid_parameter", message, parameter), id };
}

function parse(message: string): Record<string, unknown> | null {
  try {
    const given = JSON.parse(message);
    return typeof given === "object" && given !== null && !Array.isArray(given) ? given : null;
  } catch {
    return null;
  }
}

function pick(given: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));
}

function send(socket: Socket, { note, kept }: OpenSession, id: Id | null, answer: Answer): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  const head = JSON.stringify({ id, step: note.steps, keptUntil: kept }).slice(0, -1);
  const rest = answer.ok ? answer.json.slice(1) : `"error":${JSON.stringify(answer.refusal)}}`;
  socket.send(`${head},${rest}`);
}
