import { createChart } from "../charts/chart.ts";
import type { ChartLine } from "../charts/chart-options.ts";
import { createHistoryLoader } from "../charts/history-loader.ts";
import { createHomeChooser } from "../charts/home-chooser.ts";
import { createRangeControl } from "../charts/range-control.ts";
import { resolveRange } from "../charts/time-range.ts";
import { powerLines } from "../charts/unit-charts.ts";
import { type CommunityHistory, read, type UnitHistory } from "../frame/api.ts";
import type { Context, Part } from "../frame/context.ts";
import { h } from "../frame/dom.ts";
import { epochOf } from "../frame/formatting.ts";

const homeColors = ["solar", "ac", "demand", "wasted", "grid"];

/** The community over simulated time: a band of charges with chosen homes on top, and summed powers. */
export function createChartsView(context: Context): Part {
  const { t, live } = context;
  const zoom = (fromS: number, toS: number) => range.choose({ kind: "span", fromS, toS });
  const style = { unit: "%", bounds: [0, 100], hasBand: true, syncKey: "community" } as const;
  const charge = createChart(context, t("chartChargeBand"), style, zoom);
  const powers = createChart(context, t("chartPowerSums"), { unit: "W", syncKey: "community" }, zoom);
  const loader = createHistoryLoader(live, load);
  const range = createRangeControl(context, { kind: "newest", lengthS: 7 * 86_400 }, () => loader.reload());
  const homes = createHomeChooser(context, homeColors.length, () => loader.reload());
  const panel = h(
    "div",
    { class: "panel charts" },
    range.element,
    homes.element,
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
    const community = await read<CommunityHistory>("/history", span);
    const resolution = String(community.resolutionS);
    const chosen = homes.chosen.filter((unit) => live.unit(unit) !== undefined);
    const histories = await Promise.all(
      chosen.map((unit) => read<UnitHistory>("/history", { ...span, unit, resolution })),
    );
    if (!isWanted()) return;
    const epochS = epochOf(state.time, state.timeS);
    const { rsocP5, rsocMedian, rsocP95, timeS } = community;
    const band: ChartLine[] = [
      { label: t("percentile5"), color: "battery", values: rsocP5, thin: true },
      { label: t("percentile95"), color: "battery", values: rsocP95, thin: true },
      { label: t("median"), color: "battery", values: rsocMedian },
    ];
    const lines = histories.map((history, index) => ({
      label: chosen[index] ?? "",
      color: homeColors[index] ?? "ink",
      values: alignTo(timeS, history),
      dash: [6, 3],
    }));
    charge.show(timeS, [...band, ...lines], epochS);
    powers.show(timeS, powerLines(t, community, community.exchangeW), epochS);
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

/** The charges of a home at the community's moments. */
function alignTo(timeS: readonly number[], history: UnitHistory): (number | null)[] {
  const chargeAt = new Map(history.timeS.map((second, index) => [second, history.rsoc[index] ?? null]));
  return timeS.map((second) => chargeAt.get(second) ?? null);
}
