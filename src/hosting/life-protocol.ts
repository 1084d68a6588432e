/** The path at which the local server's own program says that it lives. */
export const lifePath = "/admin/life";

/** What it says; times are those of the clock of this run [ms]. */
export interface LifeRequest {
  /** Where the clock begins, in a worker that has just begun. */
  readonly fromMs?: number;
  /** How far it may go. */
  readonly untilMs?: number;
  /** From now on clients are answered. */
  readonly opens?: true;
  /** From now on the clock stands still. */
  readonly stops?: true;
  /** Wall time that has been left out before [ms]. */
  readonly leftOutMs?: number;
}

export interface LifeAnswer {
  /** Null where the clock has not begun. */
  readonly clockMs: number | null;
  /** The file in which the community of the bare host is stored. */
  readonly file: string;
}
