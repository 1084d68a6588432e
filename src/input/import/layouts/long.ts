import { InputFileError } from "../../series/input-file-error.ts";
import { isWord } from "../../series/read-number.ts";
import type { Head, Layout } from "../layout.ts";
import { findUnitIn } from "../units.ts";
import { findNamed, isBlank } from "./find-column.ts";
import { findTable, isValue, readTableMoment, type TableHead } from "./table-head.ts";

const identity =
  /^((home|house|household|meter|customer|client|site|unit|sensor|device|building|user|lcl)[\s_-]?(id|no|number|name|nr)?|id|name|label|mpan|pod|haushalt|zähler|家|世帯|需要家)$/i;
const quantity =
  /value|kwh|kw\b|power|energy|load|demand|consumption|usage|wert|verbrauch|leistung|watt|電力|使用量|_w$|^w$/i;

interface LongColumns {
  readonly id: number;
  readonly value: number;
}

/** Guesses the columns of a long table; null if it has no column that names homes, or more than one of values. */
function findColumns(head: Head, table: TableHead): LongColumns | null {
  const { header, first, time, clock } = table;
  const others = first.cells.flatMap((_, index) => (index === time || index === clock ? [] : [index]));
  const named =
    header === null ? -1 : others.findIndex((at) => identity.test((header.cells[at] ?? "").trim()));
  const words = others.findIndex((at) => isWord(first.cells[at] ?? "") && !isValue(first.cells[at] ?? ""));
  const id = others[named >= 0 ? named : words];
  // Homes of a headerless table that are numbers stand before the time, and only values behind it.
  const bare =
    header === null && id === undefined && time === 1 && others.length === 2 && repeatsMoments(head, table)
      ? 0
      : id;
  if (bare === undefined) return null;
  const values = others.filter((at) => at !== bare && isValue(first.cells[at] ?? ""));
  const byName = header === null ? undefined : values.find((at) => quantity.test(header.cells[at] ?? ""));
  const value = byName ?? values.at(-1);
  return value === undefined ? null : { id: bare, value };
}

function repeatsMoments({ rows }: Head, { time, first }: TableHead): boolean {
  const firsts = rows.filter((row) => row.number >= first.number).map(({ cells }) => cells[0]);
  return new Set(firsts).size < firsts.length / 2 && time === 1;
}

/** A row a home and moment. */
export const long: Layout = {
  name: "long",
  looks: "a header, then a row a home and moment: id, time, value",
  recognise(head) {
    const table = findTable(head);
    const columns = table && findColumns(head, table);
    if (table === null || columns === null) return null;
    const name = (at: number) => table.header?.cells[at]?.trim() || `column ${at + 1}`;
    return `a row a home and moment: ${name(columns.id)} names homes, ${name(table.time)} moments, ${name(columns.value)} holds the value`;
  },
  open({ head, readings, moments, numbers, understood, columns: given, quantity: what }) {
    const table = findTable(head);
    if (table === null)
      throw new InputFileError(head.file, 1, null, "no column of moments in the first rows");
    const { header } = table;
    const byName = (at: number) => findNamed(header ?? table.first, given?.[at] ?? "");
    const found = given === null ? findColumns(head, table) : { id: byName(0), value: byName(2) };
    const used = given === null ? table : { ...table, time: byName(1), clock: null };
    if (found === null)
      throw new InputFileError(
        head.file,
        table.first.number,
        null,
        "no column that names homes; --columns ID,TIME,VALUE names them",
      );
    understood.unit ??= findUnitIn(header?.cells[found.value] ?? "");
    return (row) => {
      if (row.number < table.first.number || isBlank(row)) return;
      const list = readings.listOf(what, (row.cells[found.id] ?? "").trim());
      list?.push(readTableMoment(row, used, moments), numbers.read(row, found.value), row.number);
    };
  },
};
