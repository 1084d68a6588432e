import { h } from "../page/dom.ts";

/** A form that sends nothing by itself: `act` is called with what its fields hold. */
export function createForm(
  title: string,
  button: string,
  act: (values: Readonly<Record<string, string>>, form: HTMLFormElement) => Promise<void>,
  ...fields: readonly HTMLElement[]
): HTMLElement {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    return act(values, form);
  };
  const form: HTMLFormElement = h(
    "form",
    { onsubmit: submit },
    h(
      "fieldset",
      { class: "section" },
      h("legend", {}, title),
      h("div", { class: "row" }, ...fields, h("button", {}, button)),
    ),
  );
  return form;
}

export function labelled(text: string, field: HTMLElement): HTMLElement {
  return h("label", {}, text, field);
}
