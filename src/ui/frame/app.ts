import type { Context, Part } from "../live/context.ts";
import type { Drafts } from "../live/drafts.ts";
import type { LiveState } from "../live/live-state.ts";
import { h } from "../page/dom.ts";
import { createMessageLine } from "../page/message-line.ts";
import { applyTheme, preferences } from "../page/preferences.ts";
import { createFormats } from "../words/formatting.ts";
import { createTranslate } from "../words/i18n.ts";
import { createBanners } from "./banners.ts";
import { createHeader } from "./header.ts";
import { followKeys } from "./keys.ts";
import { parseRoute } from "./route.ts";
import { loadLaterViews, loadView } from "./router.ts";
import { createPastBanner } from "./scrub-track.ts";
import { createTimeBar } from "./time-bar.ts";
import { createUnloadedView } from "./unloaded-view.ts";

/** Fills `root` with the screen and keeps it in step with the live state and the address. */
export function createApp(root: HTMLElement, live: LiveState, drafts: Drafts): void {
  let screen = build();
  live.subscribe(() => screen.update());
  window.addEventListener("hashchange", () => screen.open(true));

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
    const t = createTranslate(language);
    const formats = createFormats(language);
    const messages = createMessageLine(t("dismiss"));
    const screenOpen = new AbortController();
    const closing = screenOpen.signal;
    const context: Context = { language, t, formats, live, drafts, closing, begin: messages.begin };
    const header = createHeader(context, rebuild);
    const timeBar = createTimeBar(context);
    const past = createPastBanner(context);
    const banners = createBanners(context);
    followKeys({ ...timeBar.keys, emulation: header.toggleControls }, closing);
    const main = h("main", { id: "main", tabindex: -1 }, h("p", { class: "hint" }, t("loading")));
    const skip = h("a", { class: "skip", href: "#main", onclick: skipToMain }, t("skip"));
    // Name, clock and command of time stay in sight, however far the page is scrolled.
    const frame = h("div", { class: "frame" }, header.element, timeBar.element, past.element);
    root.replaceChildren(skip, frame, banners.element, main, messages.element);
    let viewOpen = new AbortController();
    let view: Part | null = null;
    /** The address last asked for; a view that comes late is put aside. */
    let wanted = "";

    function skipToMain(event: Event) {
      event.preventDefault();
      main.focus();
    }
    async function open(moveFocus: boolean) {
      const { hash } = location;
      wanted = hash;
      const route = parseRoute(hash);
      header.mark(route);
      const create = await loadView(route).catch(() => createUnloadedView);
      if (wanted !== hash || closing.aborted) return;
      viewOpen.abort();
      viewOpen = new AbortController();
      view = create({ ...context, closing: viewOpen.signal });
      main.replaceChildren(view.element);
      view.update();
      const heading = main.querySelector("h1");
      document.title = `${heading?.textContent ?? ""} – apis-emulator`;
      if (moveFocus) {
        heading?.setAttribute("tabindex", "-1");
        heading?.focus({ preventScroll: true });
        window.scrollTo(0, 0);
      }
    }
    function update() {
      for (const part of [header, timeBar, past, banners, view]) part?.update();
      // Behind the first numbers, so that from then on every view opens at once, also when the emulator is gone.
      if (live.state !== null) loadLaterViews().catch(() => {});
    }
    function close() {
      for (const open of [screenOpen, viewOpen]) open.abort();
    }
    open(false);
    update();
    return { update, close, open };
  }
}
