import type { Context, Part } from "../live/context.ts";
import { rateOf } from "../live/live-state.ts";
import { h, setText } from "../page/dom.ts";
import { calendarOf, dayOf, epochOf, isoTime } from "../words/formatting.ts";

const lookIntervalMs = 500;

/**
 * Simulated date, time, day and rate, large: always of the moment whose values are shown, however long ago that was,
 * and beside it whether they are still those of now.
 */
export function createClockPanel({ t, live, formats, closing }: Context): Part {
  const date = h("span", { class: "clock-date" });
  const time = h("span", { class: "clock-time" });
  const day = h("span", { class: "clock-day" });
  const rate = h("span", { class: "clock-rate" });
  const status = h("span", { class: "connection" });
  const clock = h(
    "div",
    { class: "clock", role: "timer", "aria-label": t("simulatedClock") },
    date,
    time,
    day,
    rate,
  );
  const element = h("div", { class: "clock-panel" }, clock, status);
  const timer = window.setInterval(showStatus, lookIntervalMs);
  closing.addEventListener("abort", () => clearInterval(timer));

  function showStatus() {
    const { state, connection, isLate } = live;
    const isLive = connection === "live" || connection === "polling";
    const shown = isLive && isLate ? "late" : connection;
    if (live.past.shown !== null) {
      setText(status, t("connection.past"));
      status.dataset.connection = "past";
      return;
    }
    const words = t(live.autoRefresh || !isLive ? `connection.${shown}` : "connection.still", {
      time: state === null ? "" : isoTime(state.time),
    });
    setText(status, words);
    status.dataset.connection = live.autoRefresh || !isLive ? shown : "still";
  }
  function update() {
    showStatus();
    const { state } = live;
    if (state === null) return;
    const calendar = calendarOf(epochOf(state.time, state.timeS), state.timeS);
    setText(date, calendar.date);
    setText(time, calendar.time);
    setText(day, t("day", { day: dayOf(state.timeS) }));
    const running = t("rate", { rate: formats.number(rateOf(state)) });
    if (live.past.shown !== null) return setText(rate, "");
    setText(rate, state.atEndOfData ? t("ended") : state.acceleration === 0 ? t("paused") : running);
  }
  return { element, update };
}
