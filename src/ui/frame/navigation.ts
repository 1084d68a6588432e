import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import type { Route } from "./route.ts";

const views = ["community", "units", "unit", "charts", "events", "results", "help"] as const;

/** Links to the views. */
export function createNavigation({ t, live }: Context) {
  const links = views.map((view) => ({
    view,
    element: h("a", { href: view === "unit" ? "#/unit/E001" : `#/${view}` }, t(`view.${view}`)),
  }));
  const unit = (links.find(({ view }) => view === "unit") as (typeof links)[number]).element;
  unit.addEventListener("click", openFirst);
  const list = h("ul", {}, ...links.map(({ element }) => h("li", {}, element)));
  const element = h("nav", { class: "navigation", "aria-label": t("views") }, list);

  function openFirst() {
    if (location.hash.startsWith("#/unit/")) return;
    const first = live.state?.units[0]?.id;
    if (first !== undefined) unit.href = `#/unit/${first}`;
  }
  return {
    element,
    /** Marks the view that is open. */
    mark(route: Route) {
      for (const { view, element: link } of links) {
        if (view === route.view) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      if (route.view === "unit") unit.href = `#/unit/${route.unit}`;
    },
  };
}
