import { ApiError, mayChange, read } from "../live/api.ts";
import type { ActionContext, Context, Part } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { h } from "../page/dom.ts";
import type { KeptEntry, KeptList, Uploaded } from "./data-types.ts";
import { createDropZone } from "./drop-zone.ts";
import { createReport, createTable } from "./report-panel.ts";

/** By this name the emulator's own data are used. */
const deployedData = "deployment";

/** Data of one's own: files are dropped, their report is read, and then they are used or discarded. */
export function createDataView(context: Context): Part {
  const { t, formats, live } = context;
  const said = h("p", { class: "said" });
  const reportPlace = h("section", { class: "panel", hidden: true, "aria-labelledby": "data-report-title" });
  const keptPlace = h("div", {});
  const drop = createDropZone(context, showReport);
  const element = h(
    "section",
    { class: "data-view", "data-speaks": true },
    h("h1", {}, t("dataTitle")),
    h("p", { class: "hint" }, t("dataHint")),
    drop.element,
    said,
    reportPlace,
    h("section", { class: "panel" }, h("h2", {}, t("dataKept")), keptPlace),
  );
  let kept: KeptList = [];
  read<{ data: KeptList }>("/data").then(
    ({ data }) => showKept(data),
    () => keptPlace.replaceChildren(h("p", { class: "hint" }, t("noAnswerToRead"))),
  );

  async function refresh() {
    showKept((await read<{ data: KeptList }>("/data")).data);
  }
  function showKept(data: KeptList) {
    kept = data;
    if (data.length === 0) return keptPlace.replaceChildren(h("p", { class: "hint" }, t("dataNone")));
    const heads = ["dataFile", "dataRange", "dataHomes", "dataSize", "dataUsed", "dataActions"] as const;
    const rows = data.map((one) => [
      one.name,
      one.firstDate === null
        ? t("dataDays", { days: one.days })
        : `${one.firstDate}, ${t("dataDays", { days: one.days })}`,
      formats.number(one.homes),
      `${formats.number(Math.ceil(one.bytes / 1000))} kB`,
      t(`dataUsed.${one.used}`),
      createButtons(one),
    ]);
    keptPlace.replaceChildren(
      createTable(
        t("dataKept"),
        heads.map((key) => t(key)),
        rows,
      ),
      createBack(),
    );
  }
  function createButtons(one: KeptEntry) {
    const show = action(t("dataShow"), "", async () => {
      showReport(await read<Uploaded>("/data/report", { id: one.id }));
    });
    const use = createUse(one.id);
    use.hidden = one.used === "now" || one.lack !== null;
    const drop = createDiscard(one.id);
    drop.hidden = one.used !== "never";
    for (const button of [show, use, drop])
      button.setAttribute("aria-label", `${button.textContent}: ${one.name}`);
    return h("span", { class: "card-buttons" }, show, use, drop);
  }
  function createBack() {
    const back = action(t("dataBack"), "changes", (own) => useData(own, deployedData));
    back.hidden = usedNow() === deployedData;
    return back;
  }
  function createUse(id: string) {
    return action(t("dataUse"), "main changes", (own) => useData(own, id));
  }
  /** Undone by using again what was used before. */
  async function useData({ command, say }: ActionContext, id: string) {
    const before = usedNow();
    await command("/data/use", { id });
    closeReport();
    await Promise.all([refresh(), live.refresh()]);
    const take = (button: HTMLElement) => {
      runAction(context, button, (own) => explain(own, (again) => useData(again, before)));
    };
    const undo = { name: t("undo"), title: t("undoDataTitle"), take };
    say(t(id === deployedData ? "saidDataBack" : "saidDataUsed"), "done", undo);
  }
  function usedNow(): string {
    return kept.find(({ used }) => used === "now")?.id ?? deployedData;
  }
  function createDiscard(id: string) {
    return action(t("dataDiscard"), "changes", async ({ command, say }) => {
      await command("/data/delete", { id });
      closeReport();
      await refresh();
      say(t("saidDataDiscarded"));
    });
  }
  function action(name: string, style: string, act: (own: ActionContext) => Promise<void>) {
    const button: HTMLButtonElement = h(
      "button",
      { type: "button", class: style, onclick: () => runAction(context, button, (own) => explain(own, act)) },
      name,
    );
    return button;
  }
  /** Of what speaks against data the server's words name the file, row and column, or the days. */
  async function explain(own: ActionContext, act: (own: ActionContext) => Promise<void>) {
    try {
      await act(own);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "conflict") throw error;
      own.say(t("saidDataRefused", { message: error.message }), "refused");
    }
  }
  function showReport(uploaded: Uploaded) {
    const known = kept.find(({ id }) => id === uploaded.id);
    const use = createUse(uploaded.id);
    use.hidden = uploaded.lack !== null || known?.used === "now";
    const discard = createDiscard(uploaded.id);
    discard.hidden = known !== undefined && known.used !== "never";
    const title = h("h2", { id: "data-report-title", tabindex: -1 }, t("dataReport"));
    const buttons = h(
      "div",
      { class: "card-buttons" },
      use,
      discard,
      action(t("close"), "", async () => closeReport()),
    );
    const usage = h("p", { class: "hint" }, t("dataUseHint"));
    reportPlace.replaceChildren(title, buttons, usage, createReport(context, uploaded));
    reportPlace.hidden = false;
    title.focus();
    refresh().catch(() => {});
  }
  function closeReport() {
    reportPlace.replaceChildren();
    reportPlace.hidden = true;
  }
  return {
    element,
    update() {
      drop.element.hidden = mayChange() === false;
    },
  };
}
