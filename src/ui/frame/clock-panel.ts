import type { Context, Part } from "./context.ts";
import { h, setText } from "./dom.ts";
import { calendarOf, dayOf, epochOf } from "./formatting.ts";

/** Simulated date, time, day and acceleration, large; while Auto Refresh is on the clock runs on between readings. */
export function createClockPanel({ t, live, formats }: Context): Part {
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
  const timer = window.setInterval(update, 500);

  function update() {
    setText(status, t(live.autoRefresh ? `connection.${live.connection}` : "connection.still"));
    status.dataset.connection = live.connection;
    const { state } = live;
    if (state === null) return;
    const timeS = presentTimeS();
    const calendar = calendarOf(epochOf(state.time, state.timeS), timeS);
    setText(date, calendar.date);
    setText(time, calendar.time);
    setText(day, t("day", { day: formats.number(dayOf(timeS)) }));
    const paused = state.acceleration === 0 ? t("paused") : `× ${formats.number(state.acceleration)}`;
    setText(rate, state.atEndOfData ? t("ended") : paused);
  }
  function presentTimeS(): number {
    const state = live.state;
    if (state === null) return 0;
    const runs = live.autoRefresh && live.connection !== "lost" && !document.hidden;
    const passedS = runs ? ((performance.now() - live.receivedMs) / 1000) * state.acceleration : 0;
    return Math.max(state.timeS, Math.min(state.timeS + passedS, state.dataEndS));
  }
  return { element, update, close: () => clearInterval(timer) };
}
