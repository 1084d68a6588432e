import { h } from "../page/dom.ts";
import type { AdminTranslate } from "./admin-texts.ts";

/** A button that copies `text`, which `shown` shows, and says whether it could. */
export function createCopyButton(
  t: AdminTranslate,
  shown: HTMLElement,
  text: string,
  label = t("copy"),
): HTMLElement {
  const copied = h("span", { role: "status" });
  const copy = async () => {
    copied.textContent = t((await copyText(shown, text)) ? "copied" : "notCopied");
  };
  return h(
    "span",
    { class: "row" },
    h("button", { type: "button", class: "main", onclick: copy }, label),
    copied,
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
