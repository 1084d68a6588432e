import type { Say } from "../page/message-line.ts";
import { ApiError, command } from "./api.ts";
import type { ActionContext, Context } from "./context.ts";
import { explainError } from "./explain-error.ts";

/** Begins an action at `element`: what it says stands in the nearest place for messages. */
export function beginAt(context: Context, element: HTMLElement): Say {
  return context.begin(element.closest("[data-speaks]")?.querySelector<HTMLElement>(".said"));
}

/** Runs what a button does; while it runs the button is busy, and what goes wrong is said. */
export async function runAction(
  context: Context,
  button: HTMLElement,
  action: (context: ActionContext) => Promise<void>,
): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const say = beginAt(context, button);
  let isCarriedOut = false;
  const own: ActionContext = {
    ...context,
    say,
    async command(...given) {
      // What is commanded is of now, and so is what is seen of it.
      context.live.past.end();
      const answer = await command(...given);
      isCarriedOut = true;
      return answer;
    },
  };
  try {
    await action(own);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isReadAfterwards = isCarriedOut && !error.isCommand;
    say(isReadAfterwards ? context.t("saidDoneUnread") : explainError(context, error), "refused");
  } finally {
    button.removeAttribute("aria-busy");
  }
}
