import type { UnitStateJson } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h, setAttribute, setText } from "../page/dom.ts";
import { tableColumns } from "./table-columns.ts";

/** One unit's row; the charge has a bar behind its number. */
export function createTableRow({ t, formats }: Context, unit: string) {
  const link = h("a", { href: `#/unit/${unit}` }, unit);
  const cells = tableColumns.map((column) =>
    column.name === "id"
      ? h("th", { scope: "row" }, link)
      : h("td", { class: `${column.isNumber ? "number " : ""}${column.name}` }),
  );
  const element = h("tr", { "data-unit": unit }, ...cells);
  return {
    element,
    show(state: UnitStateJson, index: number) {
      setAttribute(element, "aria-rowindex", String(index + 2));
      tableColumns.forEach((column, i) => {
        const cell = cells[i];
        if (cell === undefined || column.name === "id") return;
        setText(cell, column.write(state, formats, t));
        if (column.name === "stateOfChargePercent")
          cell.style.backgroundSize = `${Math.max(0, Math.min(100, state.stateOfChargePercent))}% 100%`;
      });
      setAttribute(element, "data-mode", state.converterMode);
    },
  };
}
