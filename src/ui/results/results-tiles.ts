import type { Results } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";
import { signed } from "./results-tables.ts";

type Tell = (results: Results) => number | null;

/** What is looked for first, each with its difference to what it is held against. */
export function createResultTiles(
  { t, formats }: Context,
  results: Results,
  against: Results | null,
): HTMLElement {
  const percent = (value: number) => formats.quantity(100 * value, "%");
  const points = (value: number) => t("points", { points: formats.bare(100 * value, "%") });
  const count = (value: number) => formats.number(Math.round(value * 100) / 100);
  const energy =
    (name: keyof Results["total"]["energies"]): Tell =>
    (of) =>
      of.total.energies[name];
  const tiles: readonly [TextKey, Tell, (value: number) => string, (value: number) => string][] = [
    ["selfSufficiency", (of) => of.total.selfSufficiency, percent, points],
    ["selfConsumption", (of) => of.total.selfConsumption, percent, points],
    ["acIntake", energy("acIntakeWh"), formats.energy, formats.energy],
    ["exchanged", energy("fromDcGridWh"), formats.energy, formats.energy],
    [
      "losses",
      ({ total: { energies: e } }) => e.acLossWh + e.dcLossWh + e.batteryLossWh + e.saleLossWh,
      formats.energy,
      formats.energy,
    ],
    ["curtailedSolar", energy("curtailedSolarWh"), formats.energy, formats.energy],
    ["cycles", (of) => of.total.batteryCycles, count, count],
  ];
  const { energies } = results.total;
  const hours = energies.unservedS / 3600;
  const rare: typeof tiles = [
    ["unserved", energy("unservedWh"), formats.energy, formats.energy],
    ["sold", energy("soldWh"), formats.energy, formats.energy],
    ["cost", ({ total }) => total.energies.importCost - total.energies.exportIncome, count, count],
  ];
  const shown = [
    ...tiles,
    ...rare.filter(([, tell]) => tell(results) !== 0 || (against !== null && tell(against) !== 0)),
  ];
  return h(
    "dl",
    { class: "tiles" },
    energies.unservedS === 0 && energies.timesDark === 0
      ? null
      : tile(t("unservedTime"), t("unservedTimes", { hours: count(hours), times: energies.timesDark }), ""),
    ...shown.map(([label, tell, write, writeDifference]) => {
      const value = tell(results);
      const other = against === null ? null : tell(against);
      const difference = value === null || other === null ? null : value - other;
      const written = value === null ? "–" : write(value);
      return tile(
        t(label),
        written,
        difference === null ? "" : signed(writeDifference(difference), difference),
      );
    }),
  );
}

function tile(name: string, value: string, note: string): HTMLElement {
  return h(
    "div",
    { class: "panel tile" },
    h("dt", {}, name),
    h("dd", { class: "tile-value" }, value),
    h("dd", { class: "tile-note" }, note),
  );
}
