import { h } from "../page/dom.ts";
import type { KeyJson } from "./admin-api.ts";
import type { AdminTranslate } from "./admin-texts.ts";
import { createCopyButton } from "./copy-button.ts";

/** A new key, shown this once and until it is put away. */
export function createNewKey(t: AdminTranslate, { name, key }: KeyJson, putAway: () => void): HTMLElement {
  const code = h("code", { class: "new-key" }, key);
  return h(
    "div",
    { class: "new-key-box" },
    h("p", {}, t("newKey", { name })),
    h(
      "p",
      { class: "row" },
      code,
      createCopyButton(t, code, key),
      h("button", { type: "button", onclick: putAway }, t("putAway")),
    ),
  );
}
