import { type TableName, tableNames, tableSchemas } from "./stored-shapes.ts";

/** Says what is wrong with a backup. Nothing is restored then. */
export class BackupError extends Error {
  override name = "BackupError";
}

/** A row as it stands in a backup, its blobs as bytes. */
export interface BackupRow {
  readonly table: TableName;
  readonly values: Readonly<Record<string, string | number | ArrayBuffer>>;
}

/** Reads a line that is a row. @throws BackupError */
export function readRow(json: unknown, line: number): BackupRow {
  const [table, row] = (Array.isArray(json) ? json : []) as [TableName?, unknown?];
  if (table === undefined || !tableNames.includes(table) || typeof row !== "object" || row === null)
    throw new BackupError(`Line ${line} is no row of a table`);
  const columns = Object.keys(tableSchemas[table].entries);
  if (Object.keys(row).join() !== columns.join())
    throw new BackupError(`Line ${line} does not have the columns ${columns.join(", ")}`);
  const values = Object.entries(row).map(([name, value]) => [name, decodeBlob(value)]);
  return { table, values: Object.fromEntries(values) };
}

/** The line of a row of `table`. */
export function writeRow(table: TableName, row: Record<string, unknown>): string {
  const values = Object.entries(row).map(([name, value]) => [name, encodeBlob(value)]);
  return `${JSON.stringify([table, Object.fromEntries(values)])}\n`;
}

function encodeBlob(value: unknown): unknown {
  return value instanceof ArrayBuffer ? { base64: toBase64(value) } : value;
}

function decodeBlob(value: unknown): unknown {
  const base64 = (value as { base64?: unknown } | null)?.base64;
  if (typeof base64 !== "string") return value;
  try {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes.buffer;
  } catch {
    return value;
  }
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
}

/** Counts the rows of each table, and makes a checksum of the text (CRC-32 of its UTF-8, as of gzip). */
export class Seal {
  readonly #rows: Partial<Record<TableName, number>> = {};
  readonly #encoder = new TextEncoder();
  #crc = -1;

  /** Returns `text`. */
  add(text: string, table?: TableName, rows = 0): string {
    for (const byte of this.#encoder.encode(text))
      this.#crc = (crcTable[(this.#crc ^ byte) & 255] as number) ^ (this.#crc >>> 8);
    if (table !== undefined) this.#rows[table] = (this.#rows[table] ?? 0) + rows;
    return text;
  }

  /** As `written` says it: a release names the tables that it has. */
  close(written?: { readonly rows?: object }) {
    const names = tableNames.filter(
      (table) => this.#rows[table] !== undefined || Object.hasOwn(written?.rows ?? { [table]: 0 }, table),
    );
    const rows = Object.fromEntries(names.map((table) => [table, this.#rows[table] ?? 0]));
    return { rows, crc32: ((this.#crc ^ -1) >>> 0).toString(16).padStart(8, "0") };
  }
}

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});
