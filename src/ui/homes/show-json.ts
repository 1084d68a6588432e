import type { UnitJson } from "../../input/units/unit-json.ts";
import { read } from "../live/api.ts";
import type { ActionContext } from "../live/context.ts";
import { showText } from "../page/dialogs.ts";

/** Shows all of one unit's JSON, as `/get/log` gives it. */
export async function showUnitJson(context: ActionContext, unit: string): Promise<void> {
  const log = await read<Record<string, UnitJson>>("/get/log");
  showText(context, context.t("jsonOf", { unit }), JSON.stringify(log[unit] ?? null, null, 2));
  context.say(context.t("saidJson", { unit }));
}
