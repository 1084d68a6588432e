import type { Context, Part } from "../live/context.ts";
import { h } from "../page/dom.ts";

/**
 * Stands where a view should whose code did not come. A browser asks for it again only with the whole page, which is loaded by
 * itself when the emulator is back, unless something typed would be lost.
 */
export function createUnloadedView({ t, live, drafts }: Context): Part {
  let wasCut = live.isCut;
  const reload = h("button", { type: "button", onclick: () => location.reload() }, t("loadAnew"));
  const element = h("section", {}, h("h1", {}, t("viewUnloaded")), h("p", {}, t("viewUnloadedWhy")), reload);
  return {
    element,
    update() {
      if (wasCut && !live.isCut && drafts.listUnits().length === 0) location.reload();
      wasCut = live.isCut;
    },
  };
}
