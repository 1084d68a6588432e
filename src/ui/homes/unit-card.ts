import { addressOf } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { unitFields } from "../live/unit-fields.ts";
import { h, setText } from "../page/dom.ts";
import { isoTime } from "../words/formatting.ts";
import { tellTroubles } from "./fault-texts.ts";
import { createFieldInput } from "./field-input.ts";
import { createReadingList } from "./reading-list.ts";
import { showUnitJson } from "./show-json.ts";
import { readUnit, setUnit } from "./unit-actions.ts";

/** The inside of a unit's card below its heading (Figure 4-3). */
export function createUnitCard(context: Context, unit: string): Part {
  const { t, drafts, live } = context;
  const parts = unitFields.map((field) => createFieldInput(context, unit, field, updateDraft));
  const readings = createReadingList(context, unit);
  const refusal = h("p", { class: "refusal" });
  const asOf = h("p", { class: "as-of" });
  const discard = h(
    "button",
    { type: "button", class: "quiet changes", onclick: discardTyped },
    t("discard"),
  );
  const readButton = h(
    "button",
    { type: "button", onclick: () => runAction(context, readButton, (own) => readUnit(own, unit)) },
    t("read"),
  );
  const setButton = h("button", { type: "submit", class: "main changes" }, t("set"));
  const json = h("a", { href: addressOf(`/get/unit/${unit}`), onclick: openJson }, t("showJson"));
  const buttons = h("div", { class: "card-buttons" }, readButton, setButton, json, discard);
  const fields = h("div", { class: "fields" }, ...parts.map((part) => part.element));
  const said = h("p", { class: "said" });
  const form = h(
    "form",
    { onsubmit: set, "aria-label": unit, novalidate: true },
    fields,
    refusal,
    buttons,
    said,
  );
  const badge = h("p", { class: "fault-badge" });
  const element = h("div", { class: "card-body", "data-speaks": true }, badge, form, asOf, readings.element);

  async function set(event: SubmitEvent) {
    event.preventDefault();
    await runAction(context, setButton, (own) => setUnit(own, unit));
    updateDraft();
    parts.find((part) => part.isRefused())?.focus();
  }
  function openJson(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    runAction(context, json, (own) => showUnitJson(own, unit));
  }
  function discardTyped() {
    drafts.discard(unit);
    updateDraft();
    readButton.focus();
  }
  function updateDraft() {
    for (const part of parts) part.update();
    const refused = drafts.refusedOf(unit);
    setText(refusal, refused !== null && refused.parameter === null ? refused.explain(context) : "");
    discard.hidden = drafts.typedOf(unit).size === 0;
  }
  return {
    element,
    update() {
      updateDraft();
      readings.update();
      const state = live.unit(unit);
      const troubles = state === undefined ? "" : tellTroubles(context, [state]);
      badge.hidden = troubles === "";
      setText(badge, troubles);
      const moment = live.momentOf(unit);
      const isAlone = moment !== null && moment !== live.state;
      setText(asOf, isAlone ? t("asOf", { time: isoTime(moment.time) }) : "");
    },
  };
}
