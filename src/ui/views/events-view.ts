import { createHistoryLoader } from "../charts/history-loader.ts";
import { createRangeControl } from "../charts/range-control.ts";
import { resolveRange } from "../charts/time-range.ts";
import { createEventRows } from "../events/event-rows.ts";
import { listedKinds, nameKind } from "../events/event-words.ts";
import { loadEvents } from "../events/load-events.ts";
import { createRefusalList } from "../events/refusal-list.ts";
import { ApiError, type ToldEvent } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { explainError } from "../live/explain-error.ts";
import { h, setAttribute, setText } from "../page/dom.ts";
import { epochOf, writeSpan } from "../words/formatting.ts";
import { readHomeId, toPlainText } from "../words/typed-text.ts";

/** What happened in a span: of one home or all, of some kinds, with some words in it; a click shows its moment. */
export function createEventsView(context: Context): Part {
  const { t, live } = context;
  const shownKinds = new Set(listedKinds);
  let loaded: readonly ToldEvent[] = [];
  const home = h("input", { id: "event-home", type: "search", placeholder: "E001", oninput: show });
  const words = h("input", { id: "event-words", type: "search", oninput: show });
  const count = h("span", { class: "count", role: "status" }, t("loading"));
  const chips = listedKinds.map((kind) => {
    const turn = () => {
      if (!shownKinds.delete(kind)) shownKinds.add(kind);
      setAttribute(chip, "aria-pressed", String(shownKinds.has(kind)));
      show();
    };
    const chip: HTMLElement = h(
      "button",
      { type: "button", "aria-pressed": "true", "data-kind": kind, onclick: turn },
      nameKind(t, kind),
    );
    return chip;
  });
  const loader = createHistoryLoader(context, load, (error) => setText(count, explainError(context, error)));
  const range = createRangeControl(context, () => loader.reload());
  const rows = createEventRows(context, jump);
  const search = h(
    "div",
    { class: "toolbar", role: "search" },
    h("label", { for: "event-home" }, t("columnUnit")),
    home,
    h("label", { for: "event-words" }, t("eventWords")),
    words,
    count,
  );
  const kinds = h("div", { class: "toolbar chips", role: "group", "aria-label": t("eventKind") }, ...chips);
  const element = h(
    "section",
    { class: "events-view" },
    h("h1", {}, t("view.events")),
    h("div", { class: "panel" }, range.element, search, kinds, rows.element),
    createRefusalList(context),
  );

  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const { events, more } = await loadEvents(fromS, toS, {}, isWanted);
    if (!isWanted()) return;
    loaded = events;
    const epochS = epochOf(state.time, state.timeS);
    range.say(more ? t("tooManyEvents") : writeSpan(Math.floor(epochS + fromS), Math.floor(epochS + toS)));
    show();
  }
  function show() {
    const unit = home.value.trim() === "" ? null : readHomeId(home.value);
    const sought = toPlainText(words.value).toLowerCase();
    const chosen = loaded.filter(
      (event) =>
        shownKinds.has(event.kind) && (unit === null || event.unit === unit) && hasWords(event, sought),
    );
    setText(count, t("eventsShown", { shown: chosen.length, count: loaded.length }));
    rows.show(chosen.reverse());
  }
  function hasWords({ kind, detail, effect, source, time }: ToldEvent, sought: string): boolean {
    const all = [nameKind(t, kind), detail, effect, source, time];
    return sought === "" || all.some((each) => each.toLowerCase().includes(sought));
  }
  function jump(timeS: number) {
    live.past.look(timeS).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      context.begin()(explainError(context, error), "refused");
    });
  }
  return { element, update: loader.update };
}
