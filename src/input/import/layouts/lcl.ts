import type { Layout } from "../layout.ts";
import { findColumn } from "./find-column.ts";

/** Low Carbon London's smart meters: a row a home and half hour, kWh in it. */
export const lcl: Layout = {
  name: "lcl",
  looks: "LCLid,stdorToU,DateTime,KWH/hh (per half hour)",
  recognise: ({ rows }) =>
    /^lclid$/i.test(rows[0]?.cells[0]?.trim() ?? "") ? "a header that begins with LCLid" : null,
  open({ head, readings, moments, numbers, understood }) {
    const header = head.rows[0] as (typeof head.rows)[number];
    const time = findColumn(header, /^(datetime|tstp)/i, "DateTime");
    const value = findColumn(header, /kwh|energy/i, "KWH/hh (per half hour)");
    understood.unit = "kWh";
    understood.labels = "begin";
    understood.zone = "local clock time, as written";
    understood.notes.push(
      "whether a half hour begins or ends at its label is not published; it is taken to begin there",
    );
    return (row) => {
      if (row.number === 1 || (row.cells.length === 1 && row.cells[0]?.trim() === "")) return;
      const list = readings.listOf("demand", (row.cells[0] as string).trim());
      list?.push(moments.read(row, time), numbers.read(row, value), row.number);
    };
  },
};
