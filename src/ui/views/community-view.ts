import { createHeatMap } from "../charts/heat-map.ts";
import { createCommunityPicture } from "../homes/community-picture.ts";
import { createCommunitySummary } from "../homes/community-summary.ts";
import { createFaultPanel } from "../homes/fault-panel.ts";
import { createUnitTable } from "../homes/unit-table.ts";
import type { Context, Part } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { createWelcome } from "./welcome.ts";

/** The whole community: as it is now, its charges over time, and all units in a table. */
export function createCommunityView(context: Context): Part {
  const parts = [
    createCommunityPicture(context),
    createCommunitySummary(context),
    createHeatMap(context),
    createUnitTable(context),
    createFaultPanel(context),
  ];
  const loading = h("p", { class: "hint" }, context.t("loading"));
  const element = h(
    "section",
    { class: "community" },
    h("div", { class: "view-head" }, h("h1", {}, context.t("view.community")), createWelcome(context)),
    loading,
    ...parts.map((part) => part.element),
  );
  return {
    element,
    update() {
      loading.hidden = context.live.state !== null;
      for (const part of parts) part.update();
    },
  };
}
