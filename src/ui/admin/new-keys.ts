import { h } from "../page/dom.ts";
import type { KeyJson } from "./admin-api.ts";
import type { AdminTranslate } from "./admin-texts.ts";

/** A new key, shown this once and until it is put away. */
export function createNewKey(t: AdminTranslate, { name, key }: KeyJson, putAway: () => void): HTMLElement {
  const code = h("code", { class: "new-key" }, key);
  const copied = h("span", { role: "status" });
  const copy = async () => {
    copied.textContent = t((await copyText(code, key)) ? "copied" : "notCopied");
  };
  return h(
    "div",
    { class: "new-key-box" },
    h("p", {}, t("newKey", { name })),
    h(
      "p",
      { class: "row" },
      code,
      h("button", { type: "button", class: "main", onclick: copy }, t("copy")),
      h("button", { type: "button", onclick: putAway }, t("putAway")),
      copied,
    ),
  );
}

/** Copies the text. Where the clipboard is out of reach, as on pages by plain HTTP, it is selected and copied by the browser. */
async function copyText(shown: HTMLElement, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
