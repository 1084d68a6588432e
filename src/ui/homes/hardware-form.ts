import { ApiError, addressOf, mayChange, put, read } from "../live/api.ts";
import type { ActionContext, Context, Part } from "../live/context.ts";
import { runAction } from "../live/run-action.ts";
import { h, setAttribute } from "../page/dom.ts";
import { readTypedNumber } from "../words/typed-text.ts";
import {
  groupOf,
  type HardwarePath,
  hardwareGroups,
  hardwarePaths,
  type ToldHome,
  unitOf,
  valueAt,
} from "./hardware-fields.ts";

interface ToldHomes {
  readonly homes: readonly ToldHome[];
}

/** The hardware of one home, folded away: it is read when somebody opens it, and set field by field or by a file. */
export function createHardwareForm(context: Context, unit: string): Part {
  const { t } = context;
  const inputs = new Map<HardwarePath, HTMLInputElement>(
    hardwarePaths.map((path) => [path, createInput(path)] as const),
  );
  let home: ToldHome = {};
  const fields = [null, ...hardwareGroups].map((group) => {
    const own = hardwarePaths.filter((path) => groupOf(path) === group).map(createField);
    return group === null
      ? h("div", { class: "fields" }, ...own)
      : h("fieldset", { class: "fields" }, h("legend", {}, t(`hardware.${group}`)), ...own);
  });
  const setButton = h("button", { type: "submit", class: "main changes" }, t("hardwareSet"));
  const file = h("input", { type: "file", accept: ".json,.csv,.txt", hidden: true, onchange: upload });
  const uploadButton = h(
    "button",
    { type: "button", class: "changes", onclick: () => file.click() },
    t("hardwareUpload"),
  );
  const download = h("a", { href: addressOf("/homes"), download: "homes.json" }, t("hardwareFile"));
  const buttons = h("div", { class: "card-buttons" }, setButton, uploadButton, download, file);
  const said = h("p", { class: "said" });
  const form = h(
    "form",
    { onsubmit: set, novalidate: true, "aria-label": t("hardware") },
    ...fields,
    buttons,
    said,
  );
  const hint = h("p", { class: "hint" }, t("hardwareHint"));
  const element = h(
    "details",
    { class: "panel hardware", "data-speaks": true, ontoggle: show },
    h("summary", {}, t("hardware")),
    hint,
    form,
  );

  function createInput(path: HardwarePath) {
    const isText = groupOf(path) === null;
    const kind = isText ? {} : { inputmode: "decimal" };
    return h("input", {
      type: "text",
      ...kind,
      id: `hardware-${path}`,
      name: path,
      autocomplete: "off",
      spellcheck: "false",
      placeholder: /[lL]imit[WA]$|voltageV$|currentA$/.test(path) ? t("noHardwareLimit") : null,
      oninput: () => setAttribute(inputs.get(path) as HTMLElement, "aria-invalid", "false"),
    });
  }
  function createField(path: HardwarePath) {
    const measure = unitOf(path);
    const name = h("label", { for: `hardware-${path}` }, t(`home.${path}`));
    const unitText = measure === "" ? null : h("span", { class: "unit" }, measure);
    return h("div", { class: "field" }, name, inputs.get(path) as HTMLElement, unitText);
  }
  function fill(told: ToldHome) {
    home = told;
    for (const [path, input] of inputs) {
      input.value = valueAt(told, path);
      setAttribute(input, "aria-invalid", "false");
    }
  }
  async function load() {
    const { homes } = await read<ToldHomes>("/homes", { unit });
    fill(homes[0] as ToldHome);
  }
  function show() {
    if (element.open) runAction(context, element, load);
  }
  /** What is typed and differs from what holds, as the Web API takes it. */
  function listTyped(): Record<string, string> {
    const typed: Record<string, string> = {};
    for (const [path, input] of inputs) {
      if (input.value.trim() === valueAt(home, path)) continue;
      const given = groupOf(path) === null ? null : readTypedNumber(input.value, unitOf(path));
      typed[path] = given === null || given.kind === "ambiguous" ? input.value.trim() : given.text;
    }
    return typed;
  }
  function set(event: SubmitEvent) {
    event.preventDefault();
    runAction(context, setButton, async (own) => {
      const typed = listTyped();
      if (Object.keys(typed).length === 0) return own.say(t("saidNoHardware"), "refused");
      await explain(own, async () => {
        await own.command(`/set/home/${unit}`, typed);
        await load();
        own.say(t("saidHardware", { unit }));
      });
    });
  }
  function upload() {
    const [chosen] = file.files ?? [];
    if (chosen === undefined) return;
    runAction(context, uploadButton, (own) =>
      explain(own, async () => {
        await put("/homes", chosen);
        await load();
        own.say(t("saidAllHardware", { file: chosen.name }));
      }),
    );
    file.value = "";
  }
  /** Of what is wrong with homes the server's words name the field, and what is allowed. */
  async function explain(own: ActionContext, act: () => Promise<void>) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "invalid_parameter") throw error;
      const wrong = inputs.get(error.parameter as HardwarePath);
      if (wrong !== undefined) setAttribute(wrong, "aria-invalid", "true");
      own.say(t("saidHardwareRefused", { message: error.message }), "refused");
      wrong?.focus();
    }
  }
  return {
    element,
    update() {
      for (const input of inputs.values()) input.disabled = mayChange() === false;
    },
  };
}
