import type { FaultJson } from "../../api/wire/faults-json.ts";
import type { Context, Part } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { h } from "../page/dom.ts";
import { createFaultForm } from "./fault-form.ts";
import { describeTimes, nameFault } from "./fault-texts.ts";

/** The faults that are on or will be, each with a button that ends it, and a form that adds one. */
export function createFaultPanel(context: Context): Part {
  const { t, live } = context;
  const list = h("ul", { class: "faults" });
  const none = h("p", { class: "hint" }, t("noFaults"));
  const said = h("p", { class: "said" });
  const summary = h("summary", {}, t("addFault"));
  const more = h("details", { class: "changes" }, summary, createFaultForm(context));
  const element = h(
    "section",
    { class: "panel", "data-speaks": true },
    h("h2", {}, t("faultsTitle")),
    h("p", { class: "hint" }, t("faultsHint")),
    none,
    list,
    said,
    more,
  );
  let shown = "";

  function createItem(fault: FaultJson) {
    const { id, unit } = fault;
    const label = { "aria-label": t("endFaultOf", { id }) };
    const button = h(
      "button",
      { type: "button", class: "changes", onclick: () => end(button, id), ...label },
      t("endFault"),
    );
    const whose = unit === null ? t("faultOfAll") : h("a", { href: `#/unit/${unit}` }, unit);
    const times = h("span", { class: "hint" }, describeTimes(context, fault));
    const what = h("span", {}, `${id}: ${nameFault(context, fault)}, `, whose, " ");
    return h("li", { "data-fault": String(id) }, what, times, " ", button);
  }
  async function end(button: HTMLElement, id: number) {
    await runAction(context, button, async ({ command, say }) => {
      await command("/faults/end", { id: String(id) });
      await live.refresh();
      say(t("saidFaultEnded", { id }));
      summary.focus();
    });
  }
  return {
    element,
    update() {
      const { faults = [] } = live.present ?? live.state ?? {};
      none.hidden = faults.length > 0;
      const present = JSON.stringify(faults);
      if (present === shown) return;
      shown = present;
      list.replaceChildren(...faults.map(createItem));
    },
  };
}
