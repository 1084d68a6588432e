import { allowedNumbers } from "../../notation/allowed-numbers.ts";
import type { Context } from "../live/context.ts";
import { rateOf } from "../live/live-state.ts";
import { runAction } from "../live/run-action.ts";
import { h, setAttribute, setText } from "../page/dom.ts";
import { createIcon } from "../page/icons.ts";
import type { TextKey } from "../words/i18n.ts";
import { type KeyActions, type KeyName, titleWithKey } from "./keys.ts";

/** Rates that are offered [simulated s a second]; the last is as fast as time may run. */
const rates = [1, 10, 60, 600, Number.POSITIVE_INFINITY] as const;

/** Lengths of a step that are offered [simulated s]. */
const steps: readonly (readonly [seconds: number, name: TextKey, length: TextKey, key: KeyName])[] = [
  [300, "stepOfMinutes", "lengthOfMinutes", "stepMinutes"],
  [3600, "stepOfHour", "lengthOfHour", "stepHour"],
  [86_400, "stepOfDay", "lengthOfDay", "stepDay"],
];

/** Holds simulated time or lets it run, says how fast, and moves it on by a step. */
export function createTimeControls(context: Context) {
  const { t, live, formats } = context;
  const turnIcon = h("span", { class: "turn-icon" }, createIcon("hold"), createIcon("run"));
  const turnName = h("span", { class: "turn-name" });
  const turn = h(
    "button",
    { type: "button", id: "hold", class: "changes", onclick: holdOrRun },
    turnIcon,
    turnName,
  );
  const speeds = rates.map((rate, index) => {
    const isMost = rate === Number.POSITIVE_INFINITY;
    const most = allowedNumbers.acceleration.max;
    const words = isMost ? t("speedMostTitle", { rate: most }) : t("speedOf", { rate });
    const title = titleWithKey(t, words, `speed${index + 1}` as KeyName);
    const name = isMost ? t("speedMost") : `×${formats.number(rate)}`;
    const run = () => runAt(element, isMost ? null : rate);
    const element: HTMLButtonElement = h("button", { type: "button", title, onclick: run }, name);
    return { rate, element };
  });
  const stepButtons = steps.map(([seconds, name, length, key]) => {
    const title = titleWithKey(t, t("stepTitle", { length: t(length) }), key);
    const onclick = () => stepOn(element, seconds, length);
    const element: HTMLButtonElement = h("button", { type: "button", title, onclick }, t(name));
    return element;
  });
  const keys: KeyActions = Object.fromEntries([
    ["hold", () => turn.click()],
    ...speeds.map(({ element }, index) => [`speed${index + 1}`, () => element.click()]),
    ...stepButtons.map((button, index) => [steps[index]?.[3], () => button.click()]),
  ]);
  const speedGroup = { class: "joined more-of-time changes", role: "group", "aria-label": t("speeds") };
  const stepGroup = { class: "joined more-of-time changes", role: "group", "aria-label": t("steps") };
  const elements = [
    turn,
    h("div", speedGroup, ...speeds.map(({ element }) => element)),
    h("div", stepGroup, ...stepButtons),
  ];

  function holdOrRun() {
    const runs = live.present?.held === true;
    runAction(context, turn, async ({ say, command }) => {
      await command(runs ? "/time/run" : "/time/hold");
      const { keptAcceleration, sleepTimeS } = await live.refresh();
      const rate = formats.number(keptAcceleration / sleepTimeS);
      say(runs ? t("saidAcceleration", { rate }) : t("saidPaused"));
    });
  }
  /** Null is as fast as may be. */
  function runAt(button: HTMLElement, rate: number | null) {
    runAction(context, button, async ({ say, command }) => {
      const most = allowedNumbers.acceleration.max;
      const acceleration = rate === null ? most : Math.min(most, rate * (live.present?.sleepTimeS ?? 1));
      await command(`/set/acc/${acceleration}`);
      say(t("saidAcceleration", { rate: rateOf(await live.refresh()) }));
    });
  }
  function stepOn(button: HTMLElement, seconds: number, length: TextKey) {
    runAction(context, button, async ({ say, command }) => {
      await command("/time/step", { seconds: String(seconds) });
      await live.refresh();
      say(t("saidStepped", { length: t(length) }));
    });
  }
  function update() {
    const { present } = live;
    if (present === null) return;
    const kept = present.keptAcceleration / present.sleepTimeS;
    const name = present.held ? t("runTime", { rate: formats.number(kept) }) : t("holdTime");
    setText(turnName, name);
    setAttribute(turn, "title", titleWithKey(t, name, "hold"));
    setAttribute(turn, "data-held", String(present.held));
    for (const { rate, element } of speeds) {
      const most = allowedNumbers.acceleration.max;
      const isThis =
        rate === Number.POSITIVE_INFINITY ? present.acceleration === most : rateOf(present) === rate;
      setAttribute(element, "aria-pressed", String(!present.held && isThis));
    }
  }
  return {
    elements,
    /** What their keys do. */
    keys,
    update,
  };
}
