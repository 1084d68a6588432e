import type { Context, Part } from "../live/context.ts";
import { h, setAttribute, setText } from "../page/dom.ts";
import { followPrinting, isPrinting } from "../page/printing.ts";
import { toPlainText } from "../words/typed-text.ts";
import { tableColumns } from "./table-columns.ts";
import { createTableRow } from "./table-row.ts";
import { chooseRows, type TableWish, type UnitKind, unitKinds, visibleRows } from "./table-rows.ts";

/** As in the style sheet. */
const rowHeightPx = 34;

/** All units in a table that sorts and filters. Only rows in or near sight are rendered. */
export function createUnitTable(context: Context): Part {
  const { t, live, closing } = context;
  let wish: TableWish = { column: "id", isDescending: false, text: "", kind: "all" };
  const filter = h("input", { id: "filter", type: "search", autocomplete: "off", oninput: applyFilter });
  const kind = h(
    "select",
    { id: "filter-kind", "aria-label": t("filterKind"), onchange: applyFilter },
    ...unitKinds.map((each) => h("option", { value: each }, t(`kind.${each}`))),
  );
  const count = h("span", { class: "count", role: "status" });
  const none = h("p", { class: "hint" });
  const label = h("label", { for: "filter" }, t("filter"));
  const toolbar = h("div", { class: "toolbar", role: "search" }, label, filter, kind, count);
  const headers = tableColumns.map((column) => {
    const unit = column.unit === "" ? "" : ` [${column.unit}]`;
    const button = h(
      "button",
      { type: "button", onclick: () => sortBy(column.name) },
      t(column.label) + unit,
    );
    return h("th", { scope: "col", class: column.isNumber ? "number" : "" }, button);
  });
  const above = h("td", { colspan: tableColumns.length });
  const below = h("td", { colspan: tableColumns.length });
  const spacers = [above, below].map((cell) => h("tr", { class: "spacer", "aria-hidden": "true" }, cell));
  const body = h("tbody", {}, ...spacers);
  const table = h("table", { class: "units" }, h("thead", {}, h("tr", {}, ...headers)), body);
  const name = { tabindex: 0, role: "region", "aria-label": t("allUnits") };
  const scroll = h("div", { class: "table-scroll", ...name, onscroll: () => showRows() }, table);
  const element = h("section", { class: "panel" }, h("h2", {}, t("allUnits")), toolbar, none, scroll);
  followPrinting(() => showRows(), closing);
  const rowOf = new Map<string, ReturnType<typeof createTableRow>>();
  let rows = chooseRows([], wish);

  function applyFilter() {
    wish = { ...wish, text: toPlainText(filter.value), kind: kind.value as UnitKind };
    scroll.scrollTop = 0;
    update();
  }
  function sortBy(column: string) {
    const isDescending = wish.column === column ? !wish.isDescending : column !== "id";
    wish = { ...wish, column, isDescending };
    update();
  }
  function update() {
    const units = live.state?.units ?? [];
    rows = chooseRows(units, wish);
    const counts = { shown: rows.length, count: units.length };
    setText(count, t("shownOf", counts));
    setText(
      none,
      live.state === null ? t("loading") : units.length > 0 && rows.length === 0 ? t("noneShown") : "",
    );
    setAttribute(table, "aria-rowcount", String(rows.length + 1));
    tableColumns.forEach((column, index) => {
      const order = wish.isDescending ? "descending" : "ascending";
      setAttribute(headers[index] as Element, "aria-sort", wish.column === column.name ? order : "none");
    });
    showRows();
  }
  function showRows() {
    const viewHeight = scroll.clientHeight || 600;
    const inSight = visibleRows(rows.length, rowHeightPx, scroll.scrollTop, viewHeight);
    const { first, last } = isPrinting() ? { first: 0, last: rows.length } : inSight;
    const shown = rows.slice(first, last).map((unit, index) => {
      const row = rowOf.get(unit.id) ?? createTableRow(context, unit.id);
      rowOf.set(unit.id, row);
      row.show(unit, first + index);
      return row.element;
    });
    above.style.height = `${first * rowHeightPx}px`;
    below.style.height = `${(rows.length - last) * rowHeightPx}px`;
    placeRows(shown);
  }
  /** Puts rows in their places without moving those that stand right: a focused link keeps the focus. */
  function placeRows(shown: readonly HTMLElement[]) {
    const wanted = new Set<Element>(shown);
    for (const row of [...body.children].slice(1, -1)) {
      if (wanted.has(row)) continue;
      row.remove();
      rowOf.delete((row as HTMLElement).dataset.unit ?? "");
    }
    const focused = document.activeElement;
    shown.forEach((row, index) => {
      if (body.children[index + 1] !== row) body.insertBefore(row, body.children[index + 1] ?? null);
    });
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true });
  }
  return { element, update };
}
