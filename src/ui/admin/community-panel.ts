import { h } from "../frame/dom.ts";
import { administer, type CommunityJson, type KeyJson, type ListJson } from "./admin-api.ts";
import type { AdminTranslate } from "./admin-texts.ts";
import { createForm, labelled } from "./form.ts";

/** What the parts of the page need of each other. */
export interface AdminContext {
  readonly t: AdminTranslate;
  readonly language: string;
  readonly list: ListJson;
  /** Does something, says how it went and shows the communities as they are then. */
  act(name: string, action: () => Promise<unknown>): Promise<void>;
  /** Shows a key this once. */
  showKey(key: KeyJson): void;
  /** Asks before all is lost. */
  confirm(question: { title: string; text: string; action: string }): Promise<boolean>;
}

/** One community: what it is, and below it all that may be set of it. */
export function createCommunityPanel(context: AdminContext, community: CommunityJson): HTMLElement {
  const { t } = context;
  const { name } = community;
  const base = name === "default" ? "/" : `/e/${name}/`;
  return h(
    "details",
    { class: "panel", id: `community-${name}` },
    h("summary", {}, h("span", { class: "name" }, name), ` – ${describe(context, community)}`),
    h("p", {}, h("a", { href: base }, `${t("open")} ${base}`)),
    createAccessForm(context, community),
    createKeySection(context, community),
    createLimitsForm(context, community),
    createFateSection(context, community),
  );
}

function describe({ t, language, list }: AdminContext, community: CommunityJson): string {
  const { policy, archived, lastUsedMs, sizeBytes } = community;
  const used = lastUsedMs === null ? t("neverUsed") : t("used", { time: formatTime(language, lastUsedMs) });
  const size = sizeBytes === null ? null : `${Math.ceil(sizeBytes / 1000).toLocaleString(language)} kB`;
  const parts = [policy ?? list.usualPolicy, archived ? t("archived") : null, used, size];
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
        t(`policy.${policy}`, { policy: list.usualPolicy }),
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
    (values) =>
      act(name, () =>
        administer("POST", `/${name}/policy`, {
          policy: policyOf(values.policy),
          addresses: (values.addresses ?? "").split(/\s+/).filter((address) => address !== ""),
        }),
      ),
    labelled(t("policy"), choosePolicy(context, policy)),
    labelled(t("addresses"), list),
  );
}

function createKeySection(context: AdminContext, { name, keys }: CommunityJson): HTMLElement {
  const { t, language, act, showKey } = context;
  const give = (path: string, body?: object) =>
    act(name, async () => showKey(await administer<KeyJson>("POST", path, body)));
  const rows = keys.map((key) => {
    const path = `/${name}/keys/${encodeURIComponent(key.name)}`;
    const button = (text: string, action: () => Promise<void>) =>
      h("button", { type: "button", "aria-label": `${text} ${key.name}`, onclick: action }, text);
    return h(
      "li",
      {},
      `${key.name}, ${t("keySince", { time: formatTime(language, key.createdMs) })} `,
      button(t("rotate"), () => give(`${path}/rotate`)),
      " ",
      button(t("revoke"), () => act(name, () => administer("DELETE", path))),
    );
  });
  const input = h("input", { name: "name", required: true, pattern: "[\\w.\\-]{1,63}", autocomplete: "off" });
  return h(
    "div",
    {},
    createForm(
      t("keys"),
      t("addKey"),
      (values) => give(`/${name}/keys`, { name: values.name }),
      labelled(t("keyName"), input),
    ),
    rows.length === 0 ? h("p", {}, t("noKeys")) : h("ul", {}, ...rows),
  );
}

function createLimitsForm({ t, list, act }: AdminContext, { name, limits }: CommunityJson): HTMLElement {
  const fields = Object.entries(list.limits).map(([limit, { usual, most, unit, about }]) =>
    h(
      "label",
      { title: about },
      `${limit} (${unit})`,
      h("input", {
        name: limit,
        type: "number",
        min: 1,
        max: most,
        placeholder: usual,
        value: limits[limit] ?? null,
      }),
    ),
  );
  const numbersOf = (values: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(values).map(([limit, text]) => [limit, text === "" ? null : Number(text)]),
    );
  const form = createForm(
    t("limits"),
    t("save"),
    (values) => act(name, () => administer("POST", `/${name}/limits`, numbersOf(values))),
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
          (values) => act(values.to ?? name, () => administer("POST", `/${name}/rename`, values)),
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

function formatTime(language: string, timeMs: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(timeMs);
}
