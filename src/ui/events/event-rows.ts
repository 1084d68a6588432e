import type { ToldEvent } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { colourOf, describeDetail, nameKind } from "./event-words.ts";

/** Rows that are made at first, and by each wish for more. */
const rowsAtOnce = 300;

/** The table of events, the newest first; `jump` shows the moment of one. */
export function createEventRows({ t, live }: Context, jump: (timeS: number) => void) {
  // One listener for all rows, of which there may be thousands.
  const body = h("tbody", { onclick: choose });
  const names = (["eventTime", "columnUnit", "eventKind", "eventWhat"] as const).map((key) =>
    h("th", { scope: "col" }, t(key)),
  );
  const table = h("table", { class: "events" }, h("thead", {}, h("tr", {}, ...names)), body);
  const more = h("button", { type: "button", onclick: addRows }, t("moreEvents"));
  const element = h("div", {}, h("div", { class: "events-scroll" }, table), more);
  let events: readonly ToldEvent[] = [];

  function choose({ target }: MouseEvent) {
    const { timeS } = (target as HTMLElement).closest("button")?.dataset ?? {};
    if (timeS !== undefined) jump(Number(timeS));
  }
  function addRows() {
    const next = events.slice(body.childElementCount, body.childElementCount + rowsAtOnce);
    body.append(...next.map(createRow));
    more.hidden = body.childElementCount >= events.length;
  }
  function createRow(event: ToldEvent): HTMLElement {
    const time = h(
      "button",
      { type: "button", class: "quiet", title: t("jumpToEvent"), "data-time-s": event.timeS },
      event.time,
    );
    const home =
      event.unit === null || live.unit(event.unit) === undefined
        ? (event.unit ?? "–")
        : h("a", { href: `#/unit/${event.unit}` }, event.unit);
    const mark = h("span", { class: `swatch color-${colourOf(event.kind)}`, "aria-hidden": "true" });
    return h(
      "tr",
      { "data-kind": event.kind },
      h("td", {}, time),
      h("td", {}, home),
      h("td", {}, mark, nameKind(t, event.kind)),
      h("td", {}, ...describe(event)),
    );
  }
  function describe(event: ToldEvent): (Node | string)[] {
    if (event.kind !== "command" && event.kind !== "fault") return [describeDetail(t, event)];
    const by = event.source === "" ? "" : ` ${t("eventBy", { source: event.source })}`;
    return [h("code", {}, event.detail), " ", h("span", { lang: "en" }, event.effect), by];
  }
  return {
    element,
    show(newest: readonly ToldEvent[]) {
      events = newest;
      body.replaceChildren();
      addRows();
    },
  };
}
