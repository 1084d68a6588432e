import type { Row } from "../../series/read-rows.ts";
import type { Layout } from "../layout.ts";
import { findUnitIn } from "../units.ts";
import { type CalendarColumns, readCalendar } from "./calendar-columns.ts";
import { findColumn, isBlank } from "./find-column.ts";

const isHeader = ({ cells }: Row) => /^year,mo,dy,hr\b/i.test(cells.map((cell) => cell.trim()).join(","));
const missing = -999;

/** Hourly values of NASA POWER. */
export const power: Layout = {
  name: "power",
  looks: "-BEGIN HEADER- … -END HEADER-, YEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN",
  recognise: ({ rows }) => {
    if (/^-begin header-/i.test(rows[0]?.cells[0]?.trim() ?? "")) return "it begins with -BEGIN HEADER-";
    return rows.some(isHeader) ? "a header of YEAR, MO, DY, HR" : null;
  },
  open({ head, readings, numbers, understood }) {
    const header = head.rows.find(isHeader) ?? (head.rows[0] as Row);
    const column = findColumn(header, /^(ALLSKY|CLRSKY)_SFC_SW_DWN/i, "ALLSKY_SFC_SW_DWN");
    const at = ["YEAR", "MO", "DY", "HR"].map((name) =>
      findColumn(header, new RegExp(`^${name}$`, "i"), name),
    );
    const columns = at as unknown as CalendarColumns;
    const texts = head.rows
      .filter(({ number }) => number < header.number)
      .map(({ cells }) => cells.join(","));
    const about = texts.join("\n");
    const line = texts.find((text) => /SFC_SW_DWN/i.test(text)) ?? "";
    understood.unit = findUnitIn(line.replace(/MJ\/hr/i, "MJ/m2")) ?? "Wh/m2";
    understood.labels = "begin";
    understood.isStandardTime = true;
    understood.isUtc = /\bUTC\b|\bGMT\b/.test(about) && !/\bLST\b/.test(about);
    understood.zone = understood.isUtc
      ? "UTC"
      : /\bLST\b/.test(about)
        ? "local solar time"
        : "not said: taken as local solar time";
    const place = /longitude[^-\d]*(-?[\d.]+)/i.exec(about);
    if (place !== null) understood.standardOffsetHours = Math.round(Number(place[1]) / 15);
    const list = readings.listOf("irradiance", "sun");
    return (row) => {
      if (row.number <= header.number || isBlank(row)) return;
      const value = numbers.read(row, column);
      list?.push(readCalendar(row, columns, numbers), value === missing ? Number.NaN : value, row.number);
    };
  },
};
