import { ApiError } from "./api.ts";
import type { Context } from "./context.ts";

/** Runs what a button does; while it runs the button is busy, and what goes wrong is said. */
export async function runAction(
  context: Context,
  button: HTMLElement,
  action: (context: Context) => Promise<void>,
): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const say = context.begin();
  try {
    await action({ ...context, say });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isUnreachable = error.code === "unreachable";
    say(isUnreachable ? context.t("saidUnreachable") : error.message, "refused");
  } finally {
    button.removeAttribute("aria-busy");
  }
}
