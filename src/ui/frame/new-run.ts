import type { Context } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { commandWithUndo } from "../live/undo.ts";
import { h, setAttribute } from "../page/dom.ts";
import { createPanel } from "../page/panel.ts";
import { calendarOf, epochOf, isoTime, secondsPerDay } from "../words/formatting.ts";

/** A panel that begins another run at a date of the data. */
export function createNewRun(context: Context) {
  const { t, live } = context;
  const date = h("input", { id: "run-date", type: "date" });
  const go = h("button", { type: "submit", class: "loses" }, t("newRunGo"));
  const body = h(
    "form",
    { class: "drop-form", onsubmit: begin },
    h("p", {}, t("newRunAbout")),
    h("label", { for: "run-date" }, t("newRunDate")),
    h("div", { class: "drop-row" }, date, go),
  );
  const { button, panel, close } = createPanel(
    { id: "new-run", style: "more-of-time changes", title: t("newRunTitle"), closing: context.closing },
    [t("newRun"), " ▾"],
    body,
  );

  function begin(event: SubmitEvent) {
    event.preventDefault();
    close();
    runAction(context, go, async (action) => {
      if (date.value === "") return action.say(t("saidNoDate"), "refused");
      const undo = await commandWithUndo(action, "/time/start", { at: date.value });
      action.say(t("saidNewRun", { time: isoTime((await live.refresh()).time) }), "done", undo);
    });
  }
  return {
    button,
    panel,
    update() {
      const { present } = live;
      if (present === null) return;
      const epochS = epochOf(present.time, present.timeS);
      setAttribute(date, "min", calendarOf(epochS, 0).date);
      setAttribute(date, "max", calendarOf(epochS, present.dataEndS - secondsPerDay).date);
    },
  };
}
