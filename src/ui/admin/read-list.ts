import { toPlainText } from "../words/typed-text.ts";

/** A community as a line of a list asks for it. */
interface ListedCommunity {
  readonly name: string;
  readonly key?: string;
  readonly limits?: Readonly<Record<string, number>>;
}

/** What cannot be read: the line, from 1, and what stands there. */
interface ListFault {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads names, one a line, or CSV whose heading has `name` and any of `key` and the limits' names; commas, semicolons and
 * tabs separate. A name becomes one that an address may have; where two would be the same the later ones are counted.
 */
export function readList(
  typed: string,
  limitNames: readonly string[],
): { readonly communities: readonly ListedCommunity[] } | { readonly fault: ListFault } {
  const lines = typed
    .split(/\r\n|\r|\n/)
    .map((text, index) => ({ text: toPlainText(text), line: index + 1 }));
  const filled = lines.filter(({ text }) => text.trim() !== "");
  const heading = filled[0] === undefined ? [] : cellsOf(filled[0].text).map((cell) => cell.toLowerCase());
  const isTable = heading.includes("name");
  const known = ["name", "key", ...limitNames];
  const columns = isTable
    ? heading.map((cell) => known.find((name) => name.toLowerCase() === cell))
    : ["name"];
  const strange = columns.indexOf(undefined);
  if (strange >= 0) return { fault: { line: filled[0]?.line ?? 1, text: heading[strange] ?? "" } };
  const communities: ListedCommunity[] = [];
  const taken = new Set<string>();
  for (const { text, line } of isTable ? filled.slice(1) : filled) {
    const cells = isTable ? cellsOf(text) : [text.trim()];
    const limits: Record<string, number> = {};
    let [name, key] = ["", ""];
    for (const [index, cell] of cells.entries()) {
      const column = columns[index];
      if (column === undefined) return { fault: { line, text: cell } };
      if (column === "name") name = cell;
      else if (column === "key") key = cell;
      else if (cell !== "") {
        if (!/^\d+$/.test(cell)) return { fault: { line, text: cell } };
        limits[column] = Number(cell);
      }
    }
    const address = distinct(addressOf(name) || `community-${communities.length + 1}`, taken);
    communities.push({
      name: address,
      ...(key !== "" && { key }),
      ...(Object.keys(limits).length > 0 && { limits }),
    });
  }
  return { communities };
}

/** The cells of a line, with quotation marks around those that hold a separator. */
function cellsOf(line: string): string[] {
  const separator = ["\t", ";", ","].find((each) => line.includes(each)) ?? ",";
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (const sign of line) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (sign === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += sign;
  }
  return [...cells, cell.trim()];
}

/** `Anna Müller` as `anna-muller`; empty where nothing of it can stand in an address. */
function addressOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  const hyphened = plain.replace(/[^a-z0-9]+/g, "-").slice(0, 58);
  return hyphened.replace(/^-|-$/g, "");
}

function distinct(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  taken.add(free);
  return free;
}
