import { createCommunityCharts } from "../charts/community-charts.ts";
import type { Context, Part } from "../live/context.ts";
import { h } from "../page/dom.ts";

/** The community over simulated time. */
export function createChartsView(context: Context): Part {
  const { t } = context;
  const charts = createCommunityCharts(context);
  const hint = h("p", { class: "hint" }, t("chartsHint"));
  const element = h("section", {}, h("h1", {}, t("view.charts")), hint, charts.element);
  return { element, update: charts.update };
}
