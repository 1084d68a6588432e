import type { Context, Part } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { h, setText } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";

/** Lengths of a step that are offered [simulated s], with their names. */
const lengths: readonly (readonly [seconds: number, name: TextKey])[] = [
  [60, "stepOfMinute"],
  [900, "stepOfQuarter"],
  [3600, "stepOfHour"],
  [86_400, "stepOfDay"],
];

/** Holds simulated time or lets it go on, and moves it on by a step. */
export function createTimeControls(context: Context): Part {
  const { t, live, formats } = context;
  const turn = h("button", { type: "button", id: "hold", onclick: holdOrRun });
  const length = h(
    "select",
    { id: "step-length", "aria-label": t("stepLength") },
    ...lengths.map(([seconds, name]) => h("option", { value: String(seconds) }, t(name))),
  );
  length.value = "900";
  const step = h("button", { type: "button", onclick: stepOn }, t("step"));
  const element = h(
    "div",
    { class: "time-controls changes", role: "group", "aria-label": t("timeControls") },
    turn,
    step,
    length,
  );

  function holdOrRun() {
    const runs = live.state?.held === true;
    runAction(context, turn, async ({ say, command }) => {
      await command(runs ? "/time/run" : "/time/hold");
      const { keptAcceleration, sleepTimeS } = await live.refresh();
      const rate = formats.number(keptAcceleration / sleepTimeS);
      say(runs ? t("saidAcceleration", { rate }) : t("saidPaused"));
    });
  }
  function stepOn() {
    const [, name] = lengths.find(
      ([seconds]) => String(seconds) === length.value,
    ) as (typeof lengths)[number];
    runAction(context, step, async ({ say, command }) => {
      await command("/time/step", { seconds: length.value });
      await live.refresh();
      say(t("saidStepped", { length: t(name) }));
    });
  }
  return {
    element,
    update() {
      const { state } = live;
      if (state === null) return;
      const rate = formats.number(state.keptAcceleration / state.sleepTimeS);
      setText(turn, state.held ? t("runTime", { rate }) : t("holdTime"));
    },
  };
}
