import { h } from "../page/dom.ts";
import { readTypedNumber } from "../words/typed-text.ts";
import { askControl, type SeenJson } from "./admin-api.ts";
import type { AdminTranslate } from "./admin-texts.ts";
import { createForm, labelled } from "./form.ts";

interface AllParts {
  readonly t: AdminTranslate;
  /** Those that are ticked; none means all. */
  ticked(): readonly string[];
  confirm(question: { title: string; text: string; action: string }): Promise<boolean>;
  /** Does it, says how it went, and looks again. */
  command(action: () => Promise<string | null>): Promise<void>;
  look(): Promise<void>;
}

/** Commands to all communities, or to those that are ticked: the same start and hold for a class. */
export function createAllBar({ t, ticked, confirm, command, look }: AllParts): HTMLElement {
  const send = (body: object) =>
    command(async () => {
      const names = ticked();
      const to = names.length === 0 ? body : { ...body, communities: names };
      const { communities } = await askControl<{ communities: SeenJson[] }>("POST", "time", to);
      const refused = communities.filter(({ error }) => error !== undefined);
      if (refused.length === 0) return null;
      return t("saidSomeRefused", {
        names: refused.map(({ name, error }) => `${name} (${error?.code})`).join(", "),
      });
    });
  const button = (text: string, onclick: () => unknown) => h("button", { type: "button", onclick }, text);
  const homes = h("input", { name: "units", type: "text", inputmode: "numeric", size: 4, placeholder: "4" });
  const restart = createForm(
    t("startAnew"),
    t("startHeld"),
    async ({ units = "" }) => {
      const question = { title: t("askAnewTitle"), text: t("askAnew"), action: t("startHeld") };
      if (!(await confirm(question))) return;
      // Held first: then all stand at the same moment.
      await send({ command: "hold" });
      await send({ command: "restart", ...(units.trim() !== "" && { units: readCount(units) }) });
    },
    labelled(t("homesEach"), homes),
  );
  const rate = h("input", { name: "rate", type: "text", inputmode: "numeric", size: 6, value: "60" });
  const accelerate = createForm(
    t("pace"),
    t("accelerate"),
    ({ rate = "" }) => send({ command: "accelerate", acceleration: readCount(rate) }),
    labelled(t("acceleration"), rate),
  );
  return h(
    "section",
    { class: "panel all", "aria-label": t("forAll") },
    h("h2", {}, t("forAll")),
    h("p", { class: "hint" }, t("forAllHint")),
    h(
      "p",
      { class: "row" },
      button(t("holdAll"), () => send({ command: "hold" })),
      button(t("runAll"), () => send({ command: "run" })),
      button(t("lookAgain"), look),
    ),
    restart,
    accelerate,
  );
}

/** Of homes and paces a comma before three digits makes thousands. */
function readCount(typed: string): number {
  const read = readTypedNumber(typed);
  return Number(read.kind === "ambiguous" ? read.meanings[1] : read.text);
}
