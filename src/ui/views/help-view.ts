import { type KeyName, keys } from "../frame/keys.ts";
import { addressOf } from "../live/api.ts";
import type { Context, Part } from "../live/context.ts";
import { h, setText } from "../page/dom.ts";
import { preferences } from "../page/preferences.ts";
import type { TextKey, Translate } from "../words/i18n.ts";

const colours: readonly (readonly [color: string, text: TextKey])[] = [
  ["ac", "helpAc"],
  ["demand", "helpDemand"],
  ["solar", "helpSolar"],
  ["battery", "helpBattery"],
  ["grid", "helpGrid"],
  ["loss", "helpLoss"],
  ["curtailed", "helpCurtailed"],
  ["wasted", "helpWasted"],
];
const steps: readonly TextKey[] = [
  "helpTryWatch",
  "helpTrySet",
  "helpTryHold",
  "helpTryDeal",
  "helpTryFast",
  "helpTryEnd",
];

const keyRows: readonly (readonly [readonly KeyName[], TextKey])[] = [
  [["hold"], "key.hold"],
  [["speed1", "speed2", "speed3", "speed4", "speed5"], "key.speeds"],
  [["stepMinutes"], "key.stepMinutes"],
  [["stepHour"], "key.stepHour"],
  [["stepDay"], "key.stepDay"],
  [["until"], "key.until"],
  [["earlier", "later"], "key.look"],
  [["now"], "key.now"],
  [["emulation"], "key.emulation"],
];
const dealSteps: readonly TextKey[] = ["helpDealMode", "helpDealCharges", "helpDealWatch"];

/** First use: what the picture means, how to attach apis-main to this very address, what to try. */
export function createHelpView({ t, live }: Context): Part {
  preferences.knowsScreen = true;
  const units = h("p", {});
  const p = (key: TextKey) => h("p", {}, t(key));
  const path = (text: string) =>
    h("li", {}, h("a", { href: addressOf(text) }, h("code", {}, addressOf(text))));
  const section = (title: TextKey, ...children: (HTMLElement | null)[]) =>
    h("section", { class: "panel" }, h("h2", {}, t(title)), ...children);
  const legend = colours.map(([color, text]) =>
    h("li", {}, h("span", { class: `swatch color-${color}`, "aria-hidden": "true" }), t(text)),
  );
  const element = h(
    "section",
    { class: "help" },
    h("h1", {}, t("view.help")),
    section(
      "helpPictureTitle",
      p("helpPicture"),
      p("helpArrows"),
      h("ul", {}, ...legend),
      p("helpUps"),
      p("helpSigns"),
      p("helpCharts"),
    ),
    section(
      "helpAttachTitle",
      p("helpAttach"),
      h(
        "pre",
        { id: "apis-main-settings", tabindex: 0, role: "region", "aria-label": "config.json" },
        writeConnection(location),
      ),
      units,
      location.protocol === "https:" ? p("helpAttachHttps") : null,
      new URL(addressOf("/")).pathname === "/" ? null : p("helpAttachPath"),
      p("helpAttachElsewhere"),
      p("helpAttachSpeed"),
      p("helpAttachWeb"),
      h("ul", {}, ...["/get/log", "/get/unit/E001", "/get/acc", "/docs"].map(path)),
      h("p", {}, t("helpLogin"), " ", h("a", { href: addressOf("/login") }, t("helpLoginLink"))),
    ),
    section(
      "helpDealTitle",
      h("ol", {}, ...dealSteps.map((step) => h("li", {}, t(step)))),
      p("helpDealOvershoot"),
      p("helpDealReset"),
      p("helpDealRemove"),
    ),
    section("helpTryTitle", h("ol", {}, ...steps.map((step) => h("li", {}, t(step))))),
    section("helpKeysTitle", p("helpKeys"), createKeyList(t)),
  );
  return {
    element,
    update() {
      setText(units, t("helpAttachUnits", { count: live.state?.units.length ?? 0 }));
    },
  };
}

/** The single keys, and whether they are listened to. */
function createKeyList(t: Translate): HTMLElement {
  const rows = keyRows.map(([pressed, text]) =>
    h("li", {}, ...pressed.flatMap((key) => [h("kbd", {}, keys[key]), " "]), t(text)),
  );
  const box = h("input", { type: "checkbox", id: "single-keys", onchange: turn });
  box.checked = preferences.singleKeys;
  function turn() {
    preferences.singleKeys = box.checked;
  }
  const label = h("label", { class: "control", for: "single-keys" }, box, t("singleKeys"));
  return h("div", {}, label, h("ul", { class: "keys" }, ...rows));
}

/** What apis-main's configuration needs in order to use the emulator at this address. */
function writeConnection({ protocol, hostname, port }: Location | URL): string {
  const usual = protocol === "https:" ? 443 : 80;
  const emulator = { host: hostname, port: port === "" ? usual : Number(port) };
  return JSON.stringify({ systemType: "dcdc_emulator", connection: { emulator } }, null, 2);
}
