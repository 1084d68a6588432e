import { command } from "./api.ts";
import type { Context } from "./context.ts";
import { askFirst } from "./dialogs.ts";

/** What the buttons of the top line do. Each says what it did; those that lose something ask first. */

export async function readAll({ live, t, drafts, say }: Context): Promise<void> {
  const { units, time } = await live.refresh();
  const typed = drafts.listUnits().length;
  say(t(typed === 0 ? "saidReadAll" : "saidReadAllTyped", { count: units.length, time, typed }));
}

export async function saveAll({ live, t, say }: Context): Promise<void> {
  await command("/save");
  const { units, time } = await live.refresh();
  say(t("saidSaved", { count: units.length, time }));
}

export async function loadLast(context: Context): Promise<void> {
  const { live, t, say } = context;
  const count = live.state?.units.length ?? 0;
  const answer = await askFirst(context, {
    title: t("askLoadLastTitle"),
    text: t("askLoadLast", { count }),
    action: t("loadLast"),
  });
  if (answer === null) return say(t("saidNothingChanged"));
  await command("/get/last");
  const { units } = await live.refresh();
  say(t("saidLoaded", { count: units.length }));
}

export async function reset(context: Context): Promise<void> {
  const { live, t, say } = context;
  const answer = await askFirst(context, {
    title: t("askResetTitle"),
    text: t("askReset", { count: live.state?.units.length ?? 0 }),
    option: t("askResetClock"),
    action: t("reset"),
  });
  if (answer === null) return say(t("saidNothingChanged"));
  await command("/restart", answer.option ? { clock: "start" } : {});
  const { units, time } = await live.refresh();
  say(t("saidReset", { count: units.length, time }));
}

export async function addUnit({ live, t, say }: Context): Promise<void> {
  await command("/add/unit");
  const { units } = await live.refresh();
  say(t("saidAdded", { unit: units.at(-1)?.id ?? "", count: units.length }));
}

export async function removeUnit(context: Context): Promise<void> {
  const { live, t, say, drafts, formats } = context;
  const last = (await live.refresh()).units.at(-1);
  if (last === undefined) return say(t("saidNoUnits"), "refused");
  const unit = last.id;
  const charge = formats.withUnit(last.stateOfChargePercent, "%");
  const answer = await askFirst(context, {
    title: t("askRemoveTitle", { unit }),
    text: t("askRemove", { unit, display: last.display, charge }),
    action: t("removeUnit"),
  });
  if (answer === null) return say(t("saidNothingChanged"));
  const isStillLast = (await live.refresh()).units.at(-1)?.id === unit;
  if (!isStillLast) return removeUnit(context);
  await command("/remove/unit");
  drafts.discard(unit);
  const { units } = await live.refresh();
  say(t("saidRemoved", { unit, count: units.length }));
}
