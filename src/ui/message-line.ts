import type { MessageKind } from "./context.ts";
import { h } from "./dom.ts";

/** The line that says what the last button did. */
export function createMessageLine() {
  const done = h("p", { class: "message", role: "status" });
  const refused = h("p", { class: "message refused", role: "alert" });
  return {
    element: h("div", { class: "messages" }, done, refused),
    say(message: string, kind: MessageKind = "done") {
      done.textContent = kind === "done" ? message : "";
      refused.textContent = kind === "refused" ? message : "";
    },
  };
}
