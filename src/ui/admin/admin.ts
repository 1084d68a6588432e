import { askFirst } from "../page/dialogs.ts";
import { h } from "../page/dom.ts";
import { createMessageLine } from "../page/message-line.ts";
import { applyTheme, preferences } from "../page/preferences.ts";
import { toPlainText } from "../words/typed-text.ts";
import { AdminError, administer, type KeyJson, type ListJson } from "./admin-api.ts";
import { createAdminTranslate } from "./admin-texts.ts";
import { type AdminContext, choosePolicy, createCommunityPanel, policyOf } from "./community-panel.ts";
import { explainAdminError } from "./explain-admin-error.ts";
import { createForm, labelled } from "./form.ts";
import { keepTyped } from "./keep-typed.ts";

const root = document.getElementById("admin") as HTMLElement;
/** New keys that were not put away, by community: they outlast a change of language. */
const newKeys = new Map<string, KeyJson[]>();

/** Fills the page: a form for a new community, and a panel for each that there is. */
async function build(): Promise<void> {
  const { language } = preferences;
  const t = createAdminTranslate(language);
  applyTheme(preferences.theme);
  document.documentElement.lang = language;
  document.title = `${t("title")} – apis-emulator`;
  const messages = createMessageLine(t("dismiss"));
  const creation = h("div", {}, h("p", {}, t("loading")));
  const panels = h("div", { class: "communities" });
  let limits: ListJson["limits"] = {};
  root.replaceChildren(createTop(), creation, messages.element, panels);

  function createTop(): HTMLElement {
    const other = language === "en" ? "ja" : "en";
    const switchLanguage = () => {
      preferences.language = other;
      build();
    };
    const name = other === "ja" ? "日本語" : "English";
    return h(
      "div",
      { class: "top" },
      h("h1", {}, t("title")),
      h("button", { type: "button", class: "quiet", lang: other, onclick: switchLanguage }, name),
      h("form", { method: "post", action: "/admin/logout" }, h("button", {}, t("logOut"))),
    );
  }
  /** What is said stands in the community's panel, while there is one, else below the form of a new one. */
  function sayAt(name: string, message: string, kind: "done" | "refused") {
    messages.begin(panelOf(name)?.querySelector<HTMLElement>(".said") ?? null)(message, kind);
  }
  function panelOf(name: string): HTMLDetailsElement | null {
    return panels.querySelector(`[data-community="${CSS.escape(name)}"]`);
  }
  const act: AdminContext["act"] = async (name, action, form, nameAfter = name) => {
    let isCarriedOut = false;
    try {
      await action();
      isCarriedOut = true;
      moveKeys(name, nameAfter);
      await show(nameAfter, form);
      const isGone = panelOf(nameAfter) === null;
      sayAt(nameAfter, t(isGone ? "saidRemoved" : "saidDone", { name: nameAfter }), "done");
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      const isAboutKey = form?.dataset.about === "key";
      const why = isCarriedOut ? t("saidDoneUnread") : explainAdminError(t, error, limits, isAboutKey);
      sayAt(name, why, "refused");
    }
  };
  function moveKeys(from: string, to: string) {
    const keys = newKeys.get(from);
    if (from === to || keys === undefined) return;
    newKeys.delete(from);
    newKeys.set(to, keys);
  }
  function showKey(community: string, key: KeyJson) {
    newKeys.set(community, [...(newKeys.get(community) ?? []).filter(({ name }) => name !== key.name), key]);
  }
  function putAway(community: string, key: KeyJson) {
    newKeys.set(
      community,
      (newKeys.get(community) ?? []).filter((each) => each !== key),
    );
  }
  /** Shows the communities as they are; in panels that stay, what is typed in forms other than `done` stays too. */
  async function show(changed: string | null = null, done: HTMLFormElement | null = null): Promise<void> {
    const list = await administer<ListJson>("GET");
    limits = list.limits;
    const confirm: AdminContext["confirm"] = async (question) => (await askFirst({ t }, question)) !== null;
    const keysOf = (community: string) => newKeys.get(community) ?? [];
    const say = sayAt;
    const context: AdminContext = { t, language, list, act, say, showKey, keysOf, putAway, confirm };
    if (changed === null || panelOf(changed) === null) creation.replaceChildren(createCreation(context));
    const shown = list.communities.map((community) => {
      const before = panelOf(community.name);
      if (before !== null && community.name !== changed) return before;
      const panel = createCommunityPanel(context, community);
      if (before !== null) keepTyped(before, panel, done);
      panel.open = before?.open ?? keysOf(community.name).length > 0;
      return panel;
    });
    panels.replaceChildren(...shown);
  }
  await show().catch((error: AdminError) => {
    creation.replaceChildren();
    messages.begin()(explainAdminError(t, error, limits, false), "refused");
  });
}

function createCreation(context: AdminContext): HTMLElement {
  const { t, act } = context;
  const name = h("input", {
    name: "name",
    required: true,
    maxlength: 63,
    autocomplete: "off",
    spellcheck: "false",
  });
  return createForm(
    t("createTitle"),
    t("create"),
    (values, form) => {
      const community = toPlainText(values.name ?? "").toLowerCase();
      const body = { name: community, policy: policyOf(values.policy) };
      return act(community, () => administer("POST", "", body), form);
    },
    labelled(t("name"), name),
    labelled(t("policy"), choosePolicy(context, "closed")),
  );
}

build();
