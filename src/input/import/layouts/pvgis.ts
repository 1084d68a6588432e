import { InputFileError } from "../../series/input-file-error.ts";
import type { Row } from "../../series/read-rows.ts";
import type { Desk, Layout } from "../layout.ts";
import { isBlank } from "./find-column.ts";

const isHourlyHeader = ({ cells }: Row) =>
  /^time$/i.test(cells[0]?.trim() ?? "") && cells.some((cell) => /^(G[bdr]?\(i\)|P)$/.test(cell.trim()));
const isTypicalHeader = ({ cells }: Row) => /^time\(utc\)$/i.test(cells[0]?.trim() ?? "");

/** Hourly values of the European Commission's PVGIS: metadata, a header, rows in UTC, a blank line, a legend. */
export const pvgis: Layout = {
  name: "pvgis",
  looks: "Latitude (decimal degrees): … time,G(i) or time,Gb(i),Gd(i),Gr(i)",
  recognise: ({ rows }) => (rows.some(isHourlyHeader) ? "a header of time and G(i) or its components" : null),
  open(desk) {
    const header = desk.head.rows.find(isHourlyHeader);
    const names = header?.cells.map((cell) => cell.trim()) ?? [];
    const whole = names.indexOf("G(i)");
    const parts = names.flatMap((name, index) => (/^G[bdr]\(i\)$/.test(name) ? [index] : []));
    const isPower = whole < 0 && parts.length === 0;
    desk.understood.labels = "instant";
    desk.understood.unit = isPower ? "W" : "W/m2";
    if (isPower) desk.understood.notes.push("only P is given: it is taken as PV power of a home");
    else if (whole < 0)
      desk.understood.notes.push(`irradiance is the sum of ${parts.map((at) => names[at]).join(", ")}`);
    else if (names.includes("P")) desk.understood.notes.push("P is not read: the irradiance G(i) is");
    const columns = isPower ? [names.indexOf("P")] : whole >= 0 ? [whole] : parts;
    return openTable(desk, isHourlyHeader, columns, isPower ? "pv" : "irradiance");
  },
};

/** The typical year of PVGIS: each month of a year of its own. */
export const pvgisTypical: Layout = {
  name: "pvgis-tmy",
  looks: "month,year … time(UTC),T2m,RH,G(h),Gb(n)",
  recognise: ({ rows }) => (rows.some(isTypicalHeader) ? "a header of time(UTC) and G(h)" : null),
  open(desk) {
    const header = desk.head.rows.find(isTypicalHeader);
    const column = header?.cells.findIndex((cell) => cell.trim() === "G(h)") ?? -1;
    if (column < 0) throw new InputFileError(desk.head.file, header?.number ?? 1, null, "no column G(h)");
    desk.understood.labels = "instant";
    desk.understood.unit = "W/m2";
    desk.understood.mayBeTypical = true;
    return openTable(desk, isTypicalHeader, [column], "irradiance");
  },
};

function openTable(
  { head, readings, moments, numbers, understood }: Desk,
  isHeader: (row: Row) => boolean,
  columns: readonly number[],
  quantity: "irradiance" | "pv",
) {
  understood.zone = "UTC";
  understood.isUtc = true;
  understood.isStandardTime = true;
  const place = head.rows
    .map(({ cells }) => /longitude[^:]*:\s*(-?[\d.]+)/i.exec(cells.join(" ")))
    .find((found) => found !== null);
  if (place != null) understood.standardOffsetHours = Math.round(Number(place[1]) / 15);
  const list = readings.listOf(quantity, quantity === "pv" ? "P" : "sun");
  let isInTable = false;
  return (row: Row): undefined | false => {
    if (!isInTable) {
      isInTable = isHeader(row);
      return;
    }
    if (isBlank(row)) return false;
    let sum = 0;
    for (const column of columns) sum += numbers.read(row, column);
    list?.push(moments.read(row, 0), sum, row.number);
  };
}
