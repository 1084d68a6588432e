import type { Offer } from "../page/message-line.ts";
import { isoTime } from "../words/formatting.ts";
import { ApiError, read } from "./api.ts";
import type { ActionContext } from "./context.ts";
import { runAction } from "./run-action.ts";

interface Snapshot {
  readonly name: string;
  readonly time: string;
  readonly restorable: boolean;
}

/**
 * Sends a command before which the emulator takes a snapshot by itself, and gives what takes it back: to go to that snapshot, or
 * where another run has begun to begin with it again, and on from there if time ran. It can be taken back in its turn. Undefined
 * where that is not known, as while the emulator catches up: the command goes out all the same.
 */
export async function commandWithUndo(
  context: ActionContext,
  ...given: Parameters<ActionContext["command"]>
): Promise<Offer | undefined> {
  const { t, live } = context;
  const listed = await listSnapshots();
  const { held } = await read<{ held: boolean }>("/time");
  await context.command(...given);
  if (listed === null) return undefined;
  const before = new Set(listed.map(({ name }) => name));
  const own = (await listSnapshots())?.findLast(({ name }) => /^before-/.test(name) && !before.has(name));
  if (own === undefined) return undefined;
  const { name, time, restorable } = own;
  return {
    name: t("undo"),
    title: t(restorable ? "undoTitle" : "undoAnewTitle", { time: isoTime(time) }),
    take,
  };

  function take(button: HTMLElement) {
    runAction(context, button, async (action) => {
      const undo = await commandWithUndo(action, `/snapshots/${restorable ? "restore" : "begin"}`, { name });
      if (!held) await action.command("/time/run");
      const now = isoTime((await live.refresh()).time);
      action.say(t(restorable ? "saidUndone" : "saidUndoneAnew", { time: now }), "done", undo);
    });
  }
}

/** Null where they cannot be listed now. */
async function listSnapshots(): Promise<readonly Snapshot[] | null> {
  try {
    return (await read<{ snapshots: readonly Snapshot[] }>("/snapshots")).snapshots;
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
