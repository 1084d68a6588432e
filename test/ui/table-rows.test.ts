import { expect, test } from "vitest";
import { chooseRows, type TableWish, visibleRows } from "../../src/ui/homes/table-rows.ts";
import { unitState } from "./unit-state.ts";

const units = [
  unitState({ id: "E001", display: "North", stateOfChargePercent: 30, converterMode: "charging" }),
  unitState({ id: "E002", display: "South", stateOfChargePercent: 90 }),
  unitState({ id: "E010", display: "East", stateOfChargePercent: 30, upsMode: "bypass" }),
  unitState({ id: "E1000", display: "West", stateOfChargePercent: 60, acCharging: true }),
];
const wish: TableWish = { column: "id", isDescending: false, text: "", kind: "all" };
const ids = (given: Partial<TableWish>) => chooseRows(units, { ...wish, ...given }).map((unit) => unit.id);

test("U27: IDs are sorted as numbers, either way", () => {
  expect(ids({})).toEqual(["E001", "E002", "E010", "E1000"]);
  expect(ids({ isDescending: true })).toEqual(["E1000", "E010", "E002", "E001"]);
});

test("U27: Equal values keep the order of the IDs", () => {
  expect(ids({ column: "stateOfChargePercent" })).toEqual(["E001", "E010", "E1000", "E002"]);
});

test("U27: A filter finds parts of IDs and names, in any case", () => {
  expect(ids({ text: " sOu " })).toEqual(["E002"]);
  expect(ids({ text: "e00" })).toEqual(["E001", "E002"]);
  expect(ids({ text: "e2" })).toEqual(["E002"]);
  expect(ids({ text: "Ｅ１０００" })).toEqual(["E1000"]);
  expect(ids({ text: "nothing" })).toEqual([]);
});

test("U27: A filter by what units do", () => {
  expect(ids({ kind: "trading" })).toEqual(["E001"]);
  expect(ids({ kind: "bypass" })).toEqual(["E010"]);
  expect(ids({ kind: "acCharging" })).toEqual(["E1000"]);
  expect(ids({ kind: "waiting", text: "west" })).toEqual(["E1000"]);
});

test("U27: Only rows in and near sight are rendered, wherever one has scrolled", () => {
  expect(visibleRows(1000, 34, 0, 340)).toEqual({ first: 0, last: 18 });
  expect(visibleRows(1000, 34, 3400, 340)).toEqual({ first: 92, last: 118 });
  expect(visibleRows(1000, 34, 34_000, 340)).toEqual({ first: 992, last: 1000 });
  expect(visibleRows(3, 34, 34_000, 340)).toEqual({ first: 3, last: 3 });
  expect(visibleRows(0, 34, 0, 340)).toEqual({ first: 0, last: 0 });
});
