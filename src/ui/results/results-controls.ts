import type { Context } from "../live/context.ts";
import { h } from "../page/dom.ts";
import { calendarOf, epochOf, secondsPerDay } from "../words/formatting.ts";
import type { TextKey } from "../words/i18n.ts";
import { barNames, type ResultsQuery, type ResultsSpan, resolveSpan } from "./results-query.ts";

const presets: readonly (readonly [TextKey, ResultsSpan])[] = [
  ["rangeDay", { kind: "newest", lengthS: secondsPerDay }],
  ["rangeWeek", { kind: "newest", lengthS: 7 * secondsPerDay }],
  ["rangeMonth", { kind: "newest", lengthS: 30 * secondsPerDay }],
  ["rangeAll", { kind: "all" }],
];

/** Chooses the span, the home, the bars and what the results are held against; `choose` follows each choice. */
export function createResultsControls(
  { t, live }: Context,
  query: ResultsQuery,
  snapshots: readonly string[],
  choose: (next: Partial<ResultsQuery>) => void,
): HTMLElement {
  const { state } = live;
  const nowS = state?.timeS ?? 0;
  const epochS = state === null ? 0 : epochOf(state.time, state.timeS);
  const { fromS, toS } = resolveSpan(query.span, nowS);
  const isPreset = (span: ResultsSpan) => JSON.stringify(span) === JSON.stringify(query.span);
  const dateField = (label: TextKey, timeS: number) =>
    h("input", {
      type: "date",
      "aria-label": t(label),
      title: t(label),
      value: calendarOf(epochS, timeS).date,
      onchange: chooseDates,
    });
  const from = dateField("firstDay", fromS);
  const last = dateField("lastDay", Math.max(fromS, toS - 1));
  function secondOf(field: HTMLInputElement) {
    return Date.parse(`${field.value}T00:00:00Z`) / 1000 - epochS;
  }
  function chooseDates() {
    const span = {
      kind: "span",
      fromS: Math.max(0, secondOf(from)),
      toS: secondOf(last) + secondsPerDay,
    } as const;
    if (span.toS > span.fromS) choose({ span });
  }
  const home = choice("resultsOf", query.unit ?? "", [
    ["", t("allUnits")],
    ...(state?.units ?? []).map(({ id, display }) => [id, display === id ? id : `${id} ${display}`] as const),
  ]);
  home.onchange = () => choose({ unit: home.value === "" ? null : home.value });
  const bars = choice("barsOf", query.by ?? "", [
    ["", t("barsFitting")],
    ...barNames.map((name) => [name, t(`bars.${name}`)] as const),
  ]);
  bars.onchange = () => choose({ by: barNames.find((name) => name === bars.value) ?? null });
  const { against } = query;
  const present = against.kind === "snapshot" ? `snapshot:${against.name}` : against.kind;
  const others = choice("heldAgainst", present, [
    ["nothing", t("against.nothing")],
    ["before", t("against.before")],
    ...snapshots.map((name) => [`snapshot:${name}`, t("against.snapshot", { name })] as const),
    ["since", t("against.since")],
    ["community", t("against.community")],
  ]);
  const since = h("input", {
    type: "date",
    "aria-label": t("againstFirstDay"),
    title: t("againstFirstDay"),
    value: calendarOf(epochS, against.kind === "since" ? against.fromS : fromS).date,
    hidden: against.kind !== "since",
    onchange: () => {
      const second = secondOf(since);
      if (second >= 0) choose({ against: { kind: "since", fromS: second } });
    },
  });
  const address = h("input", {
    type: "text",
    class: "address",
    "aria-label": t("communityAddress"),
    placeholder: "/e/other",
    value: against.kind === "community" ? against.address : "",
    hidden: against.kind !== "community",
    onchange: () => {
      if (address.value.trim() !== "")
        choose({ against: { kind: "community", address: address.value.trim() } });
    },
  });
  others.onchange = () => {
    const { value } = others;
    address.hidden = value !== "community";
    since.hidden = value !== "since";
    if (value === "community") address.focus();
    else if (value === "since") since.focus();
    else if (value.startsWith("snapshot:")) choose({ against: { kind: "snapshot", name: value.slice(9) } });
    else choose({ against: { kind: value === "before" ? "before" : "nothing" } });
  };
  function choice(label: TextKey, value: string, options: readonly (readonly [string, string])[]) {
    return h(
      "select",
      { "aria-label": t(label), title: t(label) },
      ...options.map(([each, text]) => h("option", { value: each, selected: each === value }, text)),
    );
  }
  return h(
    "div",
    { class: "toolbar", role: "group", "aria-label": t("resultsOf") },
    ...presets.map(([key, span]) =>
      h(
        "button",
        { type: "button", "aria-pressed": String(isPreset(span)), onclick: () => choose({ span }) },
        t(key),
      ),
    ),
    from,
    h("span", { "aria-hidden": "true" }, "–"),
    last,
    home,
    bars,
    h("label", { class: "against" }, `${t("heldAgainst")} `, others),
    since,
    address,
  );
}
