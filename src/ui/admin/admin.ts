import { askFirst } from "../page/dialogs.ts";
import { h } from "../page/dom.ts";
import { createMessageLine } from "../page/message-line.ts";
import { applyTheme, preferences } from "../page/preferences.ts";
import { toPlainText } from "../words/typed-text.ts";
import { AdminError, administer, askControl, type ListJson, type SeenJson } from "./admin-api.ts";
import { createAdminTranslate } from "./admin-texts.ts";
import { createAllBar } from "./all-bar.ts";
import { createClassForm } from "./class-form.ts";
import {
  type AdminContext,
  choosePolicy,
  createCommunityPanel,
  keepOpen,
  type NewSecret,
  openSection,
  policyOf,
} from "./community-panel.ts";
import { type CommunityRow, columns, createCommunityRow } from "./community-row.ts";
import { explainAdminError } from "./explain-admin-error.ts";
import { createForm, labelled } from "./form.ts";
import { keepTyped } from "./keep-typed.ts";

const root = document.getElementById("admin") as HTMLElement;
/** New keys and invitations that were not put away, by community: they outlast a change of language. */
const newSecrets = new Map<string, NewSecret[]>();
/** How often all communities are looked at while the page is in sight [ms]. */
const lookMs = 30_000;
let looking = 0;

/** Fills the page: forms for new communities, commands to all, and a table of those that there are. */
async function build(): Promise<void> {
  const { language } = preferences;
  const t = createAdminTranslate(language);
  applyTheme(preferences.theme);
  document.documentElement.lang = language;
  document.title = `${t("title")} – apis-emulator`;
  const messages = createMessageLine(t("dismiss"));
  const creation = h("div", { class: "creation" }, h("p", {}, t("loading")));
  const heads = columns.map((column) => h("th", { scope: "col" }, t(`column.${column}`)));
  const panels = h("tbody");
  const table = h("table", { class: "communities" }, h("thead", {}, h("tr", {}, ...heads)), panels);
  const scroll = { class: "table-scroll", tabindex: 0, role: "region", "aria-label": t("title") };
  let limits: ListJson["limits"] = {};
  let rows: readonly CommunityRow[] = [];
  let seen = new Map<string, SeenJson>();
  const confirm: AdminContext["confirm"] = async (question) => (await askFirst({ t }, question)) !== null;
  const say = (message: string, kind: "done" | "refused") => messages.begin()(message, kind);
  const ticked = () => rows.filter((row) => row.isTicked()).map(({ name }) => name);
  const all = createAllBar({ t, ticked, confirm, command: commandAll, look });
  root.replaceChildren(createTop(), creation, messages.element, all, h("div", scroll, table));
  clearInterval(looking);
  looking = window.setInterval(() => document.hidden || look(), lookMs);

  async function look(): Promise<void> {
    const { communities } = await askControl<{ communities: SeenJson[] }>("GET", "overview").catch(() => ({
      communities: [...seen.values()],
    }));
    seen = new Map(communities.map((each) => [each.name, each]));
    for (const row of rows) row.show(seen.get(row.name));
  }
  /** Commands all, and says what some of them refused. */
  async function commandAll(action: () => Promise<string | null>): Promise<void> {
    try {
      const refused = await action();
      say(refused ?? t("saidAll"), refused === null ? "done" : "refused");
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      say(explainAdminError(t, error, limits, false), "refused");
    }
    await look();
  }

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
  /** What is said stands in the community's panel, while that is open, else at the top. */
  function sayAt(name: string, message: string, kind: "done" | "refused") {
    const panel = panelOf(name);
    const slot = panel === null || panel.hidden ? null : panel.querySelector<HTMLElement>(".said");
    messages.begin(slot)(message, kind);
  }
  function panelOf(name: string): HTMLElement | null {
    return panels.querySelector(`[data-community="${CSS.escape(name)}"]`);
  }
  const act: AdminContext["act"] = async (name, action, form, nameAfter = name) => {
    let isCarriedOut = false;
    try {
      await action();
      isCarriedOut = true;
      moveSecrets(name, nameAfter);
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
  function moveSecrets(from: string, to: string) {
    const secrets = newSecrets.get(from);
    if (from === to || secrets === undefined) return;
    newSecrets.delete(from);
    newSecrets.set(to, secrets);
  }
  function showSecret(community: string, secret: NewSecret) {
    const others = secretsOf(community).filter(({ name }) => name !== secret.name);
    newSecrets.set(community, [...others, secret]);
  }
  function putAway(community: string, secret: NewSecret) {
    newSecrets.set(
      community,
      secretsOf(community).filter((each) => each !== secret),
    );
  }
  function secretsOf(community: string): readonly NewSecret[] {
    return newSecrets.get(community) ?? [];
  }
  /** Shows the communities as they are; in panels that stay, what is typed in forms other than `done` stays too. */
  async function show(changed: string | null = null, done: HTMLFormElement | null = null): Promise<void> {
    const list = await administer<ListJson>("GET");
    limits = list.limits;
    const context: AdminContext = {
      t,
      language,
      list,
      act,
      say: sayAt,
      showSecret,
      secretsOf,
      putAway,
      confirm,
    };
    if (changed === null || panelOf(changed) === null)
      creation.replaceChildren(createCreation(context), creation.querySelector(".class") ?? createClass());
    const before = new Map(
      [...panels.querySelectorAll<HTMLElement>("[data-community]")].map((panel) => [
        panel.dataset.community ?? "",
        panel,
      ]),
    );
    rows = list.communities.map((community) =>
      createCommunityRow(context, community, () => panelOf(community.name)),
    );
    const shown = list.communities.flatMap((community, index) => {
      const old = before.get(community.name);
      const stays = old !== undefined && community.name !== changed;
      const panel = stays ? old : createCommunityPanel(context, community);
      if (old !== undefined && !stays) {
        keepTyped(old, panel, done);
        keepOpen(old, panel);
      }
      for (const secret of secretsOf(community.name))
        if (old === undefined) openSection(panel, "key" in secret ? "keys" : "invitations");
      const cell = h("td", { colspan: columns.length }, panel);
      return [(rows[index] as CommunityRow).element, h("tr", { class: "below" }, cell)];
    });
    panels.replaceChildren(...shown);
    for (const row of rows) row.show(seen.get(row.name));
    await look();
  }
  function createClass(): HTMLElement {
    return createClassForm({
      t,
      limits,
      say,
      async make(action) {
        try {
          const made = await action();
          await show();
          say(t("saidMade", { count: made.length }), "done");
          return made;
        } catch (error) {
          if (!(error instanceof AdminError)) throw error;
          say(explainAdminError(t, error, limits, false), "refused");
          return null;
        }
      },
    });
  }
  await show().catch((error: unknown) => {
    if (!(error instanceof AdminError)) throw error;
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
