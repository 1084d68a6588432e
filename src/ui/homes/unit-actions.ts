import { ApiError, command } from "../frame/api.ts";
import type { Context } from "../frame/context.ts";

const setsAtOnce = 6;

/** Sends what is typed into one unit's card, and only that. */
export async function setUnit(context: Context, unit: string): Promise<void> {
  const { t, drafts, live } = context;
  const count = drafts.typedOf(unit).size;
  if (count === 0) return context.say(t("saidNothingTypedIn", { unit }), "refused");
  const refusal = await sendTyped(context, unit);
  if (refusal !== null) return context.say(t("saidRefused", { unit, message: refusal.message }), "refused");
  await live.refreshUnit(unit);
  context.say(t("saidSet", { unit, count }));
}

/** Sends what is typed into each card. */
export async function setAll(context: Context): Promise<void> {
  const { t, drafts, live } = context;
  const units = drafts.listUnits();
  if (units.length === 0) return context.say(t("saidNothingTyped"), "refused");
  const refused: string[] = [];
  const rest = [...units];
  const work = async () => {
    for (let unit = rest.shift(); unit !== undefined; unit = rest.shift()) {
      const refusal = await sendTyped(context, unit);
      if (refusal !== null) refused.push(`${unit}: ${refusal.message}`);
    }
  };
  await Promise.all(Array.from({ length: setsAtOnce }, work));
  await live.refresh();
  const set = units.length - refused.length;
  if (refused.length === 0) return context.say(t("saidSetAll", { count: set }));
  context.say(
    t("saidSetSome", { count: set, refused: refused.length, messages: refused.join("; ") }),
    "refused",
  );
}

/** Reads one unit now; what is typed stays. */
export async function readUnit(context: Context, unit: string): Promise<void> {
  const state = await context.live.refreshUnit(unit);
  const typed = context.drafts.typedOf(unit).size;
  const key = typed === 0 ? "saidRead" : "saidReadTyped";
  context.say(context.t(key, { unit, time: state.time, typed }));
}

async function sendTyped({ drafts }: Context, unit: string): Promise<ApiError | null> {
  const sent = new Map(drafts.typedOf(unit));
  const trimmed = Object.fromEntries([...sent].map(([name, text]) => [name, text.trim()]));
  try {
    await command(`/set/emu/${unit}`, trimmed);
    drafts.accept(unit, sent);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === "unreachable") throw error;
    const parameter = error.parameter !== null && sent.has(error.parameter) ? error.parameter : null;
    drafts.refuse(unit, { parameter, message: error.message });
    return error;
  }
}
