/** What one look at a community tells whoever hosts it. */
export interface Glance {
  readonly units: number;
  readonly time: string;
  readonly held: boolean;
  /** Kept while time is held. */
  readonly acceleration: number;
  /** Whether the data have come to their end. */
  readonly ended: boolean;
  /** Screens and sessions that are open. */
  readonly screens: number;
  /** Wall time at which somebody last asked for something, as far as the object has been awake since; else null. */
  readonly lastSeenMs: number | null;
}
