import { read } from "../live/api.ts";
import type { ActionContext, Context } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { runUntil, type Target } from "../live/run-until.ts";
import { h, setText } from "../page/dom.ts";
import { createPanel } from "../page/panel.ts";
import { epochOf, isoTime, secondsPerDay } from "../words/formatting.ts";
import { titleWithKey } from "./keys.ts";

/** What may be waited for. */
const awaitedKinds = [
  "empty",
  "full",
  "upsSwitch",
  "acCharging",
  "dark",
  "light",
  "busUp",
  "busDown",
] as const;
/** Where the data never end somebody waits this long for an event. */
const longestWaitS = 400 * secondsPerDay;
/** Moments at which the sun is looked at; and for how long. */
const sunResolutionS = 300;
const sunHours = 48;

/** A panel that moves simulated time to a date, to sunset or to the next event, and shows how far it has come. */
export function createRunUntil(context: Context) {
  const { t, live, formats } = context;
  const moment = h("input", { id: "until-moment", type: "datetime-local", step: "1" });
  const kind = h(
    "select",
    { id: "until-kind", "aria-label": t("untilEventOf") },
    h("option", { value: awaitedKinds.join(",") }, t("anyEvent")),
    ...awaitedKinds.map((each) => h("option", { value: each }, t(`occurrence.${each}`))),
  );
  const go = h("button", { type: "submit" }, t("untilGo"));
  const sunset = h("button", { type: "button", onclick: () => act(sunset, untilSunset) }, t("untilSunset"));
  const event = h("button", { type: "button", onclick: () => act(event, untilEvent) }, t("untilEvent"));
  const body = h(
    "form",
    { class: "drop-form", onsubmit: submit },
    h("label", { for: "until-moment" }, t("untilMoment")),
    h("div", { class: "drop-row" }, moment, go),
    h("div", { class: "drop-row" }, sunset),
    h("div", { class: "drop-row" }, event, kind),
  );
  const { button, panel, close, toggle } = createPanel(
    {
      id: "until",
      style: "more-of-time changes",
      title: titleWithKey(t, t("untilTitle"), "until"),
      closing: context.closing,
    },
    [t("until"), " ▾"],
    body,
  );
  const share = h("span", { class: "way-share", role: "status" });
  const stop = h("button", { type: "button", onclick: stopNow }, t("stop"));
  const way = h("div", { class: "way", hidden: true }, share, stop);
  let isStopped = false;

  function submit(submitted: SubmitEvent) {
    submitted.preventDefault();
    act(go, untilMoment);
  }
  function act(pressed: HTMLElement, action: (own: ActionContext) => Promise<void>) {
    close();
    runAction(context, pressed, action);
  }
  function stopNow() {
    isStopped = true;
  }
  async function untilMoment(own: ActionContext) {
    const { present } = live;
    if (present === null) return;
    const wantedMs = Date.parse(`${moment.value}Z`);
    if (Number.isNaN(wantedMs)) return own.say(t("saidNoMoment"), "refused");
    const untilS = wantedMs / 1000 - epochOf(present.time, present.timeS);
    if (untilS <= present.timeS)
      return own.say(t("saidMomentPast", { time: isoTime(present.time) }), "refused");
    await travel(own, { untilS });
  }
  async function untilSunset(own: ActionContext) {
    const untilS = await findSunset(live.present?.units[0]?.id ?? "");
    if (untilS === null) return own.say(t("saidNoSunset"), "refused");
    await travel(own, { untilS });
  }
  async function untilEvent(own: ActionContext) {
    const { present } = live;
    if (present === null) return;
    const latestS = present.timeS + longestWaitS;
    const untilS = present.dataEndS > present.timeS ? Math.min(present.dataEndS, latestS) : latestS;
    await travel(own, { untilS, event: kind.value });
  }
  async function travel(own: ActionContext, target: Target) {
    isStopped = false;
    showWay(0);
    way.hidden = false;
    try {
      const end = await runUntil(own, target, { onProgress: showWay, isStopped: () => isStopped });
      const { time } = await live.refresh();
      const said = { time: isoTime(time), event: kind.selectedOptions[0]?.textContent ?? "" };
      const isOfOne = kind.selectedIndex > 0;
      if (end === "stopped") own.say(t("saidStopped", said));
      else if (end === "reached") own.say(t(target.event === undefined ? "saidUntil" : "saidNoEvent", said));
      else own.say(t(isOfOne ? "saidEvent" : "saidUntil", said));
    } finally {
      way.hidden = true;
    }
  }
  function showWay(passed: number) {
    setText(share, t("running", { percent: formats.number(Math.floor(100 * passed)) }));
  }
  return {
    button,
    panel,
    way,
    toggle,
    update() {
      const { present } = live;
      if (present === null || document.activeElement === moment) return;
      if (moment.value === "" || !panel.matches(":popover-open"))
        moment.value = isoTime(present.time).replace(" ", "T").slice(0, 16);
    },
  };
}

/** The simulated second at which a home's panels come to rest next, or null if they do not within two days. */
async function findSunset(unit: string): Promise<number | null> {
  const forecast = await read<{ timeS: number[]; units: string[]; solarPowerW: number[][] }>("/forecast", {
    hours: String(sunHours),
    resolution: String(sunResolutionS),
  });
  const place = Math.max(0, forecast.units.indexOf(unit));
  const powers = forecast.solarPowerW.map((all) => all[place] ?? 0);
  const at = powers.findIndex((power, index) => power === 0 && (powers[index - 1] ?? 0) > 0);
  return forecast.timeS[at] ?? null;
}
