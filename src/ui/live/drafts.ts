import type { Formats } from "../words/formatting.ts";
import type { Translate } from "../words/i18n.ts";

/** What was refused of a unit's last Set; `parameter` is null where no field is to blame. */
interface RefusedValue {
  readonly parameter: string | null;
  /** Why, in the language of the page at the time. */
  explain(reader: { readonly t: Translate; readonly formats: Formats }): string;
}

interface UnitDraft {
  readonly typed: Map<string, string>;
  refused: RefusedValue | null;
}

/** What the user has typed into cards and not yet set, by unit and field. It outlives the cards on screen. */
export class Drafts {
  readonly #units = new Map<string, UnitDraft>();

  /** The typed texts of a unit by the parameter that they are sent as. */
  typedOf(unit: string): ReadonlyMap<string, string> {
    return this.#units.get(unit)?.typed ?? new Map();
  }

  refusedOf(unit: string): RefusedValue | null {
    return this.#units.get(unit)?.refused ?? null;
  }

  /** Units in which something is typed. */
  listUnits(): string[] {
    return [...this.#units].filter(([, draft]) => draft.typed.size > 0).map(([unit]) => unit);
  }

  /** Takes what stands in a field now; a blank field has nothing typed. */
  type(unit: string, parameter: string, text: string): void {
    const draft = this.#draft(unit);
    if (text.trim() === "") draft.typed.delete(parameter);
    else draft.typed.set(parameter, text);
    if (draft.refused?.parameter === parameter || draft.typed.size === 0) draft.refused = null;
  }

  refuse(unit: string, refused: RefusedValue): void {
    this.#draft(unit).refused = refused;
  }

  /** Forgets what has been sent, but not what was typed meanwhile. */
  accept(unit: string, sent: ReadonlyMap<string, string>): void {
    const draft = this.#draft(unit);
    for (const [parameter, text] of sent) {
      if (draft.typed.get(parameter) === text) draft.typed.delete(parameter);
    }
    draft.refused = null;
  }

  discard(unit: string): void {
    this.#units.delete(unit);
  }

  #draft(unit: string): UnitDraft {
    const draft = this.#units.get(unit) ?? { typed: new Map<string, string>(), refused: null };
    this.#units.set(unit, draft);
    return draft;
  }
}
