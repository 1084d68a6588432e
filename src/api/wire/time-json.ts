import * as v from "valibot";
import type { View } from "../../community/state/view.ts";
import { formatCalendar, toCalendar } from "../../notation/simulated-time.ts";
import { endOfTimeS } from "../../simulation/world.ts";

const described = <S extends v.GenericSchema>(schema: S, text: string) => v.pipe(schema, v.description(text));

/** What `/time` tells. */
export const timeSchema = v.object({
  time: described(v.string(), "simulated time as YYYY/MM/DD-HH:MM:SS"),
  timeS: described(v.number(), "the same in simulated seconds since the start of the data"),
  held: described(v.boolean(), "whether simulated time stands still until it is told to go on"),
  acceleration: described(
    v.number(),
    "simulated seconds in each sleeptime while it runs; kept while it is held",
  ),
  dataEndTime: described(v.string(), "where the data end, as YYYY/MM/DD-HH:MM:SS"),
  ended: described(
    v.boolean(),
    "whether simulated time has come to the end of the data and stands still there",
  ),
  behindS: described(v.number(), "simulated seconds that the wall clock is ahead of what has been computed"),
  run: described(v.string(), "when the run began in real time: another than before is another run"),
  chapter: described(v.number(), "the chapter of the run that this is, from 1"),
  claimedBy: described(v.nullable(v.string()), "whose the clock is: nobody else may change the time"),
  claimedUntil: described(v.nullable(v.string()), "until when in real time"),
});

/** What a command that moves the time answers: the same, once it has moved. */
export const stepTakenSchema = v.object({
  ...timeSchema.entries,
  heldByThisStep: described(v.boolean(), "whether time ran before, and is held since"),
  eventCame: v.optional(
    described(v.boolean(), "whether what was waited for came, and not `latest` before it"),
  ),
});

type TimeJson = v.InferOutput<typeof timeSchema>;

export function writeTime(view: View): TimeJson {
  const { timeS, clock, config, world } = view;
  const claim = view.claim();
  const chapters = view.chapters();
  const timeOf = (momentS: number) => formatCalendar(toCalendar(config.startTime, momentS));
  return {
    time: timeOf(timeS),
    timeS,
    held: clock.held,
    acceleration: clock.accelerationFactor,
    dataEndTime: timeOf(world.dataLengthS),
    ended: timeS >= endOfTimeS(world),
    behindS: view.behindS(),
    run: new Date(chapters[0]?.beganWallMs ?? 0).toISOString(),
    chapter: chapters.length,
    claimedBy: claim?.by ?? null,
    claimedUntil: claim === null ? null : new Date(claim.untilMs).toISOString(),
  };
}
