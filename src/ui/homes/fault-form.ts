import {
  type FaultKind,
  type FaultParameter,
  type FaultParameterName,
  faultKindNames,
  faultParameters,
  parametersOf,
} from "../../input/faults/kinds.ts";
import type { Context } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { h } from "../page/dom.ts";
import { readHomeId, readTypedNumber, toPlainText } from "../words/typed-text.ts";

/** A form that adds a fault: kinds and what they take are those of the table. */
export function createFaultForm(context: Context): HTMLElement {
  const { t } = context;
  const kind = h(
    "select",
    { id: "fault-kind", onchange: showParameters },
    ...faultKindNames.map((each) => h("option", { value: each }, t(`fault.${each}`))),
  );
  const text = { type: "text", autocomplete: "off", spellcheck: "false" };
  const unit = h("input", { ...text, id: "fault-unit", placeholder: "E001" });
  const at = h("input", { ...text, id: "fault-at", placeholder: "2020-01-31T12:00:00" });
  const lasting = h("input", { ...text, id: "fault-for", inputmode: "decimal" });
  const own = h("div", { class: "fault-fields" });
  const add = h("button", { type: "submit", class: "main changes" }, t("addFault"));
  const said = h("p", { class: "said" });
  let inputs = new Map<FaultParameterName, HTMLInputElement | HTMLSelectElement>();
  const fields = h(
    "div",
    { class: "fault-fields" },
    field("fault-kind", t("faultKind"), kind),
    field("fault-unit", t("faultUnit"), unit),
    field("fault-at", t("faultAt"), at),
    field("fault-for", t("faultFor"), lasting),
  );
  const form = h(
    "form",
    { class: "fault-form changes", "aria-label": t("addFault"), novalidate: true, onsubmit: send },
    fields,
    own,
    add,
    said,
  );
  showParameters();
  return h("div", { "data-speaks": true }, form);

  function field(id: string, label: string, input: HTMLElement) {
    return h("div", { class: "fault-field" }, h("label", { for: id }, label), input);
  }
  function showParameters() {
    inputs = new Map(
      parametersOf(kind.value as FaultKind).map((name) => [name, createInput(name, faultParameters[name])]),
    );
    own.replaceChildren(
      ...[...inputs].map(([name, input]) => field(input.id, t(`faultTakes.${name}`), input)),
    );
  }
  function createInput(name: FaultParameterName, parameter: FaultParameter) {
    const id = `fault-${name}`;
    if ("options" in parameter) {
      const options = parameter.options.map((option) => h("option", { value: option }, option));
      return h("select", { id }, h("option", { value: "" }, ""), ...options);
    }
    const hint = "min" in parameter ? `${parameter.min} … ${parameter.max}` : "4010 0080 0000";
    return h("input", { ...text, id, placeholder: hint });
  }
  async function send(event: SubmitEvent) {
    event.preventDefault();
    const number = (typed: string) => {
      const read = readTypedNumber(typed);
      return read.kind === "number" ? read.text : toPlainText(typed);
    };
    const told = {
      kind: kind.value,
      unit: unit.value.trim() === "" ? "" : readHomeId(unit.value),
      at: toPlainText(at.value),
      for: number(lasting.value),
      ...Object.fromEntries(
        [...inputs].map(([name, { value }]) => [
          name,
          "min" in faultParameters[name] ? number(value) : toPlainText(value),
        ]),
      ),
    };
    const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== ""));
    await runAction(context, add, async ({ command, live, say }) => {
      const { id } = (await command("/faults/add", given)) as { readonly id: number };
      await live.refresh();
      say(t("saidFaultAdded", { id }));
    });
  }
}
