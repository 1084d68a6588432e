import type { UnitStateJson } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h, setAttribute, setText } from "../page/dom.ts";
import { tellTroubles } from "./fault-texts.ts";
import { tableColumns } from "./table-columns.ts";

/** One unit's row; the charge has a bar behind its number. */
export function createTableRow(context: Context, unit: string) {
  const { t, formats } = context;
  const link = h("a", { href: `#/unit/${unit}` }, unit);
  const badge = h("span", { class: "fault-badge" });
  const cells = tableColumns.map((column) =>
    column.name === "id"
      ? h("th", { scope: "row" }, link, badge)
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
      const troubles = tellTroubles(context, [state]);
      badge.hidden = troubles === "";
      setText(badge, troubles === "" ? "" : "⚠");
      setAttribute(badge, "title", troubles);
      setAttribute(badge, "aria-label", troubles);
      setAttribute(element, "data-mode", state.converterMode);
    },
  };
}
