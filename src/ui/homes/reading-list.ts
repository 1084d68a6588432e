import type { Context, Part } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";
import { readBatteryVoltage } from "./battery-voltage.ts";
import { framedReadings, textLines, type UnitReadingLine } from "./unit-readings.ts";

/** The framed six readings of a unit and the lines of text below them (Figure 4-3). */
export function createReadingList({ t, live, formats }: Context, unit: string): Part {
  let batteryVoltageV = 0;
  const writers: (() => void)[] = [];

  function follow(line: UnitReadingLine, element: HTMLElement) {
    writers.push(() => {
      const community = live.momentOf(unit);
      const state = live.unit(unit);
      if (community === null || state === undefined) return;
      const value = line.read(state, community, batteryVoltageV);
      if (value === null) setText(element, `–\u00a0${line.unit}`);
      else if (line.isMeter) setText(element, formats.meter(value));
      else setText(element, `${formats.bare(value, line.unit)}\u00a0${line.unit}`);
    });
    return element;
  }
  function createRow(line: UnitReadingLine) {
    const value = follow(line, h("td"));
    return h("tr", {}, h("th", { scope: "row" }, createNumber(line.number), t(line.label)), value);
  }
  function createLine(line: UnitReadingLine) {
    const value = follow(line, h("span", { class: "value" }));
    return h("p", {}, createNumber(line.number), `${t(line.label)}: `, value);
  }

  const table = h("table", { class: "readings" }, h("tbody", {}, ...framedReadings.map(createRow)));
  const lines = h("div", { class: "lines" }, ...textLines.map(createLine));
  const element = h("div", {}, table, lines);
  function update() {
    for (const write of writers) write();
  }
  readBatteryVoltage(unit).then((voltage) => {
    batteryVoltageV = voltage;
    update();
  });
  return { element, update };
}

/** A number of Figures 4-2 and 4-3, as a small badge. */
function createNumber(number: number | null): HTMLElement | null {
  return number === null
    ? null
    : h("span", { class: "figure-number", "aria-hidden": "true" }, String(number));
}
