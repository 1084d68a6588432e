import type { Context } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";
import type { CommunitySums } from "./community-sums.ts";

type Share = readonly [name: keyof CommunitySums, label: TextKey, color: string];

const shares: Readonly<Record<"comesIn" | "goesOut", readonly Share[]>> = {
  comesIn: [
    ["solarW", "solar", "solar"],
    ["acIntakeW", "acIntake", "ac"],
    ["dischargingW", "fromBatteries", "battery"],
  ],
  goesOut: [
    ["demandW", "demand", "demand"],
    ["chargingW", "intoBatteries", "battery"],
    ["soldW", "sold", "ac"],
    ["lossW", "losses", "loss"],
    ["wastedW", "wasted", "wasted"],
  ],
};

/** What comes in and where it goes, as two bars of one scale: they end together, for nothing gets lost. */
export function createBalanceBars({ t, formats }: Context) {
  const rows = (["comesIn", "goesOut"] as const).map((side) => {
    const parts = shares[side].map(([name, label, color]) => {
      const value = h("span", { class: "value" });
      const swatch = h("span", { class: `swatch color-${color}`, "aria-hidden": "true" });
      const item = h("li", {}, swatch, `${t(label)} `, value);
      return { name, value, item, bar: h("span", { class: `balance-part color-${color}` }) };
    });
    const legend = parts.map(({ item }) => item);
    const bar = h("div", { class: "balance-bar", "aria-hidden": "true" }, ...parts.map((part) => part.bar));
    const total = h("span", { class: "value" });
    const name = h("h3", {}, `${t(side)} `, total);
    const list = h("ul", { class: "legend" }, ...legend);
    return { parts, total, element: h("div", { class: "balance-row" }, name, bar, list) };
  });
  return {
    element: h("div", { class: "balance" }, ...rows.map((row) => row.element)),
    show(sums: CommunitySums) {
      const totals = rows.map((row) => row.parts.reduce((total, part) => total + sums[part.name], 0));
      const scaleW = Math.max(...totals, 1);
      rows.forEach((row, index) => {
        setText(row.total, formats.power(totals[index] ?? 0));
        for (const part of row.parts) {
          setText(part.value, formats.power(sums[part.name]));
          part.item.hidden = part.name === "soldW" && sums.soldW === 0;
          part.bar.style.width = `${(Math.max(0, sums[part.name]) / scaleW) * 100}%`;
        }
      });
    },
  };
}
