import { createHistoryLoader } from "../charts/history-loader.ts";
import { ApiError, type Results, read, readFrom } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { explainError } from "../live/explain-error.ts";
import { followSize, h, setText } from "../page/dom.ts";
import { epochOf, writeSpan } from "../words/formatting.ts";
import { createDealsLink, createDealTable, readDeals } from "./deals-panel.ts";
import { downloadPicture, downloadText } from "./download.ts";
import { drawBars } from "./energy-bars.ts";
import { createResultsControls } from "./results-controls.ts";
import { chooseBars, parseQuery, type ResultsQuery, resolveSpan, writeQuery } from "./results-query.ts";
import { createAccountTable, createHomeTable } from "./results-tables.ts";
import { createResultTiles } from "./results-tiles.ts";
import { drawSankey } from "./sankey.ts";

/** What came of any span, of the community or a home, alone or held against another; all of it stands in the address. */
export function createResultsView(context: Context, given: string): Part {
  const { t, live, closing } = context;
  let query = parseQuery(given);
  let snapshots: readonly { readonly name: string; readonly timeS: number }[] = [];
  let shown: { results: Results; against: Results | null; epochS: number } | null = null;
  const toolbar = h("div", {});
  const words = h("p", { class: "hint", role: "status" }, t("loading"));
  const tiles = h("div", {});
  const sankeyPlace = h("div", { class: "picture" });
  const barsPlace = h("div", { class: "picture" });
  const accounts = createScroll("accountsTitle");
  const homes = createScroll("homesOfResults");
  const homesPanel = panel("homesOfResults", homes);
  const dealsPlace = createScroll("dealsTitle");
  const loader = createHistoryLoader(context, load, (error) => setText(words, explainError(context, error)));
  const element = h(
    "section",
    { class: "results" },
    h("h1", {}, t("view.results")),
    toolbar,
    words,
    tiles,
    h(
      "div",
      { class: "side-by-side" },
      panel("sankeyTitle", sankeyPlace, pngButton(sankeyPlace, "flows")),
      panel("accountsTitle", accounts),
    ),
    panel(
      "barsTitle",
      barsPlace,
      pngButton(barsPlace, "bars"),
      button("downloadCsv", downloadCsv),
      button("downloadJson", downloadJson),
    ),
    panel("dealsTitle", dealsPlace, createDealsLink(context)),
    homesPanel,
  );
  followSize(element, draw, closing);
  showToolbar();
  void readSnapshots();

  /** Where it is too small for its table, it is scrolled by keys too. */
  function createScroll(title: Parameters<typeof t>[0]) {
    return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t(title) });
  }
  function panel(title: Parameters<typeof t>[0], ...content: HTMLElement[]) {
    const [picture, ...buttons] = content as [HTMLElement, ...HTMLElement[]];
    return h(
      "div",
      { class: "panel" },
      h("div", { class: "panel-head" }, h("h2", {}, t(title)), ...buttons),
      picture,
    );
  }
  function button(label: Parameters<typeof t>[0], act: () => void) {
    return h("button", { type: "button", class: "quiet", onclick: act }, t(label));
  }
  function pngButton(place: HTMLElement, name: string) {
    return button("downloadPng", () => {
      const picture = place.querySelector("svg");
      if (picture !== null) void downloadPicture(`${fileName()}-${name}.png`, picture);
    });
  }
  async function readSnapshots() {
    try {
      const kept = await read<{ snapshots: { name: string; timeS: number; restorable: boolean }[] }>(
        "/snapshots",
      );
      snapshots = kept.snapshots.filter(({ restorable }) => restorable);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    if (!closing.aborted) showToolbar();
  }
  function showToolbar() {
    const focused = toolbar.contains(document.activeElement)
      ? [...toolbar.querySelectorAll("button, input, select")].indexOf(document.activeElement as HTMLElement)
      : -1;
    toolbar.replaceChildren(
      createResultsControls(
        context,
        query,
        snapshots.map(({ name }) => name),
        choose,
      ),
    );
    toolbar.querySelectorAll<HTMLElement>("button, input, select")[focused]?.focus();
  }
  function choose(next: Partial<ResultsQuery>) {
    query = { ...query, ...next };
    history.replaceState(null, "", `#/results/${writeQuery(query)}`);
    showToolbar();
    setText(words, t("loading"));
    void loader.reload();
  }
  async function load(isWanted: () => boolean) {
    const { state } = live;
    if (state === null) return;
    const { fromS, toS } = resolveSpan(query.span, state.timeS);
    const by = query.by ?? chooseBars(toS - fromS);
    const home = query.unit === null ? {} : { unit: query.unit };
    const span = (from: number, to: number) => ({ from: String(from), to: String(to), by, ...home });
    const results = await read<Results>("/results", span(fromS, toS));
    const against = await readAgainst(fromS, toS, span);
    const deals = await readDeals(fromS, toS, query.unit);
    if (!isWanted()) return;
    if (shown === null) showToolbar();
    dealsPlace.replaceChildren(createDealTable(context, deals));
    shown = { results, against, epochS: epochOf(state.time, state.timeS) };
    show();
  }
  function readAgainst(
    fromS: number,
    toS: number,
    span: (from: number, to: number) => Record<string, string>,
  ): Promise<Results> | null {
    const { against } = query;
    const lengthS = toS - fromS;
    if (against.kind === "before")
      return read<Results>("/results", span(Math.max(0, fromS - lengthS), fromS));
    if (against.kind === "since")
      return read<Results>("/results", span(against.fromS, against.fromS + lengthS));
    if (against.kind === "community") return readFrom<Results>(against.address, "/results", span(fromS, toS));
    const snapshot =
      against.kind === "snapshot" ? snapshots.find(({ name }) => name === against.name) : undefined;
    if (snapshot === undefined) return null;
    return read<Results>("/results", span(Math.max(0, snapshot.timeS - lengthS), snapshot.timeS));
  }
  function show() {
    if (shown === null) return;
    const { results, against, epochS } = shown;
    const spanOf = ({ fromS, toS }: Results) => writeSpan(epochS + fromS, epochS + toS);
    const told = [spanOf(results)];
    if (against !== null) told.push(t("comparedWith", { span: spanOf(against) }));
    if (!results.isKnown) told.push(t("partlyUnknown"));
    setText(words, told.join(" · "));
    tiles.replaceChildren(createResultTiles(context, results, against));
    accounts.replaceChildren(createAccountTable(context, results, against));
    homesPanel.hidden = query.unit !== null;
    const ofHome = (unit: string) => `#/results/${writeQuery({ ...query, unit })}`;
    if (query.unit === null) homes.replaceChildren(createHomeTable(context, results, ofHome));
    draw();
  }
  function draw() {
    if (shown === null) return;
    const { results, against, epochS } = shown;
    const hub = query.unit ?? t("allUnits");
    const widthOf = (place: HTMLElement) => Math.max(280, place.clientWidth);
    sankeyPlace.replaceChildren(drawSankey(context, results.total.energies, hub, widthOf(sankeyPlace)));
    barsPlace.replaceChildren(drawBars(context, results, against, epochS, widthOf(barsPlace)));
  }
  function fileName() {
    return `results-${query.unit ?? "community"}-${(shown?.results.time[0] ?? "").slice(0, 10)}`;
  }
  function downloadJson() {
    if (shown !== null) downloadText(`${fileName()}.json`, JSON.stringify(shown.results), "application/json");
  }
  function downloadCsv() {
    if (shown === null) return;
    const { time, timeS, lengthS, energies } = shown.results;
    const names = Object.keys(energies) as (keyof typeof energies)[];
    const rows = time.map((moment, index) => [
      moment,
      timeS[index],
      lengthS[index],
      ...names.map((name) => energies[name][index]),
    ]);
    const text = [["time", "timeS", "lengthS", ...names], ...rows].map((row) => row.join(",")).join("\r\n");
    downloadText(`${fileName()}.csv`, `${text}\r\n`, "text/csv");
  }
  return { element, update: loader.update };
}
