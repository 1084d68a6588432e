import { isNumberText } from "../../notation/number-text.ts";

/** Reads what people type: full-width signs, decimal commas, groups of digits, units, numbers of homes. */

/** A number as the Web API takes it, the two that a text may mean, or the text as it is where it is no number. */
type TypedNumber =
  | { readonly kind: "number" | "other"; readonly text: string }
  | { readonly kind: "ambiguous"; readonly meanings: readonly [decimal: string, grouped: string] };

const minusSigns = /[\u2212\u2010-\u2015\u30fc]/g;
const group = /^[+-]?\d{1,3}/;

/** Reads a number that may be followed by `unit`. A single comma before exactly three digits may mean either. */
export function readTypedNumber(typed: string, unit = ""): TypedNumber {
  const plain = toPlainText(typed).replace(minusSigns, "-").replaceAll("、", ",").replaceAll("。", ".");
  const kilo = unit === "W" ? /k\s*W$/i.exec(plain) : null;
  if (kilo !== null) return inThousands(readTypedNumber(plain.slice(0, kilo.index)), plain);
  const bare =
    unit !== "" && plain.toLowerCase().endsWith(unit.toLowerCase()) ? plain.slice(0, -unit.length) : plain;
  const text = bare.trim().replace(/(?<=\d)[ '’](?=\d{3}(\D|$))/g, "");
  const [, sign = "", whole = "", digits = ""] = /^([+-]?)(\d*),(\d{3})$/.exec(text) ?? [];
  if (digits !== "") {
    const grouped = `${whole}${digits}`.replace(/^0+(?=\d)/, "");
    return { kind: "ambiguous", meanings: [`${sign}${whole || "0"}.${digits}`, `${sign}${grouped}`] };
  }
  return {
    kind: isNumberText(unify(text)) ? "number" : "other",
    text: isNumberText(unify(text)) ? unify(text) : bare.trim(),
  };
}

function inThousands(read: TypedNumber, plain: string): TypedNumber {
  const times = (text: string) => String(Number((Number(text) * 1000).toPrecision(15)));
  if (read.kind === "ambiguous")
    return { kind: "ambiguous", meanings: [times(read.meanings[0]), times(read.meanings[1])] };
  return { kind: read.kind, text: read.kind === "number" ? times(read.text) : plain };
}

/** With one decimal point and no groups, where it is clear which sign is which. */
function unify(text: string): string {
  if (new RegExp(`${group.source}(,\\d{3})+(\\.\\d*)?$`).test(text)) return text.replaceAll(",", "");
  if (new RegExp(`${group.source}((\\.\\d{3})+,\\d*|(\\.\\d{3}){2,})$`).test(text))
    return text.replaceAll(".", "").replace(",", ".");
  return text.replace(/^([+-]?\d*),(\d*)$/, "$1.$2");
}

/** The ID that `2`, `e2`, `E002` or full-width signs mean. */
export function readHomeId(typed: string): string {
  const text = toPlainText(typed).toUpperCase();
  const digits = /^E?(\d+)$/.exec(text)?.[1];
  return digits === undefined ? text : `E${digits.replace(/^0+(?=\d)/, "").padStart(3, "0")}`;
}

/** Full-width and other compatible signs as plain ones, without space around. */
export function toPlainText(typed: string): string {
  return typed.normalize("NFKC").trim();
}
