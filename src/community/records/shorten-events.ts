import { secondsPerDay } from "../../simulation/world.ts";
import type { OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { comeTo } from "./replay.ts";
import { changeOf, passEvent, type UnitEvent } from "./unit-event.ts";
import { unpackUnit } from "./unit-record.ts";

/** Simulated days of which all events are kept whole, beside the present one. */
const wholeDays = 7;

/** Keeps of events of older days what their units would not have come to by themselves. */
export class EventShortener {
  readonly #storage: RecordStorage;
  readonly #chapters: () => readonly OpenChapter[];
  /** The first day that may have events to shorten; null where none has. At first nobody has looked. */
  #firstDay: number | null = 0;

  constructor(storage: RecordStorage, chapters: () => readonly OpenChapter[]) {
    this.#storage = storage;
    this.#chapters = chapters;
  }

  /** Notes that something was left of units at `timeS`. */
  note(timeS: number): void {
    this.#firstDay = Math.min(this.#firstDay ?? Number.POSITIVE_INFINITY, Math.floor(timeS / secondsPerDay));
  }

  /** Shortens what has come of age now that so many days are recorded, and of what waits no more than was kept lately. */
  shorten(recordedDays: number): void {
    const endDay = recordedDays - wholeDays;
    if (this.#firstDay === null || this.#firstDay >= endDay) return;
    const chapters = this.#chapters();
    const kept = this.#storage.listWholeEvents();
    const lately = kept.filter(({ day }) => day >= endDay);
    const aged = kept.filter(({ day }) => day < endDay && isKnown(chapters, day));
    // After a release that kept all there may be a year of them.
    const share = aged.slice(0, leastShare + 2 * lately.length);
    for (const { unitNumber, day } of share) if (!this.#shortenDay(unitNumber, day, chapters)) return;
    this.#firstDay = (aged[share.length] ?? lately[0])?.day ?? null;
  }

  #shortenDay(unitNumber: number, day: number, chapters: readonly OpenChapter[]): boolean {
    const beginS = day * secondsPerDay;
    const before = this.#storage.findDay(day - 1);
    let unit = before?.day === day - 1 ? unpackUnit(unitNumber, beginS, before.units) : null;
    const shortened: UnitEvent[] = [];
    for (const event of this.#storage.readEvents(unitNumber, beginS, beginS + secondsPerDay)) {
      if (event.timeS < beginS) continue;
      if (event.timeS >= beginS + secondsPerDay) break;
      const came = comeTo(event.timeS, unit, chapters);
      // What a chapter begins with is needed when the data before it are gone.
      const isBeginning = chapters.some(({ fromS }) => fromS === event.timeS);
      shortened.push(event.isWhole && !isBeginning ? changeOf(event, came) : event);
      unit = passEvent(event, came);
    }
    return this.#storage.replaceEvents(unitNumber, shortened);
  }
}

/** Unit-days that are shortened at once beyond those that keep pace. */
const leastShare = 200;

/** Whether the data of a day are at hand. */
function isKnown(chapters: readonly OpenChapter[], day: number): boolean {
  return chapters.every(({ fromS, world }, index) => {
    const endS = chapters[index + 1]?.fromS ?? Number.POSITIVE_INFINITY;
    return world !== null || fromS > (day + 1) * secondsPerDay || endS < day * secondsPerDay;
  });
}
