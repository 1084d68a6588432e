import { h } from "./dom.ts";

/** What of the page's language a dialog needs. */
interface Words<K extends string> {
  readonly t: (key: K) => string;
}

interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button says that does it. */
  readonly action: string;
  /** Wishes that may be ticked. */
  readonly options?: readonly string[];
}

/** Asks before something is lost. Null if the user thinks better of it, else which wishes were ticked. */
export function askFirst({ t }: Words<"cancel">, question: Question): Promise<boolean[] | null> {
  const boxes = (question.options ?? []).map((text) => ({ box: h("input", { type: "checkbox" }), text }));
  const wishes = boxes.map(({ box, text }) => h("label", { class: "wish" }, box, text));
  const cancel = h("button", { value: "cancel", autofocus: true }, t("cancel"));
  const go = h("button", { value: "go", class: "danger" }, question.action);
  const form = h("form", { method: "dialog" }, h("p", {}, question.text), ...wishes, buttons(cancel, go));
  const dialog = openDialog(question.title, form);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () =>
      resolve(dialog.returnValue === "go" ? boxes.map(({ box }) => box.checked) : null),
    );
  });
}

interface NumberQuestion extends Omit<Question, "options"> {
  readonly label: string;
  /** Takes what was typed, or says why not. */
  read(typed: string): { readonly value: string } | { readonly refusal: string };
}

/** Asks for a number, 1 unless something else is typed. Null if the user thinks better of it. */
export function askNumber({ t }: Words<"cancel">, question: NumberQuestion): Promise<string | null> {
  const input = h("input", {
    id: "asked-number",
    type: "text",
    inputmode: "numeric",
    value: "1",
    autocomplete: "off",
    autofocus: true,
    "aria-describedby": "asked-refusal",
  });
  const refusal = h("p", { id: "asked-refusal", class: "refusal" });
  const label = h("label", { for: "asked-number" }, question.label);
  const cancel = h("button", { type: "button", onclick: () => dialog.close("cancel") }, t("cancel"));
  const go = h("button", { class: "main" }, question.action);
  let value = "";
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const read = question.read(input.value);
    if ("refusal" in read) {
      refusal.textContent = read.refusal;
      input.setAttribute("aria-invalid", "true");
      return input.focus();
    }
    value = read.value;
    dialog.close("go");
  };
  const row = h("p", { class: "wish" }, label, input);
  const form = h("form", { onsubmit: send }, h("p", {}, question.text), row, refusal, buttons(cancel, go));
  const dialog = openDialog(question.title, form);
  input.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "go" ? value : null));
  });
}

/** Shows a text as it is. */
export function showText({ t }: Words<"close">, title: string, text: string): void {
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
