import { createDataView } from "../data/data-view.ts";
import type { Route } from "../frame/route.ts";
import type { Context, Part } from "../live/context.ts";
import { createResultsView } from "../results/results-view.ts";
import { createChartsView } from "./charts-view.ts";
import { createEventsView } from "./events-view.ts";
import { createHelpView } from "./help-view.ts";
import { createUnitView } from "./unit-view.ts";

type LaterRoute = Exclude<Route, { readonly view: "community" | "units" }>;

/** Opens one of the views that are loaded behind the first. */
export function openLaterView(context: Context, route: LaterRoute): Part {
  switch (route.view) {
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
