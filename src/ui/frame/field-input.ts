import { modeCodes, type UnitField } from "../homes/unit-fields.ts";
import type { Context, Part } from "./context.ts";
import { h, setAttribute, setText } from "./dom.ts";

export interface FieldInput extends Part {
  isRefused(): boolean;
  focus(): void;
}

/**
 * One input of a card. It follows the unit until something is typed; what is typed stays, however often the
 * unit is read, until it is set, discarded (Escape) or taken out.
 */
export function createFieldInput(
  { t, live, drafts }: Context,
  unit: string,
  field: UnitField,
  onTyped: () => void,
): FieldInput {
  const id = `${unit}-${field.parameter}`;
  const isMode = field.parameter === "mode";
  const input = h("input", {
    id,
    name: field.parameter,
    type: "text",
    inputmode: isMode ? "text" : "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-refusal`,
    list: isMode ? `${id}-codes` : null,
    oninput: type,
    onblur: () => update(),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "Escape" && isTyped()) drop();
    },
  });
  const refusal = h("span", { id: `${id}-refusal`, class: "refusal", lang: "en" });
  const number = h("span", { class: "figure-number", "aria-hidden": "true" }, String(field.number));
  const unitText = field.unit === "" ? null : h("span", { class: "unit" }, field.unit);
  const label = h("label", { for: id }, number, t(field.label));
  const element = h("div", { class: "field" }, label, input, unitText, isMode ? listCodes() : null, refusal);

  function listCodes() {
    const options = Object.entries(modeCodes).map(([mode, code]) =>
      h("option", { value: code, label: t(`mode.${mode as keyof typeof modeCodes}`) }),
    );
    return h("datalist", { id: `${id}-codes` }, ...options);
  }
  function type() {
    drafts.type(unit, field.parameter, input.value);
    onTyped();
  }
  function drop() {
    drafts.type(unit, field.parameter, "");
    input.value = shown();
    onTyped();
  }
  function isTyped() {
    return drafts.typedOf(unit).has(field.parameter);
  }
  function shown() {
    const state = live.unit(unit);
    return state === undefined ? "" : field.read(state);
  }
  function isRefused() {
    return drafts.refusedOf(unit)?.parameter === field.parameter;
  }
  function update() {
    const typed = drafts.typedOf(unit).get(field.parameter);
    const text = typed ?? shown();
    const isEdited = document.activeElement === input;
    if (input.value !== text && !(isEdited && typed === undefined)) input.value = text;
    element.classList.toggle("typed", typed !== undefined);
    setAttribute(input, "aria-invalid", String(isRefused()));
    setText(refusal, isRefused() ? (drafts.refusedOf(unit)?.message ?? "") : "");
  }
  return { element, update, isRefused, focus: () => input.focus() };
}
