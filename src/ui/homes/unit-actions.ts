import { ApiError } from "../live/api.ts";
import type { ActionContext } from "../live/context.ts";
import { describeComma, explainError } from "../live/explain-error.ts";
import { modeCodes, type UnitField, unitFields } from "../live/unit-fields.ts";
import { isoTime } from "../words/formatting.ts";
import { readTypedNumber } from "../words/typed-text.ts";

const setsAtOnce = 6;

/** What became of a card's typed values: set, with what they say; or refused, with why. */
type Outcome =
  | { readonly kind: "set"; readonly sent: Readonly<Record<string, string>> }
  | { readonly kind: "refused"; readonly message: string };

/** Sends what is typed into one unit's card, and only that. */
export async function setUnit(context: ActionContext, unit: string): Promise<void> {
  const { t, drafts, live, say } = context;
  if (drafts.typedOf(unit).size === 0) return say(t("saidNothingTypedIn", { unit }), "refused");
  const outcome = await sendTyped(context, unit);
  if (outcome.kind === "refused") return say(t("saidRefused", { unit, message: outcome.message }), "refused");
  await live.refreshUnit(unit);
  say(describeSet(context, unit, outcome.sent));
}

/** Sends what is typed into each card. Where no answer comes it is not known what was set, and nothing more is sent. */
export async function setAll(context: ActionContext): Promise<void> {
  const { t, drafts, live, say } = context;
  const units = drafts.listUnits();
  if (units.length === 0) return say(t("saidNothingTyped"), "refused");
  const set: string[] = [];
  const refused: string[] = [];
  const unanswered: string[] = [];
  const rest = [...units];
  const recomputed = new Set<string>();
  const work = async () => {
    for (let unit = rest.shift(); unit !== undefined; unit = rest.shift()) {
      try {
        const outcome = await sendTyped(context, unit);
        if (outcome.kind === "refused") refused.push(`${unit}: ${outcome.message}`);
        else {
          set.push(unit);
          for (const field of unitFields)
            if (field.isRecomputed && field.parameter in outcome.sent) recomputed.add(t(field.label));
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        unanswered.push(unit);
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: setsAtOnce }, work));
  if (unanswered.length > 0) {
    const counts = { count: set.length, unanswered: unanswered.join(", "), rest: rest.length };
    return say(t("saidSetUnanswered", counts), "refused");
  }
  await live.refresh();
  const noEffect =
    recomputed.size === 0 ? "" : ` ${t("saidRecomputed", { labels: [...recomputed].join(", ") })}`;
  if (refused.length === 0) return say(t("saidSetAll", { count: set.length }) + noEffect);
  const counts = { count: set.length, refused: refused.length, messages: refused.join("; ") };
  say(t("saidSetSome", counts) + noEffect, "refused");
}

/** Reads one unit now; what is typed stays. */
export async function readUnit(context: ActionContext, unit: string): Promise<void> {
  const state = await context.live.refreshUnit(unit);
  const typed = context.drafts.typedOf(unit).size;
  const key = typed === 0 ? "saidRead" : "saidReadTyped";
  context.say(context.t(key, { unit, time: isoTime(state.time), typed }));
}

/** Names what took effect, and what did not. */
function describeSet({ t }: ActionContext, unit: string, sent: Readonly<Record<string, string>>): string {
  const given = unitFields.filter((field) => field.parameter in sent);
  const effective = given.filter((field) => !field.isRecomputed);
  const values = effective.map((field) => `${t(field.label)} ${writeValue(field)}`).join(", ");
  const labels = given
    .filter((field) => field.isRecomputed)
    .map((field) => t(field.label))
    .join(", ");
  const said = values === "" ? t("saidNoEffect", { unit }) : t("saidSet", { unit, values });
  return labels === "" ? said : `${said} ${t("saidRecomputed", { labels })}`;

  function writeValue({ parameter, unit: measure }: UnitField): string {
    const text = sent[parameter] ?? "";
    if (parameter !== "mode") return measure === "" ? text : `${text}\u00a0${measure}`;
    const [mode] = Object.entries(modeCodes).find(([, code]) => code === text) ?? [];
    return mode === undefined ? text : `${t(`mode.${mode as keyof typeof modeCodes}`)} (${text})`;
  }
}

/** @throws ApiError where no answer came */
async function sendTyped(context: ActionContext, unit: string): Promise<Outcome> {
  const { t, drafts, command } = context;
  const typed = new Map(drafts.typedOf(unit));
  const sent: Record<string, string> = {};
  for (const field of unitFields) {
    const text = typed.get(field.parameter);
    if (text === undefined) continue;
    const read = readTypedNumber(text, field.unit);
    if (field.parameter === "mode") sent.mode = text;
    else if (read.kind === "ambiguous") {
      const explain = () => describeComma(context, t(field.label), text, read.meanings);
      drafts.refuse(unit, { parameter: field.parameter, explain });
      return { kind: "refused", message: explain() };
    } else sent[field.parameter] = read.text;
  }
  try {
    await command(`/set/emu/${unit}`, sent);
    drafts.accept(unit, typed);
    return { kind: "set", sent };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === "unreachable" || error.code === "internal")
      throw error;
    const parameter = error.parameter !== null && typed.has(error.parameter) ? error.parameter : null;
    const named = error.withTyped(Object.fromEntries(typed));
    drafts.refuse(unit, { parameter, explain: (reader) => explainError(reader, named) });
    return { kind: "refused", message: explainError(context, named) };
  }
}
