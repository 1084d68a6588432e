import { h, setAttribute, setText } from "../page/dom.ts";
import type { ChartLine } from "./chart-options.ts";

/** The names of a chart's lines with their values; each is a button that hides its line and shows it again. */
export function createChartLegend(name: string, onToggle: (index: number, isShown: boolean) => void) {
  const moment = h("span", { class: "legend-moment" });
  const list = h("ul", { class: "chart-legend", "aria-label": name });
  const element = h("div", { class: "chart-key" }, moment, list);
  const hidden = new Set<string>();
  let entries: { button: HTMLElement; value: HTMLElement }[] = [];

  function createEntry(line: ChartLine, index: number) {
    const dash = (line.dash ?? []).join(" ");
    const swatch = h("span", {
      class: `swatch color-${line.color}`,
      "data-dash": dash,
      "aria-hidden": "true",
    });
    swatch.style.background = describeSwatch(line.dash);
    const value = h("span", { class: "value" });
    const toggle = () => {
      if (!hidden.delete(line.label)) hidden.add(line.label);
      setAttribute(button, "aria-pressed", String(isShown(line)));
      onToggle(index, isShown(line));
    };
    const button = h(
      "button",
      { type: "button", "aria-pressed": String(isShown(line)), onclick: toggle },
      swatch,
      h("span", { class: "legend-name" }, line.label),
    );
    return { button, value, element: h("li", {}, button, " ", value) };
  }
  function isShown(line: ChartLine): boolean {
    return !hidden.has(line.label);
  }
  return {
    element,
    isShown,
    showLines(lines: readonly ChartLine[]) {
      const made = lines.map(createEntry);
      entries = made;
      list.replaceChildren(...made.map((entry) => entry.element));
    },
    showValues(when: string, values: readonly string[]) {
      setText(moment, when);
      for (const [index, { value }] of entries.entries()) setText(value, values[index] ?? "");
    },
    /** The values as they stand, in words. */
    describe(): string {
      const parts = [...list.children].map((item) => item.textContent?.trim());
      return [moment.textContent, ...parts].join("; ");
    },
  };
}

/** A piece of the line as it is drawn, so that colour is not all that tells lines apart. */
function describeSwatch(dash: readonly number[] | undefined): string {
  if (dash === undefined) return "currentColor";
  let at = 0;
  const stops = dash.map((length, index) => {
    const color = index % 2 === 0 ? "currentColor" : "transparent";
    const stop = `${color} ${at}px ${at + length}px`;
    at += length;
    return stop;
  });
  return `repeating-linear-gradient(to right, ${stops.join(", ")})`;
}
