import type { Say } from "../page/message-line.ts";
import type { Formats } from "../words/formatting.ts";
import type { Language, Translate } from "../words/i18n.ts";
import type { command } from "./api.ts";
import type { Drafts } from "./drafts.ts";
import type { LiveState } from "./live-state.ts";

/** What every part of the screen may use. */
export interface Context {
  readonly language: Language;
  readonly t: Translate;
  readonly formats: Formats;
  readonly live: LiveState;
  readonly drafts: Drafts;
  /** Aborted when the part is taken off the screen: its timers, observers, listeners and charts end by it, and only by it. */
  readonly closing: AbortSignal;
  /**
   * Begins an action, and gives it a voice to the eye and to screen readers that never speaks over a later one. What
   * it says stands in `slot`, near what was pressed, or where there is none in the line at the top.
   */
  begin(slot?: HTMLElement | null): Say;
}

/** What an action of a button may use. */
export interface ActionContext extends Context {
  readonly say: Say;
  /** As `command` of the API; it is known afterwards whether anything was carried out. */
  readonly command: typeof command;
}

/** A part of the page that shows the live state. */
export interface Part {
  readonly element: HTMLElement;
  /** Shows the state of `context.live` as it is now. */
  update(): void;
}
