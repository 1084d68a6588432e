import { createCommunitySummary } from "../community-summary.ts";
import type { Context, Part } from "../context.ts";
import { h } from "../dom.ts";
import { createHeatMap } from "../heat-map.ts";
import { createUnitTable } from "../unit-table.ts";
import { createWelcome } from "../welcome.ts";

/** The whole community: as it is now, its charges over time, and all units in a table. */
export function createCommunityView(context: Context): Part {
  const parts = [createCommunitySummary(context), createHeatMap(context), createUnitTable(context)];
  const element = h(
    "section",
    { class: "community" },
    h("h1", {}, context.t("view.community")),
    createWelcome(context),
    ...parts.map((part) => part.element),
  );
  return {
    element,
    update() {
      for (const part of parts) part.update();
    },
    close() {
      for (const part of parts) part.close?.();
    },
  };
}
