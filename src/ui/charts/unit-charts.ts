import { type ApiError, type CommunityHistory, read, type UnitHistory } from "../frame/api.ts";
import type { Context, Part } from "../frame/context.ts";
import { h } from "../frame/dom.ts";
import { explainError } from "../frame/explain-error.ts";
import { epochOf } from "../frame/formatting.ts";
import type { Translate } from "../frame/i18n.ts";
import { createChart } from "./chart.ts";
import type { ChartLine, Column } from "./chart-options.ts";
import { binsOf, chargeOf, chooseBinS } from "./history-bins.ts";
import { createHistoryLoader } from "./history-loader.ts";
import { createRangeControl } from "./range-control.ts";
import { resolveRange } from "./time-range.ts";

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
  const { t, live } = context;
  const zoom = (fromS: number, toS: number) => range.choose({ kind: "span", fromS, toS });
  const charge = createChart(context, t("chartCharge"), { unit: "%", bounds: [0, 100], syncKey: unit }, zoom);
  const powers = createChart(context, t("chartPowers"), { unit: "W", syncKey: unit }, zoom);
  const loader = createHistoryLoader(live, load, fail);
  const range = createRangeControl(context, { kind: "newest", lengthS: 7 * 86_400 }, () => loader.reload());
  const element = h(
    "section",
    { class: "panel charts" },
    h("h2", {}, t("chartsOf", { unit })),
    range.element,
    h("p", { class: "hint" }, t("binsHint")),
    charge.element,
    powers.element,
  );

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const resolution = String(chooseBinS(toS - fromS, charge.binsWanted));
    const history = await read<UnitHistory>("/history", {
      unit,
      from: String(fromS),
      to: String(toS),
      resolution,
    });
    if (!isWanted()) return;
    const epochS = epochOf(state.time, state.timeS);
    const bins = binsOf(history);
    range.describe(bins, epochS);
    charge.show(bins, [{ label: t("charge"), color: "battery", ...chargeOf(history, bins) }], epochS);
    powers.show(bins, powerLines(t, history, history.gridW), epochS);
  }
  function fail(error: ApiError) {
    for (const chart of [charge, powers]) chart.say(explainError(context, error));
  }
  return {
    element,
    update: loader.update,
    close() {
      loader.close();
      charge.close();
      powers.close();
    },
  };
}
