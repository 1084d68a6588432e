import { setAll } from "../homes/unit-actions.ts";
import { ApiError } from "../live/api.ts";
import type { ActionContext, Context, Part } from "../live/context.ts";
import { describeComma, explainError } from "../live/explain-error.ts";
import { rateOf } from "../live/live-state.ts";
import { runAction } from "../live/run-action.ts";
import { h } from "../page/dom.ts";
import { createPanel } from "../page/panel.ts";
import { english } from "../words/english.ts";
import type { TextKey, Translate } from "../words/i18n.ts";
import { readTypedNumber } from "../words/typed-text.ts";
import { addUnit, loadLast, readAll, removeUnit, reset, saveAll } from "./community-actions.ts";

/**
 * The nine controls of Figure 4-1 in its order and under its names, in a panel that one click opens; what may lose
 * something stands apart by its colour. Who may only look sees those that only look.
 */
export function createControls(context: Context) {
  const { t } = context;
  const button = (name: TextKey, action: (context: ActionContext) => Promise<void>, style = "changes") => {
    const element: HTMLButtonElement = h(
      "button",
      { type: "button", class: style, onclick: () => runAction(context, element, action) },
      ...nameOf(t, name),
    );
    return element;
  };
  const refresh = createRefreshBox(context);
  const rate = createRateForm(context, nameOf(t, "setAccelerationRate"));
  const group = h(
    "div",
    { class: "controls", role: "group", "aria-label": t("controls") },
    refresh.element,
    button("readAll", readAll, ""),
    button("setAll", setAll),
    button("saveAll", saveAll),
    button("loadLast", loadLast, "changes loses"),
    button("reset", reset, "changes loses"),
    button("addUnit", addUnit),
    button("removeUnit", removeUnit, "changes loses"),
    rate.element,
    h("a", { class: "control", href: "#/data" }, t("dataTitle"), " …"),
  );
  const {
    button: opener,
    panel,
    toggle,
  } = createPanel(
    { id: "emulation", title: t("emulationTitle"), closing: context.closing },
    [t("controls"), " ▾"],
    group,
  );
  return {
    button: opener,
    panel,
    toggle,
    update() {
      refresh.update();
      rate.update();
    },
  };
}

/** The check box in the upper left corner. */
function createRefreshBox(context: Context): Part {
  const { t, live } = context;
  const box = h("input", { type: "checkbox", id: "auto-refresh", onchange: switchRefresh });
  const name = nameOf(t, "autoRefresh");
  const element = h("label", { class: "control", for: "auto-refresh" }, box, ...name);
  function switchRefresh() {
    live.autoRefresh = box.checked;
    context.begin()(t(box.checked ? "saidRefreshOn" : "saidRefreshOff"));
  }
  return {
    element,
    update() {
      box.checked = live.autoRefresh;
    },
  };
}

/** The control's name; in Japanese the specification's own name stands below it. */
function nameOf(t: Translate, key: TextKey): HTMLElement[] {
  const own = english[key];
  if (t(key) === own) return [h("span", {}, t(key))];
  return [h("span", {}, t(key), " ", h("small", { lang: "en" }, own))];
}

function createRateForm(context: Context, name: HTMLElement[]): Part {
  const { t, live } = context;
  let isTyped = false;
  const input = h("input", {
    id: "acceleration",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": t("accelerationField"),
    "aria-describedby": "acceleration-refusal",
    oninput: () => {
      isTyped = input.value.trim() !== "";
    },
    onblur: () => update(),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !isTyped) return;
      event.preventDefault();
      isTyped = false;
      input.value = String(live.state?.acceleration ?? "");
      refuse("");
    },
  });
  const refusal = h("span", { id: "acceleration-refusal", class: "refusal" });
  const submit = h("button", { type: "submit" }, ...name);
  const element = h(
    "form",
    { class: "control rate changes", onsubmit: set, novalidate: true },
    submit,
    input,
    refusal,
  );

  function set(event: SubmitEvent) {
    event.preventDefault();
    runAction(context, submit, async ({ say, command }) => {
      const typed = readTypedNumber(input.value);
      if (typed.kind === "ambiguous") {
        const question = describeComma(context, t("accelerationLabel"), input.value, typed.meanings);
        refuse(question);
        return say(question, "refused");
      }
      try {
        await command(`/set/acc/${encodeURIComponent(typed.text === "" ? "?" : typed.text)}`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const named = error.withTyped({ acceleration: input.value });
        if (named.code !== "unreachable") refuse(explainError(context, named));
        throw named;
      }
      isTyped = false;
      refuse("");
      const state = await live.refresh();
      say(t(state.acceleration === 0 ? "saidPaused" : "saidAcceleration", { rate: rateOf(state) }));
    });
  }
  function refuse(message: string) {
    refusal.textContent = message;
    input.setAttribute("aria-invalid", String(message !== ""));
  }
  function update() {
    if (isTyped || document.activeElement === input || live.state === null) return;
    input.value = String(live.state.acceleration);
  }
  return { element, update };
}
