import { h } from "./dom.ts";

type MessageKind = "done" | "refused";

export type Say = (message: string, kind?: MessageKind) => void;

/** Says what the last button did, however long those pressed before it take, near where it was pressed. */
export function createMessageLine() {
  let begun = 0;
  let spoken = 0;
  let lastSlot: HTMLElement | null = null;
  const done = h("p", { class: "message", role: "status" });
  const refused = h("p", { class: "message refused", role: "alert" });
  const element = h("div", { class: "messages" }, done, refused);

  /** Screen readers hear of it here; the eye finds it in the slot, if that is still there. */
  function show(slot: HTMLElement | null, message: string, kind: MessageKind) {
    done.textContent = kind === "done" ? message : "";
    refused.textContent = kind === "refused" ? message : "";
    lastSlot?.replaceChildren();
    lastSlot = slot?.isConnected ? slot : null;
    element.classList.toggle("unseen", lastSlot !== null);
    const copy = h("span", { class: kind === "refused" ? "refused" : "", "aria-hidden": "true" }, message);
    lastSlot?.replaceChildren(copy);
  }
  return {
    element,
    /** Begins an action: what it says is left out once a later one has spoken, unless it was refused. */
    begin(slot: HTMLElement | null = null): Say {
      const own = ++begun;
      return (message, kind = "done") => {
        if (kind === "done" && own < spoken) return;
        spoken = Math.max(own, spoken);
        show(slot, message, kind);
      };
    },
  };
}
