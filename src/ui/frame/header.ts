import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { createIcon } from "../page/icons.ts";
import { createClockPanel } from "./clock-panel.ts";
import { nameCommunity } from "./community-name.ts";
import { createControls } from "./controls.ts";
import { createNavigation } from "./navigation.ts";
import { createSwitches } from "./switches.ts";

/**
 * The one line at the top: name and community, views, the emulation's controls, clock, colours and language. Where it is
 * narrow, all but name and clock stand in a menu. `rebuild` follows a change of colours or language.
 */
export function createHeader(context: Context, rebuild: () => void) {
  const { t } = context;
  const navigation = createNavigation(context);
  const controls = createControls(context);
  const clock = createClockPanel(context);
  const community = nameCommunity(location);
  const brand = h(
    "p",
    { class: "brand" },
    h("span", { class: "brand-name" }, "apis-emulator"),
    " ",
    h("span", { class: "brand-community", title: t("communityName", { name: community }) }, community),
  );
  const menu = h(
    "button",
    { type: "button", class: "icon-button menu", "aria-expanded": "false", onclick: turnMenu },
    createIcon("menu"),
  );
  for (const name of ["aria-label", "title"]) menu.setAttribute(name, t("menu"));
  const folded = h(
    "div",
    { class: "folded" },
    navigation.element,
    controls.button,
    createSwitches(context, rebuild),
  );
  const element = h("header", { class: "header" }, brand, folded, clock.element, menu, controls.panel);

  function turnMenu() {
    showMenu(menu.getAttribute("aria-expanded") !== "true");
  }
  function showMenu(isOpen: boolean) {
    menu.setAttribute("aria-expanded", String(isOpen));
    element.toggleAttribute("data-open", isOpen);
  }
  return {
    element,
    toggleControls: controls.toggle,
    mark(route: Parameters<typeof navigation.mark>[0]) {
      navigation.mark(route);
      showMenu(false);
    },
    update() {
      clock.update();
      controls.update();
    },
  };
}
