import { InputFileError } from "../../series/input-file-error.ts";
import type { Layout } from "../layout.ts";
import { type CalendarColumns, readCalendar } from "./calendar-columns.ts";
import { isBlank } from "./find-column.ts";

const headerLines = 8;
const columns: CalendarColumns = [0, 1, 2, 3];
const globalHorizontal = 13;
const missing = 9999;

/** EnergyPlus weather: 8 header lines, then 35 fields, hours 1 to 24 that end at the label. */
export const epw: Layout = {
  name: "epw",
  looks: "LOCATION,city,state,country,… then 35 unnamed fields a row",
  recognise: ({ rows }) => {
    const cells = rows[0]?.cells ?? [];
    return /^location$/i.test(cells[0]?.trim() ?? "") && cells.length >= 9
      ? "it begins with LOCATION, city, state …"
      : null;
  },
  open({ head, readings, numbers, understood }) {
    const offset = Number(head.rows[0]?.cells[8]);
    understood.unit = "Wh/m2";
    understood.labels = "end";
    understood.isStandardTime = true;
    understood.mayBeTypical = true;
    understood.zone = `local standard time${Number.isFinite(offset) ? ` (UTC${offset < 0 ? "−" : "+"}${Math.abs(offset)})` : ""}`;
    const list = readings.listOf("irradiance", "sun");
    return (row) => {
      if (row.number <= headerLines || isBlank(row)) return;
      if (row.cells.length <= globalHorizontal)
        throw new InputFileError(row.file, row.number, null, `${row.cells.length} fields where 35 belong`);
      const value = numbers.read(row, globalHorizontal);
      list?.push(readCalendar(row, columns, numbers), value >= missing ? Number.NaN : value, row.number);
    };
  },
};
