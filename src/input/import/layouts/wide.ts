import { InputFileError } from "../../series/input-file-error.ts";
import type { Row } from "../../series/read-rows.ts";
import type { Layout } from "../layout.ts";
import { findQuantity, type Quantity } from "../quantity.ts";
import type { ReadingList } from "../readings.ts";
import { findUnitIn } from "../units.ts";
import { isBlank } from "./find-column.ts";
import { findTable, isValue, readTableMoment } from "./table-head.ts";

/** Columns of weather that are no power. */
const otherWeather =
  /temp|wind|humid|pressure|dew|\bdni\b|\bdhi\b|albedo|zenith|rain|precip|気温|湿度|風速|^t2m$|^rh$|^index$|^no\.?$/i;
const quantityWord = /^(pv|solar|generation|production|load|demand|consumption|usage)$/i;

/** A row a step and a column a home. */
export const wide: Layout = {
  name: "wide",
  looks: "a header, then a row a step with its moment and a column a home",
  recognise(head) {
    const table = findTable(head);
    if (table === null) return null;
    const { first, time, clock, header } = table;
    const values = first.cells.filter((cell, index) => index !== time && index !== clock && isValue(cell));
    const name = header?.cells[time]?.trim() || `column ${time + 1}`;
    return values.length === 0
      ? null
      : `a row a step: ${name} holds moments, ${values.length} columns hold values`;
  },
  open({ head, readings, moments, numbers, understood, quantity }) {
    const table = findTable(head);
    if (table === null)
      throw new InputFileError(head.file, 1, null, "no column of moments in the first rows");
    const { header, first, time, clock } = table;
    const names = first.cells.map((_, index) => header?.cells[index]?.trim() ?? "");
    const left = names.filter((name) => otherWeather.test(name));
    if (left.length > 0) understood.notes.push(`not read, since they are no power: ${left.join(", ")}`);
    // Under a header a column without a name is an index, or what a separator at the end of lines leaves.
    const isRead = (index: number) =>
      index !== time &&
      index !== clock &&
      !otherWeather.test(names[index] as string) &&
      (header === null || names[index] !== "");
    const at = first.cells.flatMap((_, index) => (isRead(index) ? [index] : []));
    const quantities = at.map((index) => findQuantity(names[index] as string) ?? quantity);
    const ofPower = at.filter((_, order) => quantities[order] !== "irradiance");
    understood.unit ??= findUnitIn(
      (ofPower.length > 0 ? ofPower : at).map((index) => names[index]).join(" "),
    );
    const isMixed =
      quantities.some((found) => found === "pv") && quantities.some((found) => found === "demand");
    const labelOf = (name: string, index: number) =>
      (isMixed ? withoutQuantity(name) || "home" : name) || `${index + 1}`;
    const lists = at.map((index, order) =>
      listOf(quantities[order] as Quantity, labelOf(names[index] as string, order)),
    );
    function listOf(what: Quantity, label: string): ReadingList | null {
      return readings.listOf(what, label);
    }
    const cells = first.cells.length;
    return (row: Row) => {
      if (row.number < first.number || isBlank(row)) return;
      if (row.cells.length < cells)
        throw new InputFileError(
          row.file,
          row.number,
          null,
          `${row.cells.length} values where ${cells} belong`,
        );
      const minute = readTableMoment(row, table, moments);
      for (let order = 0; order < at.length; order++)
        lists[order]?.push(minute, numbers.read(row, at[order] as number), row.number);
    };
  },
};

/** `home_1` for `home_1_pv`. */
function withoutQuantity(name: string): string {
  return name
    .split(/([ _-])/)
    .filter((part) => !quantityWord.test(part))
    .join("")
    .replace(/[ _-]$/, "")
    .replace(/^[ _-]/, "");
}
