import { h } from "../page/dom.ts";
import { toPlainText } from "../words/typed-text.ts";
import { askControl, type ListJson, type MadeJson } from "./admin-api.ts";
import type { AdminTextKey, AdminTranslate } from "./admin-texts.ts";
import { chooseDays } from "./community-panel.ts";
import { createCopyButton } from "./copy-button.ts";
import { createForm, labelled } from "./form.ts";
import { createQrCode } from "./invitation.ts";
import { readList } from "./read-list.ts";

interface ClassParts {
  readonly t: AdminTranslate;
  readonly limits: ListJson["limits"];
  say(message: string, kind: "done" | "refused"): void;
  /** Makes them, shows the list anew, and says what was refused; null where it was refused. */
  make(action: () => Promise<readonly MadeJson[]>): Promise<readonly MadeJson[] | null>;
}

/** Makes many communities from a list, and shows their links, keys and invitations in one table, this once. */
export function createClassForm({ t, limits, say, make }: ClassParts): HTMLElement {
  const names = h("textarea", { name: "names", rows: 6, required: true, spellcheck: "false" });
  names.placeholder = "anna\nben\n…";
  const text = (name: string, value = "") =>
    h("input", { name, value, autocomplete: "off", spellcheck: "false" });
  const made = h("div", { class: "made" });
  const form = createForm(
    t("classTitle"),
    t("createAll"),
    async (values) => {
      const read = readList(values.names ?? "", Object.keys(limits));
      if ("fault" in read) return say(t("listFault", { ...read.fault }), "refused");
      const [key, invitation] = [toPlainText(values.key ?? ""), toPlainText(values.invitation ?? "")];
      const units = toPlainText(values.units ?? "");
      const body = {
        communities: read.communities,
        limits: units === "" ? {} : { units: Number(units) },
        ...(key !== "" && { key }),
        ...(invitation !== "" && { invitation, hours: 24 * Number(values.days) }),
      };
      const ask = () => askControl<{ communities: MadeJson[] }>("POST", "class", body);
      const answer = await make(async () => (await ask()).communities);
      if (answer === null) return;
      made.replaceChildren(createMadeTable(t, answer, () => made.replaceChildren()));
      names.value = "";
    },
    labelled(t("names"), names),
    labelled(t("limit.units" as AdminTextKey), text("units")),
    labelled(t("keyOfEach"), text("key")),
    labelled(t("invitationOfEach"), text("invitation", "student")),
    labelled(t("goodFor"), chooseDays(t)),
  );
  const hint = h("p", { class: "hint" }, t("listHint", { limits: Object.keys(limits).join(", ") }));
  return h("details", { class: "panel class" }, h("summary", {}, t("classTitle")), form, hint, made);
}

function createMadeTable(
  t: AdminTranslate,
  communities: readonly MadeJson[],
  putAway: () => void,
): HTMLElement {
  const heads = [t("name"), t("open"), t("keys"), t("invitations"), "QR"].map((text) => h("th", {}, text));
  const rows = communities.map(({ name, link, key, invitation }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      h("td", {}, h("a", { href: link }, link)),
      h("td", {}, h("code", { class: "new-key" }, key?.key ?? "")),
      h("td", {}, h("code", { class: "new-key" }, invitation?.link ?? "")),
      h("td", {}, invitation === undefined ? null : createQrCode(t, name, invitation.link)),
    ),
  );
  const table = h("table", { class: "made" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...rows));
  const lines = communities.map(({ name, link, key, invitation }) =>
    [name, link, key?.key ?? "", invitation?.link ?? ""].join(","),
  );
  const csv = ["name,link,key,invitation", ...lines, ""].join("\r\n");
  const shown = h(
    "div",
    { class: "table-scroll", tabindex: 0, role: "region", "aria-label": t("madeTitle") },
    table,
  );
  return h(
    "div",
    { class: "new-key-box" },
    h("p", {}, t("madeHint")),
    h(
      "p",
      { class: "row" },
      createCopyButton(t, shown, csv, t("copyCsv")),
      h("button", { type: "button", onclick: () => print() }, t("print")),
      h("button", { type: "button", onclick: putAway }, t("putAway")),
    ),
    shown,
  );
}
