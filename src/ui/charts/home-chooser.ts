import type { Context } from "../frame/context.ts";
import { h } from "../frame/dom.ts";

/** Chooses up to `most` homes that are drawn on top of the band; `onChange` follows each choice. */
export function createHomeChooser(context: Context, most: number, onChange: () => void) {
  const { t, live } = context;
  const chosen: string[] = [];
  const input = h("input", { id: "add-home", type: "search", placeholder: "E001", autocomplete: "off" });
  const list = h("span", { class: "chosen" });
  const add = h("button", { type: "submit" }, t("showHome"));
  const element = h(
    "form",
    { class: "toolbar", onsubmit: choose },
    h("label", { for: "add-home" }, t("homesOnTop")),
    input,
    add,
    list,
  );

  function choose(event: SubmitEvent) {
    event.preventDefault();
    const unit = input.value.trim().toUpperCase();
    if (live.unit(unit) === undefined) return context.say(t("saidNoUnit", { unit: input.value }), "refused");
    if (!chosen.includes(unit)) {
      if (chosen.length === most) chosen.shift();
      chosen.push(unit);
    }
    input.value = "";
    change(t("saidShown", { unit }));
  }
  function remove(unit: string) {
    chosen.splice(chosen.indexOf(unit), 1);
    input.focus();
    change(t("saidHidden", { unit }));
  }
  function change(message: string) {
    list.replaceChildren(
      ...chosen.map((unit) =>
        h(
          "button",
          { type: "button", "aria-label": t("hideHome", { unit }), onclick: () => remove(unit) },
          `${unit} ×`,
        ),
      ),
    );
    context.say(message);
    onChange();
  }
  return { element, chosen: chosen as readonly string[] };
}
