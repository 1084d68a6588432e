import { mayChange } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { modeCodes, type UnitField } from "../live/unit-fields.ts";
import { h, setAttribute, setText } from "../page/dom.ts";

interface FieldInput extends Part {
  isRefused(): boolean;
  focus(): void;
}

/**
 * One input of a card. It follows the unit until something is typed; what is typed stays, however often the
 * unit is read, until it is set, discarded (Escape) or taken out.
 */
export function createFieldInput(
  context: Context,
  unit: string,
  field: UnitField,
  onTyped: () => void,
): FieldInput {
  const { t, live, drafts } = context;
  const id = `${unit}-${field.parameter}`;
  const isMode = field.parameter === "mode";
  const described = field.isRecomputed ? `${id}-note ${id}-refusal` : `${id}-refusal`;
  const common = {
    id,
    name: field.parameter,
    "aria-describedby": described,
    oninput: type,
    onblur: () => update(),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "Escape" && isTyped()) drop();
    },
  };
  const text = { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" };
  const input = isMode ? h("select", common, ...listModes()) : h("input", { ...common, ...text });
  const refusal = h("span", { id: `${id}-refusal`, class: "refusal" });
  const number = h("span", { class: "figure-number", "aria-hidden": "true" }, String(field.number));
  const unitText = field.unit === "" ? null : h("span", { class: "unit" }, field.unit);
  const label = h("label", { for: id }, number, t(field.label));
  const note = field.isRecomputed ? h("small", { id: `${id}-note` }, t("recomputed")) : null;
  const name = h("div", { class: "field-name" }, label, note);
  const kind = isMode ? "field list" : "field";
  const element = h("div", { class: kind }, name, input, unitText, refusal);

  function listModes() {
    return Object.entries(modeCodes).map(([mode, code]) =>
      h("option", { value: code }, `${t(`mode.${mode as keyof typeof modeCodes}`)} (${code})`),
    );
  }
  function type() {
    drafts.type(unit, field.parameter, isMode && input.value === shown() ? "" : input.value);
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
    const isEdited = !isMode && document.activeElement === input;
    if (input.value !== text && !(isEdited && typed === undefined)) input.value = text;
    element.classList.toggle("typed", typed !== undefined);
    input.disabled = mayChange() === false;
    setAttribute(input, "aria-invalid", String(isRefused()));
    setText(refusal, isRefused() ? (drafts.refusedOf(unit)?.explain(context) ?? "") : "");
  }
  return { element, update, isRefused, focus: () => input.focus() };
}
