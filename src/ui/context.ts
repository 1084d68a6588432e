import type { Drafts } from "./drafts.ts";
import type { Formats } from "./formatting.ts";
import type { Language, Translate } from "./i18n.ts";
import type { LiveState } from "./live-state.ts";

export type MessageKind = "done" | "refused";

/** What every part of the screen may use. */
export interface Context {
  readonly language: Language;
  readonly t: Translate;
  readonly formats: Formats;
  readonly live: LiveState;
  readonly drafts: Drafts;
  /** Says what a button did, to the eye and to screen readers. */
  say(message: string, kind?: MessageKind): void;
}

/** A part of the page that shows the live state. */
export interface Part {
  readonly element: HTMLElement;
  /** Shows the state of `context.live` as it is now. */
  update(): void;
  /** Ends what goes on in the background. */
  close?(): void;
}
