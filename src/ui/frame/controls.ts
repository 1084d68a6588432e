import { setAll } from "../homes/unit-actions.ts";
import { command } from "./api.ts";
import { addUnit, loadLast, readAll, removeUnit, reset, saveAll } from "./community-actions.ts";
import type { Context, Part } from "./context.ts";
import { h } from "./dom.ts";
import type { TextKey } from "./i18n.ts";
import { runAction } from "./run-action.ts";

/** The top line of Figure 4-1, in its order and under its names. */
export function createControls(context: Context): Part {
  const { t, live } = context;
  const refreshBox = h("input", { type: "checkbox", id: "auto-refresh", onchange: switchRefresh });
  const refresh = h("label", { class: "control", for: "auto-refresh" }, refreshBox, ...nameOf("autoRefresh"));
  const button = (name: TextKey, action: (context: Context) => Promise<void>, style = "") => {
    const element: HTMLButtonElement = h(
      "button",
      { type: "button", class: style, onclick: () => runAction(context, element, action) },
      ...nameOf(name),
    );
    return element;
  };
  const rate = createRateForm(context, nameOf("setAccelerationRate"));
  const element = h(
    "div",
    { class: "controls", role: "group", "aria-label": t("controls") },
    refresh,
    button("readAll", readAll),
    button("setAll", setAll),
    button("saveAll", saveAll),
    button("loadLast", loadLast),
    button("reset", reset),
    button("addUnit", addUnit),
    button("removeUnit", removeUnit),
    rate.element,
  );

  /** The control's name; in Japanese the specification's own name stands below it. */
  function nameOf(key: TextKey): HTMLElement[] {
    const own = ownNames[key as keyof typeof ownNames];
    const name = h("span", {}, t(key));
    return t(key) === own || own === undefined
      ? [name]
      : [h("span", {}, t(key), " ", h("small", { lang: "en" }, own))];
  }
  function switchRefresh() {
    live.autoRefresh = refreshBox.checked;
    context.say(t(refreshBox.checked ? "saidRefreshOn" : "saidRefreshOff"));
  }
  return {
    element,
    update() {
      refreshBox.checked = live.autoRefresh;
      rate.update();
    },
  };
}

const ownNames = {
  autoRefresh: "Auto Refresh",
  readAll: "Read All",
  setAll: "Set All",
  saveAll: "Save All",
  loadLast: "Load Last",
  reset: "Reset",
  addUnit: "Add Unit",
  removeUnit: "Remove Unit",
  setAccelerationRate: "Set Acceleration Rate",
} as const;

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
      if (event.key !== "Escape") return;
      isTyped = false;
      input.value = String(live.state?.acceleration ?? "");
      refuse("");
    },
  });
  const refusal = h("span", { id: "acceleration-refusal", class: "refusal", lang: "en" });
  const submit = h("button", { type: "submit" }, ...name);
  const element = h(
    "form",
    { class: "control rate", onsubmit: set, novalidate: true },
    submit,
    input,
    refusal,
  );

  function set(event: SubmitEvent) {
    event.preventDefault();
    runAction(context, submit, async ({ say }) => {
      try {
        const text = input.value.trim();
        await command(`/set/acc/${encodeURIComponent(text === "" ? "?" : text)}`);
        isTyped = false;
        refuse("");
        const { acceleration } = await live.refresh();
        say(t(acceleration === 0 ? "saidPaused" : "saidAcceleration", { acceleration }));
      } catch (error) {
        refuse((error as Error).message);
        throw error;
      }
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
