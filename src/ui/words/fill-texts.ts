export type Language = "en" | "ja";

/** Gives a text in the reader's language with `{name}` replaced by what is handed in; numbers are written as it does. */
export type Fill<K extends string> = (key: K, values?: Readonly<Record<string, string | number>>) => string;

export function fillTexts<K extends string>(language: Language, texts: Readonly<Record<K, string>>): Fill<K> {
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  const write = (value: string | number) => (typeof value === "number" ? numbers.format(value) : value);
  return (key, values = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (_, name: string) => write(values[name] ?? ""));
}
