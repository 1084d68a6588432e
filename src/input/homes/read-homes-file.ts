import { NumberReader } from "../import/number-reader.ts";
import { decodeText, openText } from "../import/text-rows.ts";
import { InputFileError } from "../series/input-file-error.ts";
import { checkFileSize, type Row } from "../series/read-rows.ts";
import { fieldAt, type Homes, homeFields } from "./home-schema.ts";
import { HomesError, readHomes } from "./read-homes.ts";

/**
 * Reads homes from the bytes of a file, which its content shows to be JSON or CSV: a row a home, a column a field by its path,
 * in any order; a cell that is blank leaves its field out, and a row whose id is `default` says what all homes have.
 * @throws InputFileError, HomesError
 */
export async function readHomesFile(file: string, bytes: Uint8Array): Promise<Homes> {
  checkFileSize(file, bytes.byteLength);
  const text = decodeText(file, bytes);
  return /^\s*[[{]/.test(text) ? readHomes(parseJson(file, text)) : readTable(file, bytes);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputFileError(file, null, null, `this is no JSON: ${(error as Error).message}`);
  }
}

async function readTable(file: string, bytes: Uint8Array): Promise<Homes> {
  const { dialect, head, rows } = await openText(file, [bytes]);
  const all: Row[] = [];
  for await (const batch of rows()) all.push(...batch);
  const isSaid = /^sep=/i.test(all[0]?.cells.join("") ?? "");
  const [header, ...lines] = isSaid ? all.slice(1) : all;
  const paths = readHeader(header as Row);
  const numbers = new NumberReader();
  for (const { cells } of head.rows.slice(1)) numbers.learn(cells, dialect.separator);
  while (lines.at(-1)?.cells.every(isBlank)) lines.pop();
  let ofAll: object | null = null;
  const homes: object[] = [];
  const rowOf: number[] = [];
  for (const row of lines) {
    const { id, ...home } = readRow(row, paths, numbers);
    if (id === "default") {
      if (ofAll !== null)
        throw new InputFileError(row.file, row.number, null, "default stands there twice; allowed: once");
      ofAll = home;
      continue;
    }
    homes.push(id === undefined ? home : { id, ...home });
    rowOf.push(row.number);
  }
  return readHomes({ default: ofAll ?? {}, homes }, (index) => `${file}, row ${rowOf[index]}`);
}

/** The path of each column. @throws InputFileError */
function readHeader(header: Row): string[] {
  const given = [...header.cells];
  while (given.length > 1 && isBlank(given.at(-1) as string)) given.pop();
  const paths = given.map((cell, index) => {
    const name = cell.trim().toLowerCase();
    const known = homeFields.find(({ path }) => path.toLowerCase() === name)?.path;
    if (known !== undefined) return known;
    const named = JSON.stringify(cell.trim().slice(0, 40));
    const allowed = homeFields.map(({ path }) => path).join(", ");
    throw new InputFileError(
      header.file,
      header.number,
      index + 1,
      `${named} is no field of a home; allowed: ${allowed}`,
    );
  });
  const twice = paths.findIndex((path, index) => paths.indexOf(path) < index);
  if (twice === -1) return paths;
  throw new InputFileError(
    header.file,
    header.number,
    twice + 1,
    `${paths[twice]} stands there twice; allowed: once`,
  );
}

type Nested = { [name: string]: unknown; readonly id?: string };

/** A row as JSON has it. @throws InputFileError */
function readRow(row: Row, paths: readonly string[], numbers: NumberReader): Nested {
  if (row.cells.every(isBlank))
    throw new InputFileError(
      row.file,
      row.number,
      null,
      "blank line between rows; allowed: none, for a row is a home",
    );
  const beyond = row.cells.findIndex((cell, index) => index >= paths.length && !isBlank(cell));
  if (beyond >= 0)
    throw new InputFileError(
      row.file,
      row.number,
      beyond + 1,
      `a value beyond the ${paths.length} columns of the first row`,
    );
  const home: Nested = {};
  paths.forEach((path, index) => {
    const cell = (row.cells[index] ?? "").trim();
    if (cell === "") return;
    const number = fieldAt(path)?.isText ? null : numbers.parse(cell);
    const value = number === null || Number.isNaN(number) ? cell : number;
    const [group, name] = path.split(".") as [string, string | undefined];
    if (name === undefined) home[group] = value;
    else home[group] = { ...(home[group] as object | undefined), [name]: value };
  });
  return home;
}

function isBlank(cell: string): boolean {
  return cell.trim() === "";
}

/** What is wrong with homes, in lines, or null where `error` is something else. */
export function homesFaultOf(error: unknown): string | null {
  return error instanceof HomesError || error instanceof InputFileError ? error.message : null;
}
