const begin = "<!-- figures: written by a script -->\n";
const end = "<!-- end of figures -->\n";

/** A text of Markdown with other figures between its marks. @throws Error if it has no marks */
export function replaceFigures(text: string, figures: string): string {
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`The text has no lines ${begin}and ${end}`);
  return `${text.slice(0, before)}${begin}\n${figures}\n${text.slice(after)}`;
}

/** A table of Markdown. */
export function toTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return line(header) + line(header.map(() => "---")) + rows.map(line).join("");
}
