import type { Context } from "./context.ts";
import { h } from "./dom.ts";

interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says that does it. */
  readonly action: string;
  /** A wish that may be ticked. */
  readonly option?: string;
}

/** Asks before something is lost. Null if the user thinks better of it, else whether the wish was ticked. */
export function askFirst(
  { t }: { readonly t: (key: "cancel") => string },
  question: Question,
): Promise<{ option: boolean } | null> {
  const option = h("input", { type: "checkbox" });
  const wish = question.option === undefined ? null : h("label", { class: "wish" }, option, question.option);
  const cancel = h("button", { value: "cancel", autofocus: true }, t("cancel"));
  const go = h("button", { value: "go", class: "danger" }, question.action);
  const form = h("form", { method: "dialog" }, h("p", {}, question.text), wish, buttons(cancel, go));
  const dialog = openDialog(question.title, form);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () =>
      resolve(dialog.returnValue === "go" ? { option: option.checked } : null),
    );
  });
}

/** Shows a text as it is. */
export function showText({ t }: Context, title: string, text: string): void {
  const close = h("button", { value: "close", autofocus: true }, t("close"));
  const body = h("pre", { tabindex: 0, role: "region", "aria-label": title }, text);
  openDialog(title, h("form", { method: "dialog" }, body, buttons(close)));
}

function buttons(...children: HTMLElement[]): HTMLElement {
  return h("div", { class: "dialog-buttons" }, ...children);
}

function openDialog(title: string, body: HTMLElement): HTMLDialogElement {
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, heading, body);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
