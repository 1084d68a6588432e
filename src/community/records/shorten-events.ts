import { secondsPerDay } from "../../simulation/world.ts";
import type { Work } from "../state/catch-up.ts";
import type { OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { comeTo } from "./replay.ts";
import { changeOf, passEvent, type UnitEvent } from "./unit-event.ts";
import { unpackUnit } from "./unit-record.ts";

/** Simulated days of which all events are kept whole, beside the present one. */
const wholeDays = 7;

type UnitDay = ReturnType<RecordStorage["listWholeEvents"]>[number];

/** Keeps of events of older days what their units would not have come to by themselves. */
export class EventShortener {
  readonly #storage: RecordStorage;
  readonly #chapters: () => readonly OpenChapter[];
  /** The first day that may have events to shorten; null where none has. At first nobody has looked. */
  #firstDay: number | null = 0;
  /** Units and days that wait, as they were found when so many days had ended: all of these days. */
  #waiting: UnitDay[] = [];
  #foundDays = 0;

  constructor(storage: RecordStorage, chapters: () => readonly OpenChapter[]) {
    this.#storage = storage;
    this.#chapters = chapters;
  }

  /** Notes that something was left of units at `timeS`. */
  note(timeS: number): void {
    const day = Math.floor(timeS / secondsPerDay);
    this.#firstDay = Math.min(this.#firstDay ?? Number.POSITIVE_INFINITY, day);
    // Time has begun anew.
    if (day < this.#foundDays) this.#waiting = [];
  }

  /** Shortens what has come of age now that so many days are recorded; after a release that kept all, a share of it. */
  shorten(recordedDays: number, work: Work): void {
    const endDay = recordedDays - wholeDays;
    if (this.#firstDay === null || this.#firstDay >= endDay) return;
    // Each world is looked for once.
    const chapters = this.#chapters().map((chapter) => ({ ...chapter }));
    if (this.#waiting.length === 0) this.#find(recordedDays, chapters);
    const aged = this.#waiting.findIndex(({ day }) => day >= endDay);
    const most = leastShare + 2 * this.#storage.highestUnitNumber();
    const count = Math.min(aged < 0 ? this.#waiting.length : aged, most);
    for (const unitDay of this.#waiting.slice(0, count)) {
      if (!this.#shortenDay(unitDay, chapters, work)) return;
      this.#waiting.shift();
    }
    this.#firstDay = this.#waiting[0]?.day ?? (this.#firstDay === null ? null : this.#foundDays);
  }

  #find(recordedDays: number, chapters: readonly OpenChapter[]): void {
    const kept = this.#storage.listWholeEvents();
    if (kept.length === 0) this.#firstDay = null;
    this.#waiting = kept.filter(({ day }) => day < recordedDays && isKnown(chapters, day));
    this.#foundDays = recordedDays;
  }

  #shortenDay({ unitNumber, day }: UnitDay, chapters: readonly OpenChapter[], work: Work): boolean {
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
    work.spend(shortened.length * workOfEvent);
    return this.#storage.replaceEvents(unitNumber, shortened);
  }
}

/** Unit-days that are shortened at once beyond twice those that may come of age in a day. */
const leastShare = 100;
/** An event costs about as much as so many segments. */
const workOfEvent = 500;

/** Whether the data of a day are at hand. */
function isKnown(chapters: readonly OpenChapter[], day: number): boolean {
  return chapters.every(({ fromS, world }, index) => {
    const endS = chapters[index + 1]?.fromS ?? Number.POSITIVE_INFINITY;
    return world !== null || fromS > (day + 1) * secondsPerDay || endS < day * secondsPerDay;
  });
}
