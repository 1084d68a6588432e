import { h } from "../page/dom.ts";
import { readTypedNumber, toPlainText } from "../words/typed-text.ts";
import { administer, type CommunityJson, type KeyJson, type ListJson } from "./admin-api.ts";
import type { AdminTextKey, AdminTranslate } from "./admin-texts.ts";
import { createForm, labelled } from "./form.ts";
import { createNewKey } from "./new-keys.ts";

/** What the parts of the page need of each other. */
export interface AdminContext {
  readonly t: AdminTranslate;
  readonly language: string;
  readonly list: ListJson;
  /**
   * Does something to a community, shows it as it is then, and says in its panel how it went. `form` is where it was
   * asked for, `nameAfter` how the community is called then.
   */
  act(
    name: string,
    action: () => Promise<unknown>,
    form?: HTMLFormElement | null,
    nameAfter?: string,
  ): Promise<void>;
  /** Says something in the panel of a community. */
  say(name: string, message: string, kind: "done" | "refused"): void;
  /** Shows a key of a community until it is put away. */
  showKey(community: string, key: KeyJson): void;
  keysOf(community: string): readonly KeyJson[];
  putAway(community: string, key: KeyJson): void;
  /** Asks before all is lost. */
  confirm(question: { title: string; text: string; action: string }): Promise<boolean>;
}

/** One community: what it is, and below it all that may be set of it. */
export function createCommunityPanel(context: AdminContext, community: CommunityJson): HTMLDetailsElement {
  const { t } = context;
  const { name } = community;
  const base = name === "default" ? "/" : `/e/${name}/`;
  return h(
    "details",
    { class: "panel", id: `community-${name}`, "data-community": name },
    h("summary", {}, h("span", { class: "name" }, name), ` – ${describe(context, community)}`),
    h("p", { class: "said" }),
    h("p", {}, h("a", { href: base }, `${t("open")} ${base}`)),
    createAccessForm(context, community),
    createKeySection(context, community),
    createLimitsForm(context, community),
    createFateSection(context, community),
  );
}

function describe({ t, language, list }: AdminContext, community: CommunityJson): string {
  const { policy, archived, lastUsedMs, sizeBytes } = community;
  const used = lastUsedMs === null ? t("neverUsed") : t("used", { time: formatTime(lastUsedMs) });
  const size = sizeBytes === null ? null : `${Math.ceil(sizeBytes / 1000).toLocaleString(language)} kB`;
  const parts = [
    t(`policy.${policy ?? list.defaultPolicy}` as "policy.closed"),
    archived ? t("archived") : null,
    used,
    size,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

export function choosePolicy({ t, list }: AdminContext, chosen: string | null): HTMLElement {
  const options = ["usual", "closed", "read-open", "open"] as const;
  return h(
    "select",
    { name: "policy" },
    ...options.map((policy) =>
      h(
        "option",
        { value: policy, selected: policy === (chosen ?? "usual") },
        t(`policy.${policy}`, { policy: list.defaultPolicy }),
      ),
    ),
  );
}

export const policyOf = (chosen: string | undefined) => (chosen === "usual" ? null : chosen);

function createAccessForm(context: AdminContext, { name, policy, addresses }: CommunityJson): HTMLElement {
  const { t, act } = context;
  const list = h("textarea", { name: "addresses", rows: 2, spellcheck: "false" }, addresses.join("\n"));
  return createForm(
    t("access"),
    t("save"),
    (values, form) => {
      const typed = toPlainText(values.addresses ?? "").split(/[\s,、]+/);
      const addresses = typed.filter((address) => address !== "");
      const body = { policy: policyOf(values.policy), addresses };
      return act(name, () => administer("POST", `/${name}/policy`, body), form);
    },
    labelled(t("policy"), choosePolicy(context, policy)),
    labelled(t("addresses"), list),
  );
}

function createKeySection(context: AdminContext, { name, keys }: CommunityJson): HTMLElement {
  const { t, language, act, showKey, keysOf, putAway } = context;
  const give = (path: string, form: HTMLFormElement | null, body?: object) =>
    act(name, async () => showKey(name, await administer<KeyJson>("POST", path, body)), form);
  const rows = keys.map((key) => {
    const path = `/${name}/keys/${encodeURIComponent(key.name)}`;
    const button = (text: string, action: () => Promise<void>) =>
      h("button", { type: "button", "aria-label": `${text} ${key.name}`, onclick: action }, text);
    return h(
      "li",
      {},
      `${key.name}, ${t("keySince", { time: formatTime(key.createdMs) })} `,
      button(t("rotate"), () => give(`${path}/rotate`, null)),
      " ",
      button(t("revoke"), () => act(name, () => administer("DELETE", path))),
    );
  });
  const input = h("input", { name: "name", required: true, autocomplete: "off", spellcheck: "false" });
  const fresh = keysOf(name).map((key) => {
    const box = createNewKey(t, key, () => {
      putAway(name, key);
      box.remove();
      input.focus();
    });
    return box;
  });
  const form = createForm(
    t("keys"),
    t("addKey"),
    (values, form) => give(`/${name}/keys`, form, { name: toPlainText(values.name ?? "") }),
    labelled(t("keyName"), input),
  );
  form.dataset.about = "key";
  const list = rows.length === 0 ? h("p", {}, t("noKeys")) : h("ul", { lang: language }, ...rows);
  return h("div", {}, form, ...fresh, list);
}

function createLimitsForm(context: AdminContext, { name, limits }: CommunityJson): HTMLElement {
  const { t, list, act, say } = context;
  const labelOf = (limit: string) => t(`limit.${limit}` as AdminTextKey);
  const fields = Object.entries(list.limits).map(([limit, { default: placeholder }]) => {
    const shown = { placeholder, value: limits[limit] ?? null };
    return labelled(
      labelOf(limit),
      h("input", { name: limit, type: "text", inputmode: "numeric", ...shown }),
    );
  });
  const form = createForm(
    t("limits"),
    t("save"),
    async (values, form) => {
      const body: Record<string, number | string | null> = {};
      for (const [limit, text] of Object.entries(values)) {
        const typed = readTypedNumber(text);
        if (typed.kind === "ambiguous") {
          const [decimal, grouped] = typed.meanings;
          const question = t("askComma", { label: labelOf(limit), given: text, decimal, grouped });
          return say(name, question, "refused");
        }
        if (typed.text === "") body[limit] = null;
        else body[limit] = typed.kind === "number" ? Number(typed.text) : typed.text;
      }
      return act(name, () => administer("POST", `/${name}/limits`, body), form);
    },
    ...fields,
  );
  return h("div", {}, form, h("p", { class: "hint" }, t("limitsHint")));
}

function createFateSection(context: AdminContext, { name, archived }: CommunityJson): HTMLElement {
  const { t, act, confirm } = context;
  const archive = () => act(name, () => administer("POST", `/${name}/archive`, { archived: !archived }));
  const remove = async () => {
    const question = { title: t("askRemoveTitle", { name }), text: t("askRemove"), action: t("remove") };
    if (!(await confirm(question))) return;
    await act(name, () => administer("DELETE", `/${name}`));
  };
  const to = h("input", {
    name: "to",
    value: name,
    required: true,
    autocomplete: "off",
    spellcheck: "false",
  });
  const isBareHost = name === "default";
  return h(
    "div",
    {},
    isBareHost
      ? null
      : createForm(
          t("renameTitle"),
          t("rename"),
          (values, form) => {
            const to = toPlainText(values.to ?? "").toLowerCase();
            return act(name, () => administer("POST", `/${name}/rename`, { to }), form, to);
          },
          labelled(t("name"), to),
        ),
    h(
      "p",
      { class: "row" },
      h("button", { type: "button", onclick: archive }, t(archived ? "restore" : "archive")),
      h("button", { type: "button", class: "danger", onclick: remove }, t("remove")),
    ),
  );
}

/** A wall time as ISO 8601 has it, in the zone of whoever reads it: `2026-11-25 21:30+09:00`. */
function formatTime(timeMs: number): string {
  const minutes = -new Date(timeMs).getTimezoneOffset();
  const local = new Date(timeMs + minutes * 60_000).toISOString().slice(0, 16).replace("T", " ");
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
