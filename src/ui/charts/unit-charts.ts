import { type CommunityHistory, read, type UnitHistory } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { h } from "../page/dom.ts";
import type { Translate } from "../words/i18n.ts";
import { createChart } from "./chart.ts";
import type { ChartLine, Column } from "./chart-options.ts";
import { loadMarks } from "./event-marks.ts";
import { type Bins, chargeOf } from "./history-bins.ts";
import { createHistoryPanel, type WantedSpan } from "./history-panel.ts";

/** The lines of a chart of mean powers; `shared` is what goes over the DC grid. */
export function powerLines(
  t: Translate,
  powers: UnitHistory | CommunityHistory,
  shared: Column,
): ChartLine[] {
  const wasted = powers.wastedW.map((watts, bin) =>
    watts === null ? null : watts - (powers.curtailedW[bin] ?? 0),
  );
  return [
    { label: t("solar"), color: "solar", values: powers.solarW },
    { label: t("demand"), color: "demand", values: powers.demandW },
    { label: t("acIntake"), color: "ac", values: powers.acIntakeW },
    { label: t("shared"), color: "grid", values: shared, dash: [10, 3] },
    { label: t("curtailed"), color: "curtailed", values: powers.curtailedW, dash: [4, 4] },
    { label: t("wasted"), color: "wasted", values: wasted, dash: [2, 3] },
  ];
}

/** Charge and powers of one home over simulated time. */
export function createUnitCharts(context: Context, unit: string): Part {
  const { t } = context;
  const panel = createHistoryPanel(context, () => charge.binsWanted(), load);
  const style = { unit: "%", bounds: [0, 100], syncKey: unit } as const;
  const charge = createChart(context, panel, t("chartCharge"), style);
  const powers = createChart(context, panel, t("chartPowers"), { unit: "W", syncKey: unit });
  const element = h(
    "section",
    { class: "panel charts" },
    h("div", { class: "panel-head" }, h("h2", {}, t("chartsOf", { unit })), panel.range),
    h("p", { class: "hint" }, t("binsHint")),
    charge.element,
    powers.element,
  );

  async function load(span: WantedSpan) {
    const [history, marks] = await Promise.all([
      read<UnitHistory>("/history", { unit, ...span }),
      loadMarks(span, unit),
    ]);
    return {
      history,
      draw(bins: Bins, epochS: number) {
        charge.show(
          bins,
          [{ label: t("charge"), color: "battery", ...chargeOf(history, bins) }],
          epochS,
          marks,
        );
        powers.show(bins, powerLines(t, history, history.gridW), epochS, marks);
      },
    };
  }
  return { element, update: panel.update };
}
