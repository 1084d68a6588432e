import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { preferences, type Theme } from "../page/preferences.ts";
import type { Route } from "./router.ts";

const views = ["community", "units", "charts", "results", "help"] as const;

/** Links to the views, and the switches of language and theme; `rebuild` follows a switch. */
export function createNavigation({ t, language, live }: Context, rebuild: () => void) {
  const links = views.map((view) => ({
    view,
    element: h("a", { href: `#/${view}` }, t(`view.${view}`)),
  }));
  const unit = h("a", { href: "#/unit/E001", onclick: openFirst }, t("view.unit"));
  const theme = h(
    "select",
    { id: "theme", "aria-label": t("theme"), onchange: () => switchTheme(theme.value as Theme) },
    ...(["auto", "light", "dark"] as const).map((each) =>
      h("option", { value: each, selected: preferences.theme === each }, t(`theme.${each}`)),
    ),
  );
  const other = language === "en" ? "ja" : "en";
  const languageSwitch = h(
    "button",
    { id: "language", type: "button", class: "quiet", lang: other, onclick: switchLanguage },
    other === "ja" ? "日本語" : "English",
  );
  const list = h(
    "ul",
    {},
    ...[0, 1].map((i) => item(links[i])),
    h("li", {}, unit),
    item(links[2]),
    item(links[3]),
    item(links[4]),
  );
  const element = h(
    "div",
    { class: "navigation" },
    h("nav", { "aria-label": t("views") }, list),
    h("div", { class: "switches" }, theme, languageSwitch),
  );

  function item(link: { element: HTMLElement } | undefined) {
    return h("li", {}, link?.element ?? null);
  }
  function openFirst() {
    if (location.hash.startsWith("#/unit/")) return;
    const first = live.state?.units[0]?.id;
    if (first !== undefined) unit.href = `#/unit/${first}`;
  }
  function switchLanguage() {
    preferences.language = other;
    rebuild();
  }
  function switchTheme(chosen: Theme) {
    preferences.theme = chosen;
    rebuild();
  }
  return {
    element,
    /** Marks the view that is open. */
    mark(route: Route) {
      for (const { view, element: link } of [...links, { view: "unit", element: unit }]) {
        if (view === route.view) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      if (route.view === "unit") unit.href = `#/unit/${route.unit}`;
    },
  };
}
