import { h } from "../page/dom.ts";
import { readTypedNumber, toPlainText } from "../words/typed-text.ts";
import {
  administer,
  type CommunityJson,
  type InvitationJson,
  type KeyJson,
  type ListJson,
} from "./admin-api.ts";
import type { AdminTextKey, AdminTranslate } from "./admin-texts.ts";
import { describeUsual } from "./describe-limits.ts";
import { createForm, labelled } from "./form.ts";
import { formatTime } from "./format-time.ts";
import { createInvitation } from "./invitation.ts";
import { createNewKey } from "./new-keys.ts";

/** What is shown this once. */
export type NewSecret = KeyJson | InvitationJson;

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
  /** Shows a key or an invitation of a community until it is put away. */
  showSecret(community: string, secret: NewSecret): void;
  secretsOf(community: string): readonly NewSecret[];
  putAway(community: string, secret: NewSecret): void;
  /** Asks before all is lost. */
  confirm(question: { title: string; text: string; action: string }): Promise<boolean>;
}

/** What may be done to a community, in the order of its menu. */
export const sections = ["access", "keys", "invitations", "limits", "renameTitle"] as const;
export type Section = (typeof sections)[number];

/** All that may be set of a community, in sections that its menu opens. */
export function createCommunityPanel(context: AdminContext, community: CommunityJson): HTMLElement {
  const { t } = context;
  const { name } = community;
  const close = h("button", { type: "button", onclick: () => closePanel(panel) }, t("close"));
  const created: Readonly<Record<Section, () => HTMLElement>> = {
    access: () => createAccessForm(context, community),
    keys: () => createKeySection(context, community),
    invitations: () => createInvitationSection(context, community),
    limits: () => createLimitsForm(context, community),
    renameTitle: () => createRenameForm(context, community),
  };
  const shown = sectionsOf(community).map((section) =>
    h("div", { "data-section": section, hidden: true }, created[section]()),
  );
  const panel = h(
    "div",
    { class: "panel", id: `community-${name}`, "data-community": name, hidden: true },
    h("p", { class: "said" }),
    ...shown,
    close,
  );
  return panel;
}

/** The bare host's keeps its name. */
export function sectionsOf({ name }: CommunityJson): readonly Section[] {
  return sections.filter((section) => section !== "renameTitle" || name !== "default");
}

/** Shows a section of a panel beside those that are open, and puts the cursor into it. */
export function openSection(panel: HTMLElement, section: Section): void {
  const shown = panel.querySelector<HTMLElement>(`[data-section="${section}"]`);
  panel.hidden = false;
  if (shown === null) return;
  shown.hidden = false;
  shown.querySelector<HTMLElement>("input, select, textarea")?.focus();
}

function closePanel(panel: HTMLElement): void {
  panel.hidden = true;
  for (const section of panel.querySelectorAll<HTMLElement>("[data-section]")) section.hidden = true;
}

/** What is open in `before` is open in `after` too. */
export function keepOpen(before: HTMLElement, after: HTMLElement): void {
  after.hidden = before.hidden;
  for (const section of before.querySelectorAll<HTMLElement>("[data-section]:not([hidden])")) {
    const same = after.querySelector<HTMLElement>(`[data-section="${section.dataset.section}"]`);
    if (same !== null) same.hidden = false;
  }
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
  const { t, language, act, showSecret } = context;
  const give = (path: string, form: HTMLFormElement | null, body?: object) =>
    act(name, async () => showSecret(name, await administer<KeyJson>("POST", path, body)), form);
  const rows = keys.map((key) => {
    const path = `/${name}/keys/${encodeURIComponent(key.name)}`;
    return h(
      "li",
      {},
      `${key.name}, ${t("keySince", { time: formatTime(key.createdMs) })} `,
      createRowButton(t("rotate"), key.name, () => give(`${path}/rotate`, null)),
      " ",
      createRowButton(t("revoke"), key.name, () => act(name, () => administer("DELETE", path))),
    );
  });
  const input = h("input", { name: "name", required: true, autocomplete: "off", spellcheck: "false" });
  const form = createForm(
    t("keys"),
    t("addKey"),
    (values, form) => give(`/${name}/keys`, form, { name: toPlainText(values.name ?? "") }),
    labelled(t("keyName"), input),
  );
  form.dataset.about = "key";
  const fresh = createSecrets(context, name, input, (secret) =>
    "key" in secret ? (putAway) => createNewKey(t, secret, putAway) : null,
  );
  const list = rows.length === 0 ? h("p", {}, t("noKeys")) : h("ul", { lang: language }, ...rows);
  return h("div", {}, form, ...fresh, list);
}

function createRowButton(text: string, of: string, action: () => Promise<void>): HTMLElement {
  return h("button", { type: "button", "aria-label": `${text} ${of}`, onclick: action }, text);
}

/** Boxes of what is shown this once, where `create` makes one of it; once one is put away the cursor is in `next`. */
function createSecrets(
  { secretsOf, putAway }: AdminContext,
  community: string,
  next: HTMLElement,
  create: (secret: NewSecret) => ((putAway: () => void) => HTMLElement) | null,
): HTMLElement[] {
  return secretsOf(community).flatMap((secret) => {
    const box = create(secret)?.(() => {
      putAway(community, secret);
      box?.remove();
      next.focus();
    });
    return box === undefined ? [] : [box];
  });
}

/** Who is invited gets a key of the name that is given here. */
function createInvitationSection(context: AdminContext, { name, invitations }: CommunityJson): HTMLElement {
  const { t, language, act, showSecret } = context;
  const path = `/${name}/invitations`;
  const rows = invitations.map((invitation) =>
    h(
      "li",
      {},
      `${invitation.name}, ${t("goodUntil", { time: formatTime(invitation.endMs) })} `,
      createRowButton(t("withdraw"), invitation.name, () =>
        act(name, () => administer("DELETE", `${path}/${encodeURIComponent(invitation.name)}`)),
      ),
    ),
  );
  const input = h("input", { name: "name", required: true, autocomplete: "off", spellcheck: "false" });
  const form = createForm(
    t("invitations"),
    t("invite"),
    (values, form) => {
      const body = { name: toPlainText(values.name ?? ""), hours: 24 * Number(values.days) };
      return act(
        name,
        async () => showSecret(name, await administer<InvitationJson>("POST", path, body)),
        form,
      );
    },
    labelled(t("invitedAs"), input),
    labelled(t("goodFor"), chooseDays(t)),
  );
  form.dataset.about = "key";
  const fresh = createSecrets(context, name, input, (secret) =>
    "link" in secret ? (putAway) => createInvitation(t, secret, putAway) : null,
  );
  return h("div", {}, form, ...fresh, h("ul", { lang: language }, ...rows));
}

export function chooseDays(t: AdminTranslate): HTMLElement {
  const options = [1, 7, 30, 365].map((days) =>
    h("option", { value: days, selected: days === 7 }, t("days", { count: days })),
  );
  return h("select", { name: "days" }, ...options);
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
  const hint = t("limitsHint", { usual: describeUsual(t, list) });
  return h("div", {}, form, h("p", { class: "hint" }, hint));
}

function createRenameForm({ t, act }: AdminContext, { name }: CommunityJson): HTMLElement {
  const to = h("input", {
    name: "to",
    value: name,
    required: true,
    autocomplete: "off",
    spellcheck: "false",
  });
  return createForm(
    t("renameTitle"),
    t("rename"),
    (values, form) => {
      const to = toPlainText(values.to ?? "").toLowerCase();
      return act(name, () => administer("POST", `/${name}/rename`, { to }), form, to);
    },
    labelled(t("name"), to),
  );
}
