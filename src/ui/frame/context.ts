import type { Drafts } from "./drafts.ts";
import type { Formats } from "./formatting.ts";
import type { Language, Translate } from "./i18n.ts";
import type { LiveState } from "./live-state.ts";

export type MessageKind = "done" | "refused";

export type Say = (message: string, kind?: MessageKind) => void;

/** What every part of the screen may use. */
export interface Context {
  readonly language: Language;
  readonly t: Translate;
  readonly formats: Formats;
  readonly live: LiveState;
  readonly drafts: Drafts;
  /** Says what a button did, to the eye and to screen readers. */
  readonly say: Say;
  /** Begins an action that takes time, and gives it a voice that never speaks over a later one. */
  begin(): Say;
}

/** A part of the page that shows the live state. */
export interface Part {
  readonly element: HTMLElement;
  /** Shows the state of `context.live` as it is now. */
  update(): void;
  /** Ends what goes on in the background. */
  close?(): void;
}
