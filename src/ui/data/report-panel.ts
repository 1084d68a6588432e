import type { ImportReport } from "../../input/import/report.ts";
import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import type { TextKey } from "../words/i18n.ts";
import type { Uploaded } from "./data-types.ts";
import { createDrawings } from "./report-drawing.ts";

/** Series that the table lists; all stand in the file. */
const listedSeries = 12;

/** The server's words for how a value lies in its step, and the page's. */
const intervals: readonly (readonly [RegExp, TextKey])[] = [
  [/from its moment on/, "dataBegin"],
  [/up to its moment/, "dataEnd"],
  [/at its moment/, "dataInstant"],
];

/** What was understood of files: layouts, units, clocks, range, sums and gaps, what was done, and two pictures of each quantity. */
export function createReport(context: Context, { report, lack }: Uploaded): HTMLElement {
  const { t, formats } = context;
  const { data } = report;
  const range = data.firstDate === null ? t("dataUndated") : `${data.firstDate} – ${data.lastDate}`;
  const facts = t("dataFacts", { homes: data.homes, days: data.days, range });
  return h(
    "div",
    { class: "data-report" },
    h("p", { class: "data-facts" }, facts),
    lack === null ? null : h("p", { class: "refusal" }, t("dataLacks")),
    ...listSentences(t("dataWarnings"), report.warnings),
    createFiles(context, report),
    createDrawings(context, report.drawings),
    createSeries(context, report),
    ...listSentences(t("dataNotes"), report.notes),
  );

  function createSeries({ t: name }: Context, { series }: ImportReport): HTMLElement {
    const rows = series
      .slice(0, listedSeries)
      .map((one) => [
        one.home === null ? name("data.irradiance") : `${name(`data.${one.quantity}`)} ${one.home}`,
        one.label,
        formats.number(one.kWhInFile),
        formats.number(one.kWh),
        formats.number(one.meanW),
        formats.number(one.highestW),
        formats.number(one.filled),
        formats.number(one.negatives),
      ]);
    const heads = ["dataSeries", "dataLabel", "dataInFile", "dataAsRead", "dataMean", "dataHighest"] as const;
    const more = series.length - rows.length;
    return h(
      "div",
      {},
      createTable(
        t("dataSums"),
        [...heads, "dataFilled", "dataNegative"].map((key) => t(key as TextKey)),
        rows,
      ),
      more > 0 ? h("p", { class: "hint" }, t("dataMore", { count: more })) : null,
    );
  }
}

function createFiles({ t }: Context, { files }: ImportReport): HTMLElement {
  const rows = files.map((file) => {
    const [, interval] = intervals.find(([words]) => words.test(file.interval)) ?? [];
    return [
      file.file,
      file.layout,
      file.unit.replace(/ \(assumed.*/, ` (${t("dataAssumed")})`),
      t("dataStep", { minutes: file.stepMinutes }),
      interval === undefined ? file.interval : t(interval),
      file.timeZone,
    ];
  });
  const heads = ["dataFile", "dataLayout", "dataUnit", "dataStepHead", "dataInterval", "dataClock"] as const;
  return createTable(
    t("dataFiles"),
    heads.map((key) => t(key)),
    rows,
  );
}

/** A table that scrolls by itself where it is wider than the page. */
export function createTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (string | HTMLElement)[])[],
): HTMLElement {
  const head = h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text)));
  const body = rows.map((cells) =>
    h(
      "tr",
      {},
      ...cells.map((cell, at) => h(at === 0 ? "th" : "td", at === 0 ? { scope: "row" } : {}, cell)),
    ),
  );
  const table = h(
    "table",
    { class: "numbers" },
    h("caption", {}, caption),
    h("thead", {}, head),
    h("tbody", {}, ...body),
  );
  return h("div", { class: "data-table", tabindex: 0, role: "region", "aria-label": caption }, table);
}

/** The server says what was done, and what can hardly be meant, in English. */
function listSentences(title: string, sentences: readonly string[]): HTMLElement[] {
  if (sentences.length === 0) return [];
  const items = sentences.map((sentence) => h("li", {}, sentence));
  return [h("h3", {}, title), h("ul", { lang: "en" }, ...items)];
}
