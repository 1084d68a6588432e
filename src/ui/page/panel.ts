import { h } from "./dom.ts";

/** Between a panel and what is above it and beside it [px]. */
const gapPx = 6;

interface PanelOptions {
  readonly id: string;
  /** Classes of its button. */
  readonly style?: string;
  readonly title: string;
  readonly closing: AbortSignal;
}

/**
 * A button, and a panel that it opens below itself with one click; Escape or a click elsewhere closes it. A question that is
 * asked from it leaves it open, so that the focus can come back.
 */
export function createPanel(
  { id, style = "", title, closing }: PanelOptions,
  name: readonly (Node | string)[],
  ...children: readonly Node[]
) {
  const panel = h(
    "div",
    { id, class: "drop", popover: "manual", ontoggle: place, onkeydown: leave },
    ...children,
  );
  const button = h("button", { type: "button", class: style, popovertarget: id, title }, ...name);
  document.addEventListener("pointerdown", closeBeside, { signal: closing });

  function place() {
    const below = button.getBoundingClientRect();
    const widest = document.documentElement.clientWidth - gapPx - panel.offsetWidth;
    panel.style.top = `${below.bottom + gapPx}px`;
    panel.style.left = `${Math.max(gapPx, Math.min(below.left, widest))}px`;
  }
  function closeBeside({ target }: Event) {
    const isBeside = ![panel, button, ...document.querySelectorAll("dialog, .messages")].some((each) =>
      each.contains(target as Node),
    );
    if (isBeside) panel.hidePopover();
  }
  function leave(event: KeyboardEvent) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    panel.hidePopover();
    button.focus();
  }
  return { button, panel, close: () => panel.hidePopover(), toggle: () => panel.togglePopover() };
}
