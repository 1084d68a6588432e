import type { Language } from "../words/i18n.ts";

export type Theme = "auto" | "light" | "dark";

/** What the reader chose on this machine; without a choice the browser's wishes count. */
export const preferences = {
  get language(): Language {
    const chosen = recall("language");
    if (chosen === "en" || chosen === "ja") return chosen;
    return navigator.languages.find((each) => /^(en|ja)\b/i.test(each))?.startsWith("ja") ? "ja" : "en";
  },
  set language(language: Language) {
    keep("language", language);
  },
  get theme(): Theme {
    const chosen = recall("theme");
    return chosen === "light" || chosen === "dark" ? chosen : "auto";
  },
  set theme(theme: Theme) {
    keep("theme", theme);
  },
  /** Whether single keys command time. */
  get singleKeys(): boolean {
    return recall("singleKeys") !== "no";
  },
  set singleKeys(on: boolean) {
    keep("singleKeys", on ? "yes" : "no");
  },
  /** Whether a home's flows are shown in full, as Figure 4-2 has them. */
  get fullPicture(): boolean {
    return recall("fullPicture") === "yes";
  },
  set fullPicture(full: boolean) {
    keep("fullPicture", full ? "yes" : "no");
  },
  get knowsScreen(): boolean {
    return recall("knowsScreen") === "yes";
  },
  set knowsScreen(knows: boolean) {
    keep("knowsScreen", knows ? "yes" : "no");
  },
};

/** Applies the theme to the whole page. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

function recall(name: string): string | null {
  try {
    return localStorage.getItem(`apis-emulator.${name}`);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`apis-emulator.${name}`, value);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
