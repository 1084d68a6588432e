import { refuseCell } from "../../series/read-number.ts";
import type { Row } from "../../series/read-rows.ts";
import type { Layout } from "../layout.ts";
import { Moments } from "../moments.ts";
import type { Quantity } from "../quantity.ts";

const isHeader = ({ cells }: Row) =>
  /^customer$/i.test(cells[0]?.trim() ?? "") && /^generator/i.test(cells[1] ?? "");

/** General consumption and controlled load make up the demand; the gross generation is that of the home's own panels. */
const categories: Readonly<Record<string, readonly [Quantity, part: string]>> = {
  GC: ["demand", "GC"],
  CL: ["demand", "CL"],
  GG: ["pv", "GG"],
};

/** Ausgrid's solar homes: a row a customer, category and day, kWh in half hours that end at the label. */
export const ausgrid: Layout = {
  name: "ausgrid",
  looks: "Customer,Generator Capacity,Postcode,Consumption Category,date,0:30 … 0:00",
  recognise: ({ rows }) => (rows.some(isHeader) ? "a header of Customer, Generator Capacity …" : null),
  open({ readings, moments, numbers, understood }) {
    understood.unit = "kWh";
    understood.labels = "end";
    understood.zone = "local clock time, as written";
    moments.isOrderCertain = true;
    understood.notes.push(
      "GC and CL are added up to the demand of a customer; GG is the power of its own panels",
    );
    let values: readonly [index: number, minute: number][] = [];
    let category = -1;
    let date = -1;
    return (row) => {
      const { cells } = row;
      if (isHeader(row)) {
        category = cells.findIndex((cell) => /category/i.test(cell));
        date = cells.findIndex((cell) => /^date$/i.test(cell.trim()));
        values = cells.flatMap((cell, index) => {
          const minute = Moments.ofClock(cell);
          return !Number.isNaN(minute) ? [[index, minute === 0 ? 1440 : minute] as const] : [];
        });
        return;
      }
      if (values.length === 0 || cells.every((cell) => cell.trim() === "")) return;
      const found = categories[(cells[category] ?? "").trim().toUpperCase()];
      if (found === undefined)
        throw refuseCell(row, category, "the consumption category is none of GC, CL and GG");
      const list = readings.listOf(found[0], (cells[0] as string).trim(), found[1]);
      if (list === null) return;
      const day = moments.read(row, date);
      for (const [index, minute] of values) list.push(day + minute, numbers.read(row, index), row.number);
    };
  },
};
