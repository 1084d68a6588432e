import type { Context } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";
import { secondsPerDay, spanText, writeSpan } from "../words/formatting.ts";
import type { TextKey } from "../words/i18n.ts";
import type { Bins } from "./history-bins.ts";
import { shiftRange, type TimeRange, zoomRange } from "./time-range.ts";

const presets: readonly (readonly [TextKey, TimeRange])[] = [
  ["rangeDay", { kind: "newest", lengthS: secondsPerDay }],
  ["rangeWeek", { kind: "newest", lengthS: 7 * secondsPerDay }],
  ["rangeMonth", { kind: "newest", lengthS: 30 * secondsPerDay }],
  ["rangeAll", { kind: "all" }],
];

/** Buttons that choose what time the charts show; `onChange` follows each choice. */
export function createRangeControl({ t, live }: Context, onChange: () => void) {
  let range: TimeRange = { kind: "newest", lengthS: 7 * secondsPerDay };
  const presetButtons = presets.map(([key, preset]) => ({
    preset,
    element: h("button", { type: "button", onclick: () => choose(preset) }, t(key)),
  }));
  const change = (key: TextKey, sign: string, next: (nowS: number) => TimeRange) =>
    h(
      "button",
      {
        type: "button",
        "aria-label": t(key),
        title: t(key),
        onclick: () => choose(next(live.state?.timeS ?? 0)),
      },
      sign,
    );
  const words = h("span", { class: "range-words", role: "status" });
  const element = h(
    "div",
    { class: "toolbar", role: "group", "aria-label": t("range") },
    ...presetButtons.map((button) => button.element),
    change("zoomIn", "+", (nowS) => zoomRange(range, nowS, 0.5)),
    change("zoomOut", "−", (nowS) => zoomRange(range, nowS, 2)),
    change("earlier", "←", (nowS) => shiftRange(range, nowS, -0.5)),
    change("later", "→", (nowS) => shiftRange(range, nowS, 0.5)),
    words,
  );
  mark();

  function choose(chosen: TimeRange) {
    range = chosen;
    mark();
    onChange();
  }
  function mark() {
    for (const { preset, element: button } of presetButtons) {
      button.setAttribute("aria-pressed", String(JSON.stringify(preset) === JSON.stringify(range)));
    }
  }
  return {
    element,
    choose,
    say(text: string) {
      setText(words, text);
    },
    /** Says what time is shown, in bins of what length. */
    describe({ beginS, endS, lengthS }: Bins, epochS: number) {
      const [fromS] = beginS;
      const span = fromS === undefined ? "" : writeSpan(epochS + fromS, epochS + endS);
      setText(words, span === "" ? "" : t("spanShown", { span, bin: spanText(lengthS) }));
    },
    get range() {
      return range;
    },
  };
}
