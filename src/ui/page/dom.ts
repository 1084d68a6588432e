type Child = Node | string | null;
type Listener = (event: never) => void;
export type Properties = Readonly<Record<string, string | number | boolean | null | Listener>>;

/**
 * Makes an HTML element. Names that begin with `on` are listeners; `true` writes an empty attribute, `false`
 * and null write none. Texts become text nodes, never markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), properties, children);
}

/** Makes an SVG element, as `h` makes HTML. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

/** Writes a text only where it differs, so that nothing is laid out again for nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Writes an attribute only where it differs. */
export function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Calls `listener` whenever the element has another size, until `closing`. */
export function followSize(element: Element, listener: () => void, closing: AbortSignal): void {
  const observer = new ResizeObserver(listener);
  observer.observe(element);
  closing.addEventListener("abort", () => observer.disconnect());
}

function fill<E extends Element>(element: E, properties: Properties, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}
