import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { preferences } from "../page/preferences.ts";

/** Greets who has not been here before; gone for good once it is dismissed or followed. */
export function createWelcome({ t }: Context): HTMLElement | null {
  if (preferences.knowsScreen) return null;
  const dismiss = () => {
    preferences.knowsScreen = true;
    element.remove();
  };
  const help = h("a", { href: "#/help", onclick: dismiss }, t("welcomeHelp"));
  const close = h("button", { type: "button", class: "quiet", onclick: dismiss }, t("welcomeClose"));
  const element = h(
    "aside",
    { class: "welcome", "aria-label": t("welcomeName") },
    h("p", {}, t("welcome")),
    help,
    close,
  );
  return element;
}
