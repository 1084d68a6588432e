import { preferences } from "../page/preferences.ts";
import type { Translate } from "../words/i18n.ts";

/** The keys that command time from anywhere on the screen; Help lists them, tooltips name them. */
export const keys = {
  hold: "K",
  speed1: "1",
  speed2: "2",
  speed3: "3",
  speed4: "4",
  speed5: "5",
  stepMinutes: "M",
  stepHour: "H",
  stepDay: "D",
  until: "U",
  earlier: "[",
  later: "]",
  now: "N",
  emulation: "E",
} as const;

export type KeyName = keyof typeof keys;

/** What a part of the screen does by keys. */
export type KeyActions = Readonly<Partial<Record<KeyName, () => void>>>;

/** A tooltip that names the key too. */
export function titleWithKey(t: Translate, title: string, name: KeyName): string {
  return t("withKey", { title, key: keys[name] });
}

/** Does what a key means wherever it is pressed, but never while somebody types, answers a question or holds it down. */
export function followKeys(actions: KeyActions, closing: AbortSignal): void {
  document.addEventListener("keydown", press, { signal: closing });

  function press(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (!preferences.singleKeys || isTyping(event.target)) return;
    const pressed = event.key.toUpperCase();
    const name = (Object.keys(keys) as KeyName[]).find((each) => keys[each] === pressed);
    if (name === undefined) return;
    event.preventDefault();
    actions[name]?.();
  }
}

/** Fields take every key, lists find an entry by its letters, and a question waits for its answer. */
function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "range", "button"].includes(target.type);
  return target.isContentEditable || target.matches("select, textarea");
}
