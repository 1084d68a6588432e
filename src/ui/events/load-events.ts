import { read, type ToldEvent } from "../live/api.ts";

interface EventsAnswer {
  readonly toS: number;
  readonly more: boolean;
  readonly events: readonly ToldEvent[];
}

/** Answers that are asked for, one after the other, for one list; each has about 2,000 events. */
const mostAnswers = 10;

/** What happened in a span, in the order of time, and whether there is more than that. @throws ApiError */
export async function loadEvents(
  fromS: number,
  toS: number,
  wish: Readonly<Record<string, string>> = {},
  isWanted: () => boolean = () => true,
): Promise<{ readonly events: readonly ToldEvent[]; readonly more: boolean }> {
  const events: ToldEvent[] = [];
  for (let answers = 0, beginS = fromS; answers < mostAnswers; answers++) {
    const told = await read<EventsAnswer>("/events", { from: String(beginS), to: String(toS), ...wish });
    events.push(...told.events);
    if (!told.more) return { events, more: false };
    if (!isWanted()) break;
    // After the midnight at which that answer ended.
    beginS = told.toS + 1e-3;
  }
  return { events, more: true };
}
