import { ApiError, read } from "../live/api.ts";
import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
}

const mostLines = 50;

/** What was refused lately, from the emulator's log: it stands by real time, since a refusal changes nothing. */
export function createRefusalList(context: Context): HTMLElement {
  const { t, closing } = context;
  const list = h("ul", { class: "refusals" });
  const none = h("p", { class: "hint" }, t("noRefusals"));
  const element = h(
    "details",
    { class: "panel", ontoggle: load },
    h("summary", {}, t("refusalsTitle")),
    none,
    list,
  );

  async function load() {
    if (!element.open) return;
    try {
      const lines = await read<readonly LogLine[]>("/log", { level: "WARNING" });
      if (closing.aborted) return;
      const newest = lines.slice(-mostLines).reverse();
      none.hidden = newest.length > 0;
      list.replaceChildren(
        ...newest.map((line) => h("li", { lang: "en" }, h("time", {}, line.time), ` ${line.message}`)),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return element;
}
