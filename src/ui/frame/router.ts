import type { Context, Part } from "../live/context.ts";
import { createCommunityView } from "../views/community-view.ts";
import { createUnitsView } from "../views/units-view.ts";
import type { Route } from "./route.ts";

/**
 * Gives what opens a view. The two that show all homes come with the page, so that first numbers are there soon on a slow link
 * too; all others, and what draws charts, come in one piece behind them. @throws TypeError while that does not come.
 */
export async function loadView(route: Route): Promise<(context: Context) => Part> {
  if (route.view === "community") return createCommunityView;
  if (route.view === "units") return createUnitsView;
  const { openLaterView } = await loadLaterViews();
  return (context) => openLaterView(context, route);
}

export function loadLaterViews() {
  return import("../views/later-views.ts");
}
