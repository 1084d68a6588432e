import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { createIcon } from "../page/icons.ts";
import { createNewRun } from "./new-run.ts";
import { createRunUntil } from "./run-until.ts";
import { createScrubTrack } from "./scrub-track.ts";
import { createTimeControls } from "./time-controls.ts";

/** Command of time, on every view. Where it is narrow, less used parts stand behind a button. */
export function createTimeBar(context: Context) {
  const { t } = context;
  const controls = createTimeControls(context);
  const until = createRunUntil(context);
  const newRun = createNewRun(context);
  const track = createScrubTrack(context);
  const more = h(
    "button",
    { type: "button", class: "icon-button more", "aria-expanded": "false", onclick: turnMore },
    createIcon("more"),
  );
  for (const name of ["aria-label", "title"]) more.setAttribute(name, t("more"));
  const element = h(
    "div",
    { class: "time-bar", role: "group", "aria-label": t("timeBar") },
    ...controls.elements,
    until.button,
    until.way,
    track.element,
    newRun.button,
    more,
    until.panel,
    newRun.panel,
  );

  function turnMore() {
    const isOpen = more.getAttribute("aria-expanded") !== "true";
    more.setAttribute("aria-expanded", String(isOpen));
    element.toggleAttribute("data-open", isOpen);
  }
  return {
    element,
    keys: { ...controls.keys, ...track.keys, until: until.toggle },
    update() {
      controls.update();
      until.update();
      newRun.update();
      track.update();
    },
  };
}
