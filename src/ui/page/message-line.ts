import { h } from "./dom.ts";

type MessageKind = "done" | "refused";

/** What may be done about a message with one click. */
export interface Offer {
  readonly name: string;
  readonly title: string;
  /** `button` is what was pressed for it. */
  take(button: HTMLElement): void;
}

export type Say = (message: string, kind?: MessageKind, offer?: Offer) => void;

/** What was done is read soon; what was refused or may be undone stays until something else is said. */
const shownMs = 10_000;

/** Says what the last button did, however long those pressed before it take, near where it was pressed. */
export function createMessageLine(dismissName: string) {
  let begun = 0;
  let spoken = 0;
  let lastSlot: HTMLElement | null = null;
  let timer = 0;
  const done = h("p", { class: "message", role: "status" });
  const refused = h("p", { class: "message refused", role: "alert" });
  const offerPlace = h("span", { class: "message-offer" });
  const close = { class: "icon-button", type: "button", "aria-label": dismissName, title: dismissName };
  const dismiss = h("button", { ...close, onclick: putAway }, "×");
  const element = h("div", { class: "messages unseen" }, done, refused, offerPlace, dismiss);

  /** Screen readers hear of it here; the eye finds it in the slot, if that is still there. */
  function show(slot: HTMLElement | null, message: string, kind: MessageKind, offer: Offer | undefined) {
    clearTimeout(timer);
    done.textContent = kind === "done" ? message : "";
    refused.textContent = kind === "refused" ? message : "";
    offerPlace.replaceChildren(...(offer === undefined ? [] : [createOffer(offer)]));
    lastSlot?.replaceChildren();
    lastSlot = slot?.isConnected ? slot : null;
    element.classList.toggle("unseen", (lastSlot !== null && offer === undefined) || message === "");
    const copy = h("span", { class: kind === "refused" ? "refused" : "", "aria-hidden": "true" }, message);
    lastSlot?.replaceChildren(copy);
    if (kind === "done" && offer === undefined && lastSlot === null)
      timer = window.setTimeout(putAway, shownMs);
  }
  function createOffer({ name, title, take }: Offer) {
    const button: HTMLElement = h(
      "button",
      { type: "button", class: "main", title, onclick: () => take(button) },
      name,
    );
    return button;
  }
  function putAway() {
    clearTimeout(timer);
    done.textContent = "";
    refused.textContent = "";
    offerPlace.replaceChildren();
    element.classList.add("unseen");
  }
  return {
    element,
    /** Begins an action: what it says is left out once a later one has spoken, unless it was refused. */
    begin(slot: HTMLElement | null = null): Say {
      const own = ++begun;
      return (message, kind = "done", offer) => {
        if (kind === "done" && own < spoken) return;
        spoken = Math.max(own, spoken);
        show(slot, message, kind, offer);
      };
    },
  };
}
