import { ApiError } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { h } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";
import type { Uploaded } from "./data-types.ts";
import { uploadFiles } from "./upload.ts";

const units = ["", "W", "kW", "Wh", "kWh", "W/m2", "kWh/m2"];
const gaps = ["hold", "interpolate", "day-before", "refuse"] as const;

/** Where files are dropped or chosen, how they are to be read, and how far that is. */
export function createDropZone(context: Context, onRead: (uploaded: Uploaded) => void) {
  const { t } = context;
  const input = h("input", { type: "file", multiple: true, hidden: true, onchange: choose });
  const button: HTMLButtonElement = h(
    "button",
    { type: "button", class: "main", onclick: () => input.click() },
    t("dataChoose"),
  );
  const progress = h("progress", { max: 1, "aria-label": t("dataProgress"), hidden: true });
  const progressText = h("p", { class: "hint", role: "status" });
  const unit = h(
    "select",
    { id: "data-unit" },
    ...units.map((value) => h("option", { value }, value || t("dataAsFile"))),
  );
  const gap = h(
    "select",
    { id: "data-gap" },
    ...gaps.map((value) => h("option", { value }, t(`dataGap.${value}`))),
  );
  const zone = h("input", {
    id: "data-dst",
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Europe/London",
  });
  const homes = h("input", { id: "data-homes", type: "text", autocomplete: "off", placeholder: "1-20" });
  const fields = (
    [
      ["dataUnit", unit],
      ["dataGap", gap],
      ["dataZone", zone],
      ["dataWhichHomes", homes],
    ] as const satisfies readonly (readonly [TextKey, HTMLElement])[]
  ).map(([key, field]) => h("div", { class: "field" }, h("label", { for: field.id }, t(key)), field));
  const options = h(
    "details",
    {},
    h("summary", {}, t("dataOptions")),
    h("div", { class: "fields" }, ...fields),
  );
  const element = h(
    "section",
    {
      class: "panel data-drop",
      "aria-label": t("dataChoose"),
      ondragover: hover,
      ondragleave: leave,
      ondrop: drop,
    },
    h("p", {}, button, " ", t("dataDrop")),
    progress,
    progressText,
    options,
    input,
  );

  function hover(event: DragEvent) {
    event.preventDefault();
    element.classList.add("over");
  }
  function leave() {
    element.classList.remove("over");
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    leave();
    send([...(event.dataTransfer?.files ?? [])]);
  }
  function choose() {
    send([...(input.files ?? [])]);
    input.value = "";
  }
  function send(files: readonly File[]) {
    if (files.length === 0) return;
    runAction(context, button, async ({ say }) => {
      showProgress(0);
      try {
        const uploaded = await uploadFiles(files, readOptions(), showProgress);
        say(t("saidDataRead", { count: files.length }));
        onRead(uploaded);
      } catch (error) {
        // What is wrong with a file the server's words name, with row and column.
        const isOfFile = error instanceof ApiError && ["invalid_parameter", "too_large"].includes(error.code);
        if (!isOfFile) throw error;
        say(t("saidDataRefused", { message: error.message }), "refused");
      } finally {
        progress.hidden = true;
        progressText.textContent = "";
      }
    });
  }
  function showProgress(share: number) {
    progress.hidden = false;
    if (share < 1) progress.value = share;
    else progress.removeAttribute("value");
    progressText.textContent =
      share < 1 ? t("dataSending", { percent: Math.round(100 * share) }) : t("dataReading");
  }
  function readOptions(): Record<string, string> {
    const given = { unit: unit.value, gap: gap.value, dst: zone.value.trim(), homes: homes.value.trim() };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  }
  return { element };
}
