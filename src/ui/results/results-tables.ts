import type { Results } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";
import { comesIn, type EnergyPart, goesOut, numbers, totalOf } from "./energy-parts.ts";

/** The accounts of a span as a table, with what they are held against and the difference where there is any. */
export function createAccountTable(
  { t, formats }: Context,
  { total }: Results,
  against: Results | null,
): HTMLElement {
  const others = against?.total.energies ?? null;
  const heads: TextKey[] =
    others === null ? ["account", "energy"] : ["account", "energy", "heldAgainst", "difference"];
  const isThere = (part: EnergyPart) =>
    !part.isRare || part.of(total.energies) !== 0 || (others !== null && part.of(others) !== 0);
  const row = (label: string, wh: number, otherWh: number | null, color: string | null) =>
    h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        color === null ? null : h("span", { class: `swatch color-${color}`, "aria-hidden": "true" }),
        ` ${label}`,
      ),
      h("td", {}, formats.energy(wh)),
      ...(otherWh === null
        ? []
        : [
            h("td", {}, formats.energy(otherWh)),
            h("td", {}, signed(formats.energy(wh - otherWh), wh - otherWh)),
          ]),
    );
  const group = (label: TextKey, parts: readonly EnergyPart[], isSum: boolean) => {
    const sum = row(t(label), totalOf(parts, total.energies), others && totalOf(parts, others), null);
    sum.className = "sum";
    return h(
      "tbody",
      {},
      isSum
        ? sum
        : h("tr", { class: "sum" }, h("th", { scope: "rowgroup", colspan: heads.length }, t(label))),
      ...parts
        .filter(isThere)
        .map((part) => row(t(part.label), part.of(total.energies), others && part.of(others), part.color)),
    );
  };
  return h(
    "table",
    { class: "numbers" },
    h("thead", {}, h("tr", {}, ...heads.map((key) => h("th", { scope: "col" }, t(key))))),
    group("comesIn", comesIn, true),
    group("goesOut", goesOut, true),
    group("further", numbers, false),
  );
}

/** One home a row, each leading to its own results. */
export function createHomeTable(
  { t, formats, live }: Context,
  { homes }: Results,
  addressOf: (unit: string) => string,
): HTMLElement {
  const columns: [TextKey, (home: Results["homes"][number]) => string][] = [
    ["selfSufficiency", (home) => share(home.selfSufficiency)],
    ["demand", ({ energies: e }) => formats.energy(e.demandWh - e.unservedWh)],
    ["solar", ({ energies: e }) => formats.energy(e.solarWh - e.clippedSolarWh - e.curtailedSolarWh)],
    ["acIntake", (home) => formats.energy(home.energies.acIntakeWh)],
    ["toNeighbours", (home) => formats.energy(home.energies.toDcGridWh)],
    ["fromNeighbours", (home) => formats.energy(home.energies.fromDcGridWh)],
    ["cycles", (home) => (home.batteryCycles === null ? "–" : formats.number(round(home.batteryCycles)))],
  ];
  if (homes.some(({ energies }) => energies.unservedWh !== 0))
    columns.splice(2, 0, ["unserved", (home) => formats.energy(home.energies.unservedWh)]);
  const share = (ratio: number | null) => (ratio === null ? "–" : formats.quantity(100 * ratio, "%"));
  return h(
    "table",
    { class: "numbers" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("columnUnit")),
        ...columns.map(([key]) => h("th", { scope: "col" }, t(key))),
      ),
    ),
    h(
      "tbody",
      {},
      ...homes.map((home) => {
        const display = live.unit(home.unit)?.display ?? "";
        const link = h("a", { href: addressOf(home.unit) }, home.unit);
        const name = display === "" || display === home.unit ? "" : ` ${display}`;
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, link, name),
          ...columns.map(([, tell]) => h("td", {}, tell(home))),
        );
      }),
    ),
  );
}

/** A difference that is no less says so. */
export function signed(text: string, value: number): string {
  return value > 0 ? `+${text}` : text;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
