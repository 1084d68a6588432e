const listeners = new Set<() => void>();

/** Whether the page is laid out for paper: light, whole and without buttons, whatever the screen shows. */
export function isPrinting(): boolean {
  return document.documentElement.dataset.print !== undefined;
}

/** Calls `listener` when printing begins and when it is over, until the function that is returned is called. */
export function followPrinting(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function turn(prints: boolean): void {
  if (prints === isPrinting()) return;
  if (prints) document.documentElement.dataset.print = "";
  else delete document.documentElement.dataset.print;
  for (const listener of listeners) listener();
}

/** Begins to follow the browser: some tell of printing by events, some by the medium, most by both. */
export function watchPrinting(): void {
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
  window.matchMedia("print").addEventListener("change", ({ matches }) => turn(matches));
}
