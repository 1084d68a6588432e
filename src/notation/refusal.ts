/** Why a request is refused. Nothing changes when one is. */
export type RefusalCode =
  | "unknown_unit"
  | "not_found"
  | "method_not_allowed"
  | "missing_parameter"
  | "invalid_parameter"
  | "conflict"
  | "too_large"
  | "unauthorized"
  | "forbidden"
  | "rate_limited"
  | "catching_up"
  | "internal";

export interface Refusal {
  readonly code: RefusalCode;
  /** Names what was given and what is allowed. */
  readonly message: string;
  readonly parameter?: string;
  /** How far it is until the same request can be answered. */
  readonly progress?: CatchUpProgress;
}

/** From where to where simulated time is computed, and how far it has come [simulated s]; `share` of all that, from 0 to 1. */
export interface CatchUpProgress {
  readonly fromS: number;
  readonly reachedS: number;
  readonly toS: number;
  readonly share: number;
}

/** What an emulator answers: the text to send, JSON unless it says so, or a refusal; never a thrown error. */
export type Answer = Answered | Refused;

interface Answered {
  readonly ok: true;
  readonly json: string;
  readonly contentType?: string;
  /** Name under which whoever asked may keep it as a file. */
  readonly fileName?: string;
  /** How a fault of the hardware keeps it from whoever asked. */
  readonly fault?: AnswerFault;
}

/** How an answer is kept from whoever asked. */
export interface AnswerFault {
  /** Real time for which it is held back [ms]. */
  readonly waitMs: number;
  /** Whether the connection is ended then, without it. */
  readonly isLost: boolean;
  /** The status of HTTP in its place, or null. */
  readonly status: number | null;
}

export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

export function refuse(code: RefusalCode, message: string, parameter?: string): Refused {
  return { ok: false, refusal: parameter === undefined ? { code, message } : { code, message, parameter } };
}

export function answerWith(value: unknown): Answer {
  return { ok: true, json: JSON.stringify(value) };
}
