import { createHistoryLoader } from "../charts/history-loader.ts";
import { type Results, read } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";
import { secondsPerDay } from "../words/formatting.ts";

/** What the community has come to since the last simulated midnight. */
export function createTodayTile(context: Context): Part {
  const { t, live, formats } = context;
  const value = h("dd", { class: "tile-value" }, "–");
  const note = h("dd", { class: "tile-note" });
  const loader = createHistoryLoader(context, load, () => {});

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { timeS } = state;
    const fromS = Math.floor(timeS / secondsPerDay) * secondsPerDay;
    const query = { from: String(fromS), to: String(timeS), by: "span" };
    const { total } = await read<Results>("/results", query);
    if (!isWanted()) return;
    const { solarWh, clippedSolarWh, curtailedSolarWh, acIntakeWh } = total.energies;
    setText(value, total.selfSufficiency === null ? "–" : formats.quantity(100 * total.selfSufficiency, "%"));
    const sun = `${t("solar")} ${formats.energy(solarWh - clippedSolarWh - curtailedSolarWh)}`;
    setText(note, `${sun}, ${t("acIntake")} ${formats.energy(acIntakeWh)}`);
  }
  const element = h("div", { class: "panel tile" }, h("dt", {}, t("selfSufficientToday")), value, note);
  return { element, update: loader.update };
}
