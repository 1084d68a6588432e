/** Dispatched on `window` when printing begins and when it is over. */
const printingChanged = "apis-emulator.printingChanged";

/** Whether the page is laid out for paper: light, whole and without buttons, whatever the screen shows. */
export function isPrinting(): boolean {
  return document.documentElement.dataset.print !== undefined;
}

/** Calls `listener` when printing begins and when it is over, until `closing`. */
export function followPrinting(listener: () => void, closing: AbortSignal): void {
  window.addEventListener(printingChanged, listener, { signal: closing });
}

function turn(prints: boolean): void {
  if (prints === isPrinting()) return;
  if (prints) document.documentElement.dataset.print = "";
  else delete document.documentElement.dataset.print;
  window.dispatchEvent(new Event(printingChanged));
}

/** Begins to follow the browser: some tell of printing by events, some by the medium, most by both. */
export function watchPrinting(): void {
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
  window.matchMedia("print").addEventListener("change", ({ matches }) => turn(matches));
}
