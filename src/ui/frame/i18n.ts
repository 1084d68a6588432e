import { english, type TextKey, type Texts } from "../texts/english.ts";
import { japanese } from "../texts/japanese.ts";

export type Language = "en" | "ja";
export type { TextKey };
/** Gives a text in the reader's language with `{name}` replaced by what is handed in; numbers are written as it does. */
export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

const textsOf: Readonly<Record<Language, Texts>> = { en: english, ja: japanese };

export function createTranslate(language: Language): Translate {
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  const write = (value: string | number) => (typeof value === "number" ? numbers.format(value) : value);
  return (key, values = {}) => {
    const text = textsOf[language][key];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => write(values[name] ?? ""));
  };
}
