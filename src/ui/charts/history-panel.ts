import type { ChargeMap } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { explainError } from "../live/explain-error.ts";
import { h, type Properties, setText } from "../page/dom.ts";
import { epochOf } from "../words/formatting.ts";
import { type Bins, binsOf, chooseBinS } from "./history-bins.ts";
import { createHistoryLoader } from "./history-loader.ts";
import { createRangeControl } from "./range-control.ts";
import { resolveRange } from "./time-range.ts";

/** The parameters of `/history` that say which span of simulated time is wanted, and in what bins. */
export interface WantedSpan extends Readonly<Record<string, string>> {
  readonly from: string;
  readonly to: string;
  readonly resolution: string;
}

/** What was read, and how it is drawn; `epochS` is the Unix time of simulated second 0. */
interface LoadedHistory {
  readonly history: Pick<ChargeMap, "timeS" | "toS" | "resolutionS">;
  draw(bins: Bins, epochS: number): void;
}

/**
 * What all pictures of the past share: the buttons that choose a span, the bins, and the words that say what is
 * loading, failed or empty. `load` reads a span; `binsWanted` says how many bins the pictures can tell apart.
 */
export function createHistoryPanel(
  context: Context,
  binsWanted: () => number,
  load: (span: WantedSpan) => Promise<LoadedHistory>,
) {
  const { t, live } = context;
  const words: HTMLElement[] = [];
  const loader = createHistoryLoader(context, loadSpan, (error) => {
    range.say("");
    say(explainError(context, error));
  });
  const range = createRangeControl(context, reload);

  async function loadSpan(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveRange(range.range, state.timeS);
    const resolution = String(chooseBinS(toS - fromS, binsWanted()));
    const { history, draw } = await load({ from: String(fromS), to: String(toS), resolution });
    if (!isWanted()) return;
    const bins = binsOf(history);
    const epochS = epochOf(state.time, state.timeS);
    say(bins.beginS.length === 0 ? t("nothingYet") : "");
    range.describe(bins, epochS);
    draw(bins, epochS);
  }
  function say(text: string) {
    for (const each of words) setText(each, text);
  }
  function reload() {
    range.say(t("loading"));
    return loader.reload();
  }
  return {
    range: range.element,
    /** A picture with room for words over it. */
    stage(properties: Properties, ...picture: HTMLElement[]): HTMLElement {
      const place = h("p", { class: "chart-words", role: "status" }, t("loading"));
      words.push(place);
      return h("div", properties, ...picture, place);
    },
    zoom: (fromS: number, toS: number) => range.choose({ kind: "span", fromS, toS }),
    update: loader.update,
    /** Loads anew: something else is to be seen. */
    reload,
  };
}
