import type { Context, Part } from "../live/context.ts";
import type { Drafts } from "../live/drafts.ts";
import type { LiveState } from "../live/live-state.ts";
import { h } from "../page/dom.ts";
import { createMessageLine } from "../page/message-line.ts";
import { applyTheme, preferences } from "../page/preferences.ts";
import { createFormats } from "../words/formatting.ts";
import { createTranslate } from "../words/i18n.ts";
import { createBanners } from "./banners.ts";
import { createClockPanel } from "./clock-panel.ts";
import { createControls, createRefreshBox } from "./controls.ts";
import { createNavigation } from "./navigation.ts";
import { openView, parseRoute } from "./router.ts";
import { createTimeControls } from "./time-controls.ts";

/** Fills `root` with the screen and keeps it in step with the live state and the address. */
export function createApp(root: HTMLElement, live: LiveState, drafts: Drafts): void {
  let screen = build();
  live.subscribe(() => screen.update());
  window.addEventListener("hashchange", () => screen.openView(true));

  /** Builds everything anew: at the start and after a change of language or theme. */
  function rebuild() {
    const focused = document.activeElement?.id ?? "";
    screen.close();
    screen = build();
    document.getElementById(focused)?.focus();
  }

  function build() {
    const { language } = preferences;
    applyTheme(preferences.theme);
    document.documentElement.lang = language;
    const messages = createMessageLine();
    const t = createTranslate(language);
    const formats = createFormats(language);
    const screenOpen = new AbortController();
    const closing = screenOpen.signal;
    const context: Context = { language, t, formats, live, drafts, closing, begin: messages.begin };
    const navigation = createNavigation(context, rebuild);
    const clock = createClockPanel(context);
    const time = createTimeControls(context);
    const refresh = createRefreshBox(context);
    const controls = createControls(context);
    const banners = createBanners(context);
    const main = h("main", { id: "main", tabindex: -1 });
    const skip = h("a", { class: "skip", href: "#main", onclick: skipToMain }, t("skip"));
    // Auto Refresh, the clock and what was said stay in sight, however far the page is scrolled.
    const strip = h(
      "header",
      { class: "strip" },
      refresh.element,
      clock.element,
      time.element,
      messages.element,
    );
    const brand = h("p", { class: "brand" }, "apis-emulator");
    const head = h(
      "div",
      { class: "head" },
      h("div", { class: "top" }, brand, navigation.element),
      controls.element,
    );
    root.replaceChildren(skip, strip, head, banners.element, main);
    let viewOpen = new AbortController();
    let view = open(false);

    function skipToMain(event: Event) {
      event.preventDefault();
      main.focus();
    }
    function open(moveFocus: boolean): Part {
      const route = parseRoute(location.hash);
      navigation.mark(route);
      viewOpen.abort();
      viewOpen = new AbortController();
      const opened = openView({ ...context, closing: viewOpen.signal }, route);
      main.replaceChildren(opened.element);
      opened.update();
      const heading = main.querySelector("h1");
      document.title = `${heading?.textContent ?? ""} – apis-emulator`;
      if (moveFocus) {
        heading?.setAttribute("tabindex", "-1");
        heading?.focus({ preventScroll: true });
        window.scrollTo(0, 0);
      }
      return opened;
    }
    function update() {
      for (const part of [refresh, clock, time, controls, banners, view]) part.update();
    }
    function close() {
      for (const open of [screenOpen, viewOpen]) open.abort();
    }
    update();
    return {
      update,
      close,
      openView(moveFocus: boolean) {
        view = open(moveFocus);
      },
    };
  }
}
