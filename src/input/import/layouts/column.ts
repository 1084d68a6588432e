import { isWord } from "../../series/read-number.ts";
import type { Layout } from "../layout.ts";
import { findUnitIn } from "../units.ts";
import { isBlank } from "./find-column.ts";
import { isValue } from "./table-head.ts";

/** A value a row and nothing else. */
export const column: Layout = {
  name: "column",
  looks: "a value a row, with a header or none",
  recognise({ rows }) {
    const full = rows.filter((row) => !isBlank(row));
    const data = full.slice(isWord(full[0]?.cells[0] ?? "") ? 1 : 0);
    const values = data.filter(({ cells }) => cells.length === 1 && isValue(cells[0] as string));
    const isColumn = values.length > 0 && values.length >= data.length * 0.9;
    return isColumn ? "a value a row" : null;
  },
  open({ head, readings, numbers, understood, quantity }) {
    understood.isDated = false;
    understood.isCounted = true;
    understood.zone = "none: the first value is that of 0:00 of the first day";
    understood.unit ??= findUnitIn(head.rows[0]?.cells[0] ?? "");
    const first = isWord(head.rows[0]?.cells[0] ?? "") ? 2 : 1;
    const list = readings.listOf(quantity, quantity === "irradiance" ? "sun" : "1");
    let blanks = 0;
    let count = 0;
    return (row) => {
      if (row.number < first) return;
      if (isBlank(row)) {
        blanks += 1;
        return;
      }
      // A blank line between values is one that is missing; at the end it is none.
      for (; blanks > 0; blanks--) list?.push(count++, Number.NaN, row.number - blanks);
      list?.push(count++, numbers.read(row, 0), row.number);
    };
  },
};
