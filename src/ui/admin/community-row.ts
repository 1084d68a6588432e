import { h, setText } from "../page/dom.ts";
import { administer, type CommunityJson, type SeenJson } from "./admin-api.ts";
import type { AdminTextKey, AdminTranslate } from "./admin-texts.ts";
import { type AdminContext, openSection, type Section, sectionsOf } from "./community-panel.ts";
import { describeLimits } from "./describe-limits.ts";
import { formatTime } from "./format-time.ts";

/** The table's columns; those that a look at all communities fills begin empty. */
export const columns = [
  "name",
  "policy",
  "homes",
  "time",
  "clock",
  "seen",
  "size",
  "limits",
  "actions",
] as const;

export interface CommunityRow {
  readonly element: HTMLTableRowElement;
  readonly name: string;
  /** Whether commands to some are to it. */
  isTicked(): boolean;
  /** Shows what a look has told. */
  show(seen: SeenJson | undefined): void;
}

/** A community in the table: what it is, and a menu of what may be done to it, which opens `panel`. */
export function createCommunityRow(
  context: AdminContext,
  community: CommunityJson,
  panel: () => HTMLElement | null,
): CommunityRow {
  const { t, language, list } = context;
  const { name, policy, archived, sizeBytes, limits } = community;
  const tick = h("input", { type: "checkbox", "aria-label": t("tick", { name }) });
  const base = name === "default" ? "/" : `/e/${name}/`;
  const cells = { homes: h("td", { class: "number" }), time: h("td"), clock: h("td"), seen: h("td") };
  const size = sizeBytes === null ? "" : `${Math.ceil(sizeBytes / 1000).toLocaleString(language)} kB`;
  const policyName = t(`policy.${policy ?? list.defaultPolicy}` as AdminTextKey).split(/[:：]/)[0] ?? "";
  const element = h(
    "tr",
    { "data-row": name },
    h("th", { scope: "row" }, tick, " ", h("a", { href: base }, name)),
    h("td", {}, archived ? t("archived") : policyName),
    cells.homes,
    cells.time,
    cells.clock,
    cells.seen,
    h("td", { class: "number" }, size),
    h("td", {}, describeLimits(t, limits)),
    h("td", {}, createMenu(context, community, panel)),
  );
  return {
    element,
    name,
    isTicked: () => tick.checked,
    show(seen) {
      const { units, time, screens = 0, lastSeenMs = community.lastUsedMs } = seen ?? {};
      setText(cells.homes, units === undefined ? "" : t("count", { count: units }));
      setText(cells.time, time ?? "");
      setText(cells.clock, seen?.error?.message ?? describeClock(t, seen));
      const looking = screens > 0 ? t("screens", { count: screens }) : null;
      const last = lastSeenMs === null ? t("neverUsed") : formatTime(lastSeenMs);
      setText(cells.seen, looking ?? last);
    },
  };
}

function describeClock(t: AdminTranslate, { held, ended, acceleration }: Partial<SeenJson> = {}): string {
  if (held === undefined) return "";
  if (ended) return t("ended");
  return t(held ? "held" : "running", { rate: acceleration ?? 0 });
}

function createMenu(
  { t, act, confirm }: AdminContext,
  community: CommunityJson,
  panel: () => HTMLElement | null,
): HTMLElement {
  const { name, archived } = community;
  const choose = (text: string, does: () => unknown, properties = {}) => {
    const onclick = () => {
      menu.open = false;
      does();
    };
    return h("button", { type: "button", ...properties, onclick }, text);
  };
  const open = (section: Section) => {
    const shown = panel();
    if (shown !== null) openSection(shown, section);
  };
  const archive = () => act(name, () => administer("POST", `/${name}/archive`, { archived: !archived }));
  const remove = async () => {
    const question = { title: t("askRemoveTitle", { name }), text: t("askRemove"), action: t("remove") };
    if (await confirm(question)) await act(name, () => administer("DELETE", `/${name}`));
  };
  const menu: HTMLDetailsElement = h(
    "details",
    { class: "menu" },
    h("summary", { "aria-label": t("actionsOf", { name }) }, "⋯"),
    h(
      "div",
      { class: "menu-items" },
      ...sectionsOf(community).map((section) => choose(t(section), () => open(section))),
      choose(t(archived ? "restore" : "archive"), archive),
      choose(t("remove"), remove, { class: "loses" }),
    ),
  );
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (!menu.contains(relatedTarget as Node | null) && relatedTarget !== null) menu.open = false;
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") menu.open = false;
  });
  return menu;
}
