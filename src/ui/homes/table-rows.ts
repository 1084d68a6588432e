import type { UnitStateJson } from "../live/api.ts";
import { readHomeId } from "../words/typed-text.ts";
import { type TableColumn, tableColumns } from "./table-columns.ts";

/** Which units a table shows, by what they do. */
export const unitKinds = ["all", "trading", "waiting", "acCharging", "bypass", "curtailed"] as const;
export type UnitKind = (typeof unitKinds)[number];

const isKind: Readonly<Record<UnitKind, (unit: UnitStateJson) => boolean>> = {
  all: () => true,
  trading: (unit) => unit.converterMode !== "waiting",
  waiting: (unit) => unit.converterMode === "waiting",
  acCharging: (unit) => unit.acCharging,
  bypass: (unit) => unit.upsMode === "bypass",
  curtailed: (unit) => unit.curtailedSolarPowerW > 0,
};

export interface TableWish {
  readonly column: string;
  readonly isDescending: boolean;
  /** Part of a unit's ID or display name. */
  readonly text: string;
  readonly kind: UnitKind;
}

/** The units that a table shows, in its order; equal ones stay in the order of their IDs. */
export function chooseRows(units: readonly UnitStateJson[], wish: TableWish): UnitStateJson[] {
  const wanted = wish.text.trim().toLowerCase();
  const ofKind = units.filter(isKind[wish.kind]);
  const named = ofKind.filter(({ id, display }) =>
    [id, display].some((name) => name.toLowerCase().includes(wanted)),
  );
  const rows = named.length > 0 ? named : ofKind.filter(({ id }) => id === readHomeId(wish.text));
  const column = tableColumns.find(({ name }) => name === wish.column) ?? (tableColumns[0] as TableColumn);
  const sense = wish.isDescending ? -1 : 1;
  return rows.sort((a, b) => sense * compare(column.sortValue(a), column.sortValue(b)));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/** The rows that are rendered: those in sight and `margin` more on either side. */
export function visibleRows(
  count: number,
  rowHeight: number,
  scrollTop: number,
  viewHeight: number,
  margin = 8,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const last = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + margin);
  return { first: Math.min(first, last), last };
}
