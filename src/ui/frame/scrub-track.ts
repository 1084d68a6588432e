import { ApiError, read } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { explainError } from "../live/explain-error.ts";
import { h, setAttribute } from "../page/dom.ts";
import { calendarOf, epochOf, isoTime } from "../words/formatting.ts";
import { type KeyActions, titleWithKey } from "./keys.ts";

/** How far keys go [simulated s]. */
const smallStepS = 300;
const largeStepS = 3600;
/** So far ahead may be another run [simulated s]. */
const leapS = 86_400;
/** Over longer pasts than this a dragged moment is a whole minute. */
const wholeMinutesAboveS = 7200;

/** The recorded past as a track along which a handle is dragged: everything on the screen shows that moment then. */
export function createScrubTrack(context: Context) {
  const { t, live, formats } = context;
  let earliestS = 0;
  let lastPresentS = -1;
  const range = h("input", {
    type: "range",
    id: "moment",
    step: "any",
    "aria-label": t("moment"),
    title: titleWithKey(t, t("momentTitle"), "earlier"),
    oninput: drag,
    onpointerdown: readEarliest,
    onfocus: readEarliest,
    onkeydown: press,
  });
  const passed = h("span", {});
  const progress = h("div", { class: "data-progress" }, passed);
  const element = h("div", { class: "track" }, range, progress);

  /** How far back something is recorded changes with a new run, and as old days are forgotten. */
  async function readEarliest() {
    try {
      earliestS = (await read<{ recordedFromS: number }>("/events", { from: "0", to: "0", kind: "busUp" }))
        .recordedFromS;
      update();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  function drag() {
    const wantedS = Number(range.value);
    const spanS = Number(range.max) - earliestS;
    const nearS = spanS / Math.max(100, range.clientWidth);
    if (wantedS >= Number(range.max) - nearS / 2) return showNow();
    const roundS = spanS > wholeMinutesAboveS ? 60 : 1;
    show(Math.max(earliestS, Math.round(wantedS / roundS) * roundS));
  }
  function press(event: KeyboardEvent) {
    const stepS = {
      ArrowLeft: -smallStepS,
      ArrowDown: -smallStepS,
      ArrowRight: smallStepS,
      ArrowUp: smallStepS,
      PageDown: -largeStepS,
      PageUp: largeStepS,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    }[event.key];
    if (stepS === undefined) return;
    event.preventDefault();
    move(stepS);
  }
  function move(stepS: number) {
    const nowS = live.present?.timeS ?? 0;
    const fromS = live.past.wantedS ?? nowS;
    const wantedS = Math.max(earliestS, Math.floor(fromS + stepS));
    if (wantedS >= nowS) showNow();
    else show(wantedS);
  }
  function show(timeS: number) {
    live.past.look(timeS).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      context.begin()(explainError(context, error), "refused");
    });
    update();
  }
  function showNow() {
    live.past.end();
    update();
  }
  function update() {
    const { present } = live;
    if (present === null) return;
    const isOtherRun = present.timeS < lastPresentS || (lastPresentS === -1 && present.timeS > 0);
    const leaps = present.timeS > lastPresentS + leapS;
    lastPresentS = present.timeS;
    if (isOtherRun || leaps) void readEarliest();
    setAttribute(range, "min", String(earliestS));
    setAttribute(range, "max", String(Math.max(present.timeS, earliestS + 1)));
    const shownS = live.past.wantedS ?? present.timeS;
    range.value = String(shownS);
    const { date, time } = calendarOf(epochOf(present.time, present.timeS), shownS);
    setAttribute(range, "aria-valuetext", live.past.wantedS === null ? t("momentNow") : `${date} ${time}`);
    const share = present.dataEndS > 0 ? Math.min(1, present.timeS / present.dataEndS) : 0;
    passed.style.width = `${100 * share}%`;
    const percent = formats.number(Math.round(1000 * share) / 10);
    setAttribute(progress, "title", t("dataProgress", { percent }));
  }
  const keys: KeyActions = {
    earlier: () => move(-smallStepS),
    later: () => move(smallStepS),
    now: showNow,
  };
  return { element, keys, update };
}

/** Says that the past is shown and nothing of now, and leads back with one click. */
export function createPastBanner({ t, live }: Context) {
  const words = h("p", { role: "status" });
  const back = h(
    "button",
    {
      type: "button",
      class: "main",
      title: titleWithKey(t, t("backToNow"), "now"),
      onclick: () => live.past.end(),
    },
    t("backToNow"),
  );
  const element = h("div", { class: "past-banner", hidden: true }, words, back);
  return {
    element,
    update() {
      const { shown } = live.past;
      const { present } = live;
      element.hidden = shown === null;
      document.documentElement.toggleAttribute("data-past", shown !== null);
      words.textContent =
        shown === null || present === null
          ? ""
          : t("looksBack", { time: isoTime(shown.time), now: isoTime(present.time) });
    },
  };
}
