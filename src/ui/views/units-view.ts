import { createUnitCard } from "../homes/unit-card.ts";
import type { Context, Part } from "../live/context.ts";
import { beginAt } from "../live/run-action.ts";
import { h, setText } from "../page/dom.ts";
import { followPrinting, isPrinting } from "../page/printing.ts";
import { readHomeId } from "../words/typed-text.ts";

/** Cards are filled before they come into sight by this much. */
const fillMargin = "600px 0px";
/** Slots made in one frame; more follow after it. */
const mostAtOnce = 100;

interface Slot {
  readonly element: HTMLElement;
  readonly display: HTMLElement;
  readonly body: HTMLElement;
  card: Part | null;
}

/** A card for each unit, side by side (Figure 4-1). Only those in or near the window have a body. */
export function createUnitsView(context: Context): Part {
  const { t, live, closing } = context;
  const slots = new Map<string, Slot>();
  let rest = 0;
  const grid = h("div", { class: "cards" });
  const jump = h("input", { id: "jump", type: "search", placeholder: "E001", autocomplete: "off" });
  const form = h(
    "form",
    { class: "toolbar", role: "search", "data-speaks": true, onsubmit: jumpTo },
    jumpLabel(),
    jump,
    jumpButton(),
    h("span", { class: "said" }),
  );
  const loading = h("p", { class: "hint" }, t("loading"));
  const hint = h("p", { class: "hint" }, t("unitsHint"));
  const element = h("section", {}, h("h1", {}, t("view.units")), hint, form, loading, grid);
  followPrinting(() => {
    if (isPrinting()) for (const slot of slots.values()) fill(slot);
  }, closing);
  const observer = new IntersectionObserver(fillVisible, { rootMargin: fillMargin });
  closing.addEventListener("abort", () => {
    clearTimeout(rest);
    observer.disconnect();
  });

  function jumpLabel() {
    return h("label", { for: "jump" }, t("jumpTo"));
  }
  function jumpButton() {
    return h("button", { type: "submit" }, t("jump"));
  }
  function jumpTo(event: SubmitEvent) {
    event.preventDefault();
    const slot = slots.get(readHomeId(jump.value));
    const say = beginAt(context, form);
    if (slot === undefined) return say(t("saidNoUnit", { unit: jump.value.trim() }), "refused");
    say("");
    slot.element.scrollIntoView({ block: "start" });
    fill(slot);
    slot.element.querySelector("input")?.focus({ preventScroll: true });
  }
  function fillVisible(entries: IntersectionObserverEntry[]) {
    for (const { target, isIntersecting } of entries) {
      const slot = slots.get((target as HTMLElement).dataset.unit ?? "");
      if (slot === undefined) continue;
      if (isIntersecting) fill(slot);
      else if (!isPrinting() && !slot.element.contains(document.activeElement)) empty(slot);
    }
  }
  function fill(slot: Slot) {
    if (slot.card !== null) return;
    slot.card = createUnitCard(context, slot.element.dataset.unit ?? "");
    slot.body.replaceChildren(slot.card.element);
    slot.card.update();
  }
  function empty(slot: Slot) {
    slot.card = null;
    slot.body.replaceChildren();
  }
  function createSlot(unit: string): Slot {
    const display = h("p", { class: "display" });
    const body = h("div", { class: "card-space" });
    const heading = h("h2", { id: `card-${unit}` }, h("a", { href: `#/unit/${unit}` }, unit));
    const attributes = { class: "card", "data-unit": unit, "aria-labelledby": `card-${unit}` };
    return { element: h("article", attributes, heading, display, body), display, body, card: null };
  }
  function matchUnits() {
    const units = live.state?.units ?? [];
    const present = new Set(units.map((unit) => unit.id));
    for (const [id, slot] of slots) {
      if (present.has(id)) continue;
      observer.unobserve(slot.element);
      slot.element.remove();
      slots.delete(id);
    }
    const added: HTMLElement[] = [];
    for (const { id } of units) {
      if (slots.has(id)) continue;
      if (added.length === mostAtOnce) break;
      const slot = createSlot(id);
      slots.set(id, slot);
      added.push(slot.element);
    }
    grid.append(...added);
    for (const each of added) observer.observe(each);
    for (const { id, display } of units.slice(0, slots.size))
      setText((slots.get(id) as Slot).display, display);
    clearTimeout(rest);
    if (slots.size < units.length) rest = window.setTimeout(matchUnits);
  }
  return {
    element,
    update() {
      loading.hidden = live.state !== null;
      matchUnits();
      for (const slot of slots.values()) slot.card?.update();
    },
  };
}
