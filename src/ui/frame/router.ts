import { createDataView } from "../data/data-view.ts";
import type { Context, Part } from "../live/context.ts";
import { createResultsView } from "../results/results-view.ts";
import { createChartsView } from "../views/charts-view.ts";
import { createCommunityView } from "../views/community-view.ts";
import { createEventsView } from "../views/events-view.ts";
import { createHelpView } from "../views/help-view.ts";
import { createUnitView } from "../views/unit-view.ts";
import { createUnitsView } from "../views/units-view.ts";

export type Route =
  | { readonly view: "community" | "units" | "charts" | "data" | "events" | "help" }
  | { readonly view: "unit"; readonly unit: string }
  | { readonly view: "results"; readonly query: string };

/** The view that the part of the address after `#` means; the community where it means none. */
export function parseRoute(hash: string): Route {
  const [, view = "", unit = ""] = hash.split("/");
  if (view === "unit" && /^E\d{3,6}$/.test(unit)) return { view, unit };
  if (view === "results") return { view, query: hash.split("/").slice(2).join("/") };
  if (["units", "charts", "data", "events", "help"].includes(view)) return { view } as Route;
  return { view: "community" };
}

export function openView(context: Context, route: Route): Part {
  switch (route.view) {
    case "community":
      return createCommunityView(context);
    case "units":
      return createUnitsView(context);
    case "unit":
      return createUnitView(context, route.unit);
    case "charts":
      return createChartsView(context);
    case "data":
      return createDataView(context);
    case "events":
      return createEventsView(context);
    case "results":
      return createResultsView(context, route.query);
    case "help":
      return createHelpView(context);
  }
}
