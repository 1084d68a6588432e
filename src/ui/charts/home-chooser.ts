import type { Context } from "../live/context.ts";
import { beginAt } from "../live/run-action.ts";
import { h } from "../page/dom.ts";
import { readHomeId } from "../words/typed-text.ts";

/**
 * Chooses the homes that are drawn on top of the band, one for each of `places`, which keeps its place while others come
 * and go; `onChange` follows each choice. None gives way to another unasked.
 */
export function createHomeChooser(context: Context, places: (string | null)[], onChange: () => void) {
  const { t, live } = context;
  const input = h("input", { id: "add-home", type: "search", placeholder: "E001", autocomplete: "off" });
  const list = h("span", { class: "chosen" });
  const add = h("button", { type: "submit" }, t("showHome"));
  const element = h(
    "form",
    { class: "toolbar", "data-speaks": true, onsubmit: choose },
    h("label", { for: "add-home" }, t("homesOnTop")),
    input,
    add,
    list,
    h("span", { class: "said" }),
  );
  listChosen();

  function choose(event: SubmitEvent) {
    event.preventDefault();
    const say = beginAt(context, element);
    const unit = readHomeId(input.value);
    if (live.unit(unit) === undefined) return say(t("saidNoUnit", { unit: input.value.trim() }), "refused");
    const place = places.includes(unit) ? places.indexOf(unit) : places.indexOf(null);
    if (place === -1) return say(t("saidMostHomes", { most: places.length, unit }), "refused");
    places[place] = unit;
    input.value = "";
    listChosen();
    say(t("saidShown", { unit }));
    onChange();
  }
  function remove(unit: string) {
    places[places.indexOf(unit)] = null;
    input.focus();
    listChosen();
    beginAt(context, element)(t("saidHidden", { unit }));
    onChange();
  }
  function listChosen() {
    const buttons = listUnits().map((unit) => {
      const button = { type: "button", "aria-label": t("hideHome", { unit }), onclick: () => remove(unit) };
      return h("button", button, `${unit} ×`);
    });
    list.replaceChildren(...buttons);
  }
  function listUnits(): string[] {
    return places.filter((unit) => unit !== null);
  }
  return {
    element,
    get chosen() {
      return listUnits();
    },
    placeOf: (unit: string) => places.indexOf(unit),
  };
}
