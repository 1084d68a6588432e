import { read, type UnitHistory } from "../frame/api.ts";
import type { Context, Part } from "../frame/context.ts";
import { h } from "../frame/dom.ts";
import { epochOf } from "../frame/formatting.ts";
import type { Translate } from "../frame/i18n.ts";
import { createChart } from "./chart.ts";
import type { ChartLine } from "./chart-options.ts";
import { createHistoryLoader } from "./history-loader.ts";
import { createRangeControl } from "./range-control.ts";
import { resolveRange } from "./time-range.ts";

/** The columns of powers that unit and community have in common. */
type Powers = Pick<UnitHistory, "solarW" | "demandW" | "acIntakeW" | "wastedW">;

/** The lines of a chart of powers; `exchange` is what goes over the DC grid. */
export function powerLines(t: Translate, powers: Powers, exchange: readonly (number | null)[]): ChartLine[] {
  return [
    { label: t("solar"), color: "solar", values: powers.solarW },
    { label: t("demand"), color: "demand", values: powers.demandW },
    { label: t("acIntake"), color: "ac", values: powers.acIntakeW },
    { label: t("exchange"), color: "grid", values: exchange },
    { label: t("wasted"), color: "wasted", values: powers.wastedW, dash: [4, 4] },
  ];
}

/** Charge and powers of one unit over simulated time. */
export function createUnitCharts(context: Context, unit: string): Part {
  const { t, live } = context;
  const zoom = (fromS: number, toS: number) => range.choose({ kind: "span", fromS, toS });
  const charge = createChart(context, t("chartCharge"), { unit: "%", bounds: [0, 100], syncKey: unit }, zoom);
  const powers = createChart(context, t("chartPowers"), { unit: "W", syncKey: unit }, zoom);
  const loader = createHistoryLoader(live, load);
  const range = createRangeControl(context, { kind: "newest", lengthS: 7 * 86_400 }, () => loader.reload());
  const element = h(
    "section",
    { class: "panel charts" },
    h("h2", {}, t("chartsOf", { unit })),
    range.element,
    charge.element,
    powers.element,
  );

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const history = await read<UnitHistory>("/history", { unit, from: String(fromS), to: String(toS) });
    if (!isWanted()) return;
    const epochS = epochOf(state.time, state.timeS);
    charge.show(history.timeS, [{ label: t("charge"), color: "battery", values: history.rsoc }], epochS);
    powers.show(history.timeS, powerLines(t, history, history.gridW), epochS);
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
