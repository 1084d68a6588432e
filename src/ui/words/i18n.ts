import { english, type TextKey, type Texts } from "./english.ts";
import { type Fill, fillTexts, type Language } from "./fill-texts.ts";
import { japanese } from "./japanese.ts";

export type { Language, TextKey };
export type Translate = Fill<TextKey>;

const textsOf: Readonly<Record<Language, Texts>> = { en: english, ja: japanese };

export function createTranslate(language: Language): Translate {
  return fillTexts(language, textsOf[language]);
}
