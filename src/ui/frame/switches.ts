import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { createIcon, type IconName } from "../page/icons.ts";
import { preferences, type Theme } from "../page/preferences.ts";

const nextTheme: Readonly<Record<Theme, Theme>> = { auto: "light", light: "dark", dark: "auto" };

/** The switches of colours and language; `rebuild` follows each. */
export function createSwitches({ t, language }: Context, rebuild: () => void): HTMLElement {
  const { theme } = preferences;
  const other = language === "en" ? "ja" : "en";
  const colours = t("themeIs", { theme: t(`theme.${theme}`), next: t(`theme.${nextTheme[theme]}`) });
  const name = other === "ja" ? "日本語" : "English";
  return h(
    "div",
    { class: "switches" },
    createSwitch("theme", `theme-${theme}`, colours, () => {
      preferences.theme = nextTheme[theme];
    }),
    createSwitch(
      "language",
      "language",
      name,
      () => {
        preferences.language = other;
      },
      other,
    ),
  );

  function createSwitch(id: string, icon: IconName, label: string, change: () => void, lang?: string) {
    const onclick = () => {
      change();
      rebuild();
    };
    const named = { "aria-label": label, title: label, lang: lang ?? null };
    return h("button", { id, type: "button", class: "icon-button", ...named, onclick }, createIcon(icon));
  }
}
