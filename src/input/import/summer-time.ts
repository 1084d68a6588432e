/** Minutes by which the clock of an IANA time zone is ahead of UTC, at a minute of UTC. */
type OffsetAt = (utcMinute: number) => number;

/**
 * Turns minutes of a zone's clock, which summer time moves, into those of its standard time. Of an hour that comes twice
 * the second is that of standard time.
 */
export class SummerTime {
  readonly #offsetAt: OffsetAt;
  readonly #standard: number;
  readonly #summer: number;
  /** By their hours, since most rows share one: minutes to subtract, or NaN where both clocks may be meant. */
  readonly #known = new Map<number, number>();

  /** @throws RangeError if no zone has this name */
  constructor(zone: string) {
    this.#offsetAt = offsetOf(zone);
    const offsets = Array.from({ length: 24 }, (_, half) =>
      this.#offsetAt(Date.UTC(2012, half / 2, 15) / 60_000),
    );
    this.#standard = Math.min(...offsets);
    this.#summer = Math.max(...offsets);
  }

  /** Minutes by which `minute` of the clock is ahead of standard time; NaN where it comes twice. */
  aheadAt(minute: number): number {
    const quarter = Math.floor(minute / 15);
    const known = this.#known.get(quarter);
    if (known !== undefined) return known;
    const isSummer = this.#isAt(minute, this.#summer);
    const isStandard = this.#isAt(minute, this.#standard);
    const ahead = isSummer && isStandard ? Number.NaN : isSummer ? this.ahead : 0;
    this.#known.set(quarter, ahead);
    return ahead;
  }

  /** Minutes by which summer time is ahead. */
  get ahead(): number {
    return this.#summer - this.#standard;
  }

  #isAt(minute: number, offset: number): boolean {
    return this.#offsetAt(minute - offset) === offset;
  }
}

function offsetOf(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  return (utcMinute) => {
    const parts = Object.fromEntries(
      format.formatToParts(utcMinute * 60_000).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) / 60_000 - utcMinute;
  };
}
