import { allowedNumbers } from "../../notation/allowed-numbers.ts";
import { ApiError } from "../live/api.ts";
import type { ActionContext } from "../live/context.ts";
import { describeComma, explainError } from "../live/explain-error.ts";
import { commandWithUndo } from "../live/undo.ts";
import { askFirst, askNumber } from "../page/dialogs.ts";
import { isoTime } from "../words/formatting.ts";
import { readTypedNumber } from "../words/typed-text.ts";

/** What the buttons of the top line do. Each says what it did; those that lose something ask first. */

export async function readAll({ live, t, drafts, say }: ActionContext): Promise<void> {
  const { units, time } = await live.refresh();
  const typed = drafts.listUnits().length;
  say(
    t(typed === 0 ? "saidReadAll" : "saidReadAllTyped", { count: units.length, time: isoTime(time), typed }),
  );
}

export async function saveAll({ live, t, say, command }: ActionContext): Promise<void> {
  await command("/save");
  const { units, time } = await live.refresh();
  say(t("saidSaved", { count: units.length, time: isoTime(time) }));
}

export async function loadLast(context: ActionContext): Promise<void> {
  const { live, t, say } = context;
  const count = live.state?.units.length ?? 0;
  const answer = await askFirst(context, {
    title: t("askLoadLastTitle"),
    text: t("askLoadLast", { count }),
    action: t("loadLast"),
  });
  if (answer === null) return say(t("saidNothingChanged"));
  const undo = await commandWithUndo(context, "/get/last");
  const { units } = await live.refresh();
  say(t("saidLoaded", { count: units.length }), "done", undo);
}

/** What is to be said before a controller's deal is broken off; nothing where all converters wait. */
function warnInDeal({ live, t }: ActionContext, key: "askResetInDeal" | "askRemoveInDeal"): string {
  const isDealing = live.state?.units.some(({ converterMode }) => converterMode !== "waiting") ?? false;
  return isDealing ? ` ${t(key)}` : "";
}

/** Reset takes up the homes of a file, of which there may be far fewer: it says how many, and may keep the number. */
export async function reset(context: ActionContext): Promise<void> {
  const { live, t, say } = context;
  const count = live.state?.units.length ?? 0;
  const resetUnits = live.state?.resetUnits ?? count;
  const answer = await askFirst(context, {
    title: t("askResetTitle"),
    text: `${live.state === null ? t("askResetUnread") : t("askReset", { count, remain: resetUnits })}${warnInDeal(context, "askResetInDeal")}`,
    options: [...(count === resetUnits ? [] : [t("askResetKeep", { count })]), t("askResetClock")],
    action: t("reset"),
  });
  if (answer === null) return say(t("saidNothingChanged"));
  const startsClock = answer.at(-1) === true;
  const keepsNumber = answer.length > 1 && answer[0] === true;
  const undo = await commandWithUndo(context, "/restart", {
    ...(startsClock ? { clock: "start" } : {}),
    ...(keepsNumber ? { units: String(count) } : {}),
  });
  const { units, time } = await live.refresh();
  say(t("saidReset", { count: units.length, time: isoTime(time) }), "done", undo);
}

/** Adds as many homes as is asked for. */
export async function addUnit(context: ActionContext): Promise<void> {
  const { live, t, say, command } = context;
  const answer = await askNumber(context, {
    title: t("askAddTitle"),
    text: t("askAdd", { count: live.state?.units.length ?? 0 }),
    label: t("homesCountField"),
    action: t("addUnit"),
    read: (typed) => {
      const number = readTypedNumber(typed);
      if (number.kind === "ambiguous")
        return { refusal: describeComma(context, t("homesCountField"), typed, number.meanings) };
      const { min, max } = allowedNumbers.count;
      const isCount =
        Number.isInteger(Number(number.text)) && Number(number.text) >= min && Number(number.text) <= max;
      if (isCount) return { value: number.text };
      const sent = { count: typed };
      return {
        refusal: explainError(context, new ApiError("invalid_parameter", "", { parameter: "count", sent })),
      };
    },
  });
  if (answer === null) return say(t("saidNothingChanged"));
  await command("/add/unit", answer === "1" ? {} : { count: answer });
  const { units } = await live.refresh();
  const last = units.at(-1)?.id ?? "";
  const first = units.at(-Number(answer))?.id ?? "";
  const added = first === last ? last : t("fromTo", { first, last });
  say(t("saidAdded", { added, count: units.length }));
}

export async function removeUnit(context: ActionContext): Promise<void> {
  const { live, t, say, drafts, formats } = context;
  const last = (await live.refresh()).units.at(-1);
  if (last === undefined) return say(t("saidNoUnits"), "refused");
  const unit = last.id;
  const charge = formats.quantity(last.stateOfChargePercent, "%");
  const answer = await askFirst(context, {
    title: t("askRemoveTitle", { unit }),
    text: `${t("askRemove", { unit, display: last.display, charge })}${warnInDeal(context, "askRemoveInDeal")}`,
    action: t("removeUnit"),
  });
  if (answer === null) return say(t("saidNothingChanged"));
  const isStillLast = (await live.refresh()).units.at(-1)?.id === unit;
  if (!isStillLast) return removeUnit(context);
  const undo = await commandWithUndo(context, "/remove/unit");
  drafts.discard(unit);
  const { units } = await live.refresh();
  say(t("saidRemoved", { unit, count: units.length }), "done", undo);
}
