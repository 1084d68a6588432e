import { createUnitCharts } from "../charts/unit-charts.ts";
import { createFlowPicture } from "../homes/flow-picture.ts";
import { createHardwareForm } from "../homes/hardware-form.ts";
import { createUnitCard } from "../homes/unit-card.ts";
import type { Context, Part } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";

/** One unit: its energy flow as it is now, its card, and its charts. */
export function createUnitView(context: Context, unit: string): Part {
  const { t, live, closing } = context;
  const picture = createFlowPicture(context, unit);
  const card = createUnitCard(context, unit);
  const charts = createUnitCharts(context, unit);
  const hardware = createHardwareForm(context, unit);
  const display = h("p", { class: "display" });
  const missing = h("p", { class: "hint" }, t("unknownUnit", { unit }));
  const loading = h("p", { class: "hint" }, t("loading"));
  const chooser = h("select", { id: "choose-unit", onchange: () => choose(chooser.value) });
  const cardHeading = h("h2", { class: "unseen" }, t("cardOf", { unit }));
  const flowPanel = h("div", { class: "panel" }, picture.element);
  const cardPanel = h("section", { class: "card" }, cardHeading, display, card.element);
  const body = h("div", { class: "unit-view" }, flowPanel, cardPanel, charts.element, hardware.element);
  const previous = createStep("previousHome", "←", -1);
  const next = createStep("nextHome", "→", 1);
  const label = h("label", { class: "unseen", for: "choose-unit" }, t("chooseUnit"));
  const choice = h("div", { class: "toolbar" }, label, previous, chooser, next);
  const head = h("div", { class: "view-head" }, h("h1", {}, t("unitHeading", { unit })), choice);
  const element = h("section", {}, head, loading, missing, body);
  const parts = [picture, card, charts, hardware];
  let listing = 0;
  closing.addEventListener("abort", () => clearTimeout(listing));

  /** A button that leads to the home before or behind this one. */
  function createStep(name: "previousHome" | "nextHome", sign: string, step: number) {
    const lead = () => {
      const units = live.state?.units ?? [];
      const place = units.findIndex(({ id }) => id === unit);
      const to = units[(place + step + units.length) % units.length];
      if (to !== undefined) choose(to.id);
    };
    return h("button", { type: "button", "aria-label": t(name), title: t(name), onclick: lead }, sign);
  }
  function choose(id: string) {
    location.hash = `#/unit/${id}`;
  }
  function createOption(id: string) {
    return h("option", { value: id, selected: id === unit }, id);
  }
  /** A thousand options take longer than a view may: they follow the first frame. */
  function listUnits() {
    const units = live.state?.units ?? [];
    if (chooser.options.length === units.length || listing !== 0) return;
    if (chooser.options.length === 0) chooser.append(createOption(unit));
    listing = window.setTimeout(() => {
      listing = 0;
      chooser.replaceChildren(...(live.state?.units ?? []).map(({ id }) => createOption(id)));
    });
  }
  return {
    element,
    update() {
      listUnits();
      const state = live.unit(unit);
      loading.hidden = live.state !== null;
      missing.hidden = live.state === null || state !== undefined;
      body.hidden = state === undefined;
      setText(display, state?.display ?? "");
      for (const part of parts) part.update();
    },
  };
}
