import { askFirst } from "../frame/dialogs.ts";
import { h } from "../frame/dom.ts";
import { createMessageLine } from "../frame/message-line.ts";
import { applyTheme, preferences } from "../frame/preferences.ts";
import { administer, type KeyJson, type ListJson } from "./admin-api.ts";
import { createAdminTranslate } from "./admin-texts.ts";
import { type AdminContext, choosePolicy, createCommunityPanel, policyOf } from "./community-panel.ts";
import { createForm, labelled } from "./form.ts";

const root = document.getElementById("admin") as HTMLElement;

/** Fills the page: a form for a new community, and a panel for each that there is. */
async function build(): Promise<void> {
  const { language } = preferences;
  const t = createAdminTranslate(language);
  applyTheme(preferences.theme);
  document.documentElement.lang = language;
  document.title = `${t("title")} – apis-emulator`;
  const messages = createMessageLine();
  const newKey = h("div", { class: "messages", "aria-live": "polite" });
  const creation = h("div", {});
  const panels = h("div", { class: "communities" });
  root.replaceChildren(createTop(), creation, messages.element, newKey, panels);

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
  async function act(name: string, action: () => Promise<unknown>): Promise<void> {
    const say = messages.begin();
    newKey.replaceChildren();
    try {
      await action();
      await show();
      say(t("saidDone", { name }));
    } catch (error) {
      say((error as Error).message || t("unreachable"), "refused");
    }
  }
  function showKey({ name, key }: KeyJson): void {
    newKey.replaceChildren(
      h("p", {}, t("newKey", { name })),
      h("p", { class: "new-key" }, h("code", {}, key)),
    );
  }
  async function show(): Promise<void> {
    const list = await administer<ListJson>("GET");
    const open = new Set([...panels.querySelectorAll("details[open]")].map(({ id }) => id));
    const confirm: AdminContext["confirm"] = async (question) => (await askFirst({ t }, question)) !== null;
    const context: AdminContext = { t, language, list, act, showKey, confirm };
    creation.replaceChildren(createCreation(context));
    panels.replaceChildren(...list.communities.map((community) => createCommunityPanel(context, community)));
    for (const panel of panels.querySelectorAll("details")) panel.open = open.has(panel.id);
  }
  await show().catch((error: Error) => messages.begin()(error.message || t("unreachable"), "refused"));
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
    (values) =>
      act(values.name ?? "", () => administer("POST", "", { ...values, policy: policyOf(values.policy) })),
    labelled(t("name"), name),
    labelled(t("policy"), choosePolicy(context, "closed")),
  );
}

build();
