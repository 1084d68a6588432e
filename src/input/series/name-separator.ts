const separators = [";", "\t", "|", "，", " "];

/** The fault of a row whose values are not parted by commas, or null. */
export function nameSeparator(cells: readonly string[], length: number): string | null {
  const text = cells.join(",");
  if (/\r(?!$)/.test(text)) return "lines end in a carriage return alone; LF or CRLF is wanted";
  const found = separators.find((separator) => {
    const times = text.split(separator).length - 1;
    if (separator === " ") return times > 0 && cells.length === 1 && !/[a-z]{2}/i.test(text);
    return times > 0 && (cells.length === 1 || times >= length - 1);
  });
  if (found === undefined) return null;
  const name = { "\t": "a tab", " ": "a space" }[found] ?? found;
  const decimals = /\d,\d/.test(text) ? " and decimal points, not decimal commas" : "";
  return `the separator is ${name} but this file needs ,${decimals}`;
}
