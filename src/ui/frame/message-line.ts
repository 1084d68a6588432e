import type { MessageKind } from "./context.ts";
import { h } from "./dom.ts";

/** The line that says what the last button did, however long those pressed before it take. */
export function createMessageLine() {
  let begun = 0;
  let spoken = 0;
  const done = h("p", { class: "message", role: "status" });
  const refused = h("p", { class: "message refused", role: "alert" });
  return {
    element: h("div", { class: "messages" }, done, refused),
    /** Begins an action: what it says is left out once a later one has spoken, unless it was refused. */
    begin() {
      const own = ++begun;
      return (message: string, kind: MessageKind = "done") => {
        if (kind === "done" && own < spoken) return;
        spoken = Math.max(own, spoken);
        done.textContent = kind === "done" ? message : "";
        refused.textContent = kind === "refused" ? message : "";
      };
    },
  };
}
