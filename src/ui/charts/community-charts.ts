import { type CommunityHistory, read, type UnitHistory } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { createChart } from "./chart.ts";
import type { ChartLine } from "./chart-options.ts";
import { loadMarks } from "./event-marks.ts";
import { type Bins, chargeOf } from "./history-bins.ts";
import { createHistoryPanel, type WantedSpan } from "./history-panel.ts";
import { createHomeChooser } from "./home-chooser.ts";
import { powerLines } from "./unit-charts.ts";

/** Homes have colours of their own, and each its own dashes. */
const homeStyles: readonly (readonly [color: string, dash: readonly number[]])[] = [
  ["home-1", [10, 4]],
  ["home-2", [3, 3]],
  ["home-3", [12, 3, 3, 3]],
  ["home-4", [6, 3]],
  ["home-5", [2, 5]],
  ["home-6", [12, 3, 3, 3, 3, 3]],
];

/** The homes drawn on top, each at its style's place; they stay while other views are looked at. */
const chosenHomes: (string | null)[] = homeStyles.map(() => null);

/** The community over simulated time: a band of charges with chosen homes on top, and summed powers. */
export function createCommunityCharts(context: Context): Part {
  const { t, live } = context;
  const panel = createHistoryPanel(context, () => charge.binsWanted(), load);
  const style = { unit: "%", bounds: [0, 100], syncKey: "community" } as const;
  const charge = createChart(context, panel, t("chartChargeBand"), style);
  const powers = createChart(context, panel, t("chartPowerSums"), { unit: "W", syncKey: "community" });
  const homes = createHomeChooser(context, chosenHomes, panel.reload);
  const element = h(
    "div",
    { class: "panel charts" },
    panel.range,
    homes.element,
    h("p", { class: "hint" }, t("binsHint")),
    charge.element,
    powers.element,
  );

  async function load(span: WantedSpan) {
    const [history, marks] = await Promise.all([read<CommunityHistory>("/history", span), loadMarks(span)]);
    const resolution = String(history.resolutionS);
    const chosen = homes.chosen.filter((unit) => live.unit(unit) !== undefined);
    const histories = await Promise.all(
      chosen.map((unit) => read<UnitHistory>("/history", { unit, ...span, resolution })),
    );
    const { rsocMin, rsocP5, rsoc, rsocMedian, rsocP95, rsocMax } = history;
    const all: ChartLine[] = [
      { label: t("lineMean"), color: "loss", values: rsoc, low: rsocMin, high: rsocMax, dash: [8, 4] },
      { label: t("lineMedian"), color: "battery", values: rsocMedian, low: rsocP5, high: rsocP95 },
    ];
    return {
      history,
      draw(bins: Bins, epochS: number) {
        const lines = histories.map((of, index) => {
          const unit = chosen[index] ?? "";
          const [color = "ink", dash = []] = homeStyles[homes.placeOf(unit)] ?? [];
          return { label: unit, color, dash, ...chargeOf(of, bins) };
        });
        charge.show(bins, [...all, ...lines], epochS, marks);
        powers.show(bins, powerLines(t, history, history.exchangeW), epochS, marks);
      },
    };
  }
  return { element, update: panel.update };
}
