import { InputFileError } from "../../series/input-file-error.ts";
import type { Row } from "../../series/read-rows.ts";
import type { Layout } from "../layout.ts";
import { type CalendarColumns, readCalendar } from "./calendar-columns.ts";
import { findColumn, isBlank } from "./find-column.ts";

const isHeader = ({ cells }: Row) =>
  /^year,month,day,hour(,minute)?,/i.test(cells.map((cell) => cell.trim()).join(","));

/** The National Solar Radiation Database of NREL: a line of names, a line of values, then a table. */
export const nsrdb: Layout = {
  name: "nsrdb",
  looks: "Source,Location ID,… then Year,Month,Day,Hour,Minute,…,GHI",
  recognise: ({ rows }) => {
    if (/^source,location id/i.test(rows[0]?.cells.join(",") ?? ""))
      return "it begins with Source, Location ID";
    return rows.slice(0, 4).some(isHeader) ? "a header of Year, Month, Day, Hour" : null;
  },
  open({ head, readings, numbers, understood }) {
    const header = head.rows.find(isHeader);
    if (header === undefined)
      throw new InputFileError(head.file, 3, null, "no header of Year, Month, Day, Hour");
    const column = findColumn(header, /^GHI\b/i, "GHI");
    const time = ["Year", "Month", "Day", "Hour"].map((name) =>
      findColumn(header, new RegExp(`^${name}$`, "i"), name),
    );
    const minute = header.cells.findIndex((cell) => /^minute$/i.test(cell.trim()));
    const columns = [...time, minute] as unknown as CalendarColumns;
    const about = (name: RegExp) => {
      const at = head.rows[0]?.cells.findIndex((cell) => name.test(cell.trim())) ?? -1;
      const text = at < 0 || header.number < 3 ? "" : (head.rows[1]?.cells[at] ?? "").trim();
      return text === "" ? Number.NaN : Number(text);
    };
    const [zone, local] = [about(/^time zone$/i), about(/^local time zone$/i)];
    understood.unit = "W/m2";
    understood.labels = "instant";
    understood.isStandardTime = true;
    understood.mayBeTypical = true;
    understood.isUtc = zone === 0 && !Number.isNaN(local) && local !== 0;
    if (understood.isUtc) understood.standardOffsetHours = local;
    const sign = zone < 0 ? "−" : "+";
    understood.zone = understood.isUtc
      ? "UTC"
      : `local standard time${!Number.isNaN(zone) ? ` (UTC${sign}${Math.abs(zone)})` : ""}`;
    const list = readings.listOf("irradiance", "sun");
    return (row) => {
      if (row.number <= header.number || isBlank(row)) return;
      list?.push(readCalendar(row, columns, numbers), numbers.read(row, column), row.number);
    };
  },
};
