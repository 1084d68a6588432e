import { createChart } from "../charts/chart.ts";
import type { ChartLine } from "../charts/chart-options.ts";
import { binsOf, chargeOf, chooseBinS } from "../charts/history-bins.ts";
import { createHistoryLoader } from "../charts/history-loader.ts";
import { createHomeChooser } from "../charts/home-chooser.ts";
import { createRangeControl } from "../charts/range-control.ts";
import { resolveRange } from "../charts/time-range.ts";
import { powerLines } from "../charts/unit-charts.ts";
import { type ApiError, type CommunityHistory, read, type UnitHistory } from "../frame/api.ts";
import type { Context, Part } from "../frame/context.ts";
import { h } from "../frame/dom.ts";
import { explainError } from "../frame/explain-error.ts";
import { epochOf } from "../frame/formatting.ts";

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
export function createChartsView(context: Context): Part {
  const { t, live } = context;
  const zoom = (fromS: number, toS: number) => range.choose({ kind: "span", fromS, toS });
  const style = { unit: "%", bounds: [0, 100], syncKey: "community" } as const;
  const charge = createChart(context, t("chartChargeBand"), style, zoom);
  const powers = createChart(context, t("chartPowerSums"), { unit: "W", syncKey: "community" }, zoom);
  const loader = createHistoryLoader(live, load, fail);
  const range = createRangeControl(context, { kind: "newest", lengthS: 7 * 86_400 }, () => loader.reload());
  const homes = createHomeChooser(context, chosenHomes, () => loader.reload());
  const panel = h(
    "div",
    { class: "panel charts" },
    range.element,
    homes.element,
    h("p", { class: "hint" }, t("binsHint")),
    charge.element,
    powers.element,
  );
  const element = h(
    "section",
    {},
    h("h1", {}, t("view.charts")),
    h("p", { class: "hint" }, t("chartsHint")),
    panel,
  );

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const span = { from: String(fromS), to: String(toS) };
    const wanted = String(chooseBinS(toS - fromS, charge.binsWanted));
    const community = await read<CommunityHistory>("/history", { ...span, resolution: wanted });
    const resolution = String(community.resolutionS);
    const chosen = homes.chosen.filter((unit) => live.unit(unit) !== undefined);
    const histories = await Promise.all(
      chosen.map((unit) => read<UnitHistory>("/history", { ...span, unit, resolution })),
    );
    if (!isWanted()) return;
    const epochS = epochOf(state.time, state.timeS);
    const bins = binsOf(community);
    range.describe(bins, epochS);
    const { rsocMin, rsocP5, rsoc, rsocMedian, rsocP95, rsocMax } = community;
    const all: ChartLine[] = [
      { label: t("lineMean"), color: "loss", values: rsoc, low: rsocMin, high: rsocMax, dash: [8, 4] },
      { label: t("lineMedian"), color: "battery", values: rsocMedian, low: rsocP5, high: rsocP95 },
    ];
    const lines = histories.map((history, index) => {
      const unit = chosen[index] ?? "";
      const [color = "ink", dash = []] = homeStyles[homes.placeOf(unit)] ?? [];
      return { label: unit, color, dash, ...chargeOf(history, bins) };
    });
    charge.show(bins, [...all, ...lines], epochS);
    powers.show(bins, powerLines(t, community, community.exchangeW), epochS);
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
