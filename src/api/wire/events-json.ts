import * as v from "valibot";
import { firstToldS } from "../../community/records/forget.ts";
import {
  listEvents,
  type ToldEvent,
  type ToldEventKind,
  toldEventKinds,
  toldEventSchema,
} from "../../community/records/told-events.ts";
import type { View } from "../../community/state/view.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { optional } from "../../notation/parameters.ts";
import type { Refused } from "../../notation/refusal.ts";
import { describe } from "../../notation/rows.ts";
import { readSpan, spanParameters } from "./asked-span.ts";

const kindNames = `one or more of ${toldEventKinds.join(", ")}, with commas between them`;
const kinds = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): ToldEventKind[] => {
    const given = dataset.value.split(",") as ToldEventKind[];
    if (given.every((kind) => toldEventKinds.includes(kind))) return given;
    addIssue({ message: kindNames });
    return NEVER;
  }),
  v.metadata({ description: kindNames }),
);

export const eventsParameters = v.object({ ...spanParameters, ...optional({ kind: kinds }) });

/** So many events end an answer with the simulated day of the last. */
const manyEvents = 2000;

/** What `/events` tells. */
export const eventsSchema = v.object({
  recordedFromS: describe(v.number(), "from which simulated second on the past can be told"),
  fromS: describe(v.number(), "the beginning of the span [simulated s]"),
  toS: describe(v.number(), "up to where all is told [simulated s]"),
  more: describe(v.boolean(), "whether there is more to tell after `toS`"),
  events: describe(v.array(toldEventSchema), "in the order of time"),
});

type EventsJson = v.InferOutput<typeof eventsSchema>;

/** Midnights are told only if they are asked for. */
const usualKinds = toldEventKinds.filter((kind) => kind !== "dayEnd");

export function* writeEvents(
  view: View,
  given: v.InferOutput<typeof eventsParameters>,
): InParts<EventsJson | Refused> {
  const { records, chapters, config } = view;
  const { kind = usualKinds } = given;
  const span = readSpan(view, given);
  if ("refusal" in span) return span;
  const { fromS, toS } = span;
  const recordedFromS = firstToldS(records);
  const source = { storage: records, chapters: chapters(), startTime: config.startTime };
  const wish = { ...span, kinds: new Set(kind) };
  const events: ToldEvent[] = [];
  let toldS = fromS;
  for (const piece of listEvents(source, wish)) {
    for (const event of piece.events) events.push(event);
    toldS = Math.max(toldS, piece.untilS);
    if (events.length >= manyEvents) break;
    yield;
  }
  return { recordedFromS, fromS, toS: toldS, more: toldS < toS, events };
}
