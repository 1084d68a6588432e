import { createHistogram } from "node:perf_hooks";
import type { LinkFailure } from "./forward.ts";
import type { Target } from "./target.ts";

/** Tells how the link does: at once when it goes, comes back or the key is refused, and in figures at intervals. */
export class LinkReport {
  private readonly say: (line: string) => void;
  private readonly name: string;
  private readonly durationsUs = createHistogram();
  private repeated = 0;
  private failed = 0;
  private refused = 0;
  private goneSinceMs: number | null = null;
  private isKeyRefused = false;
  private begunMs = performance.now();

  constructor({ origin, prefix }: Target, say: (line: string) => void) {
    this.say = say;
    this.name = origin + prefix;
  }

  /** A request was answered with `status` after `durationMs`. */
  answered(status: number, durationMs: number, repeats: number): void {
    this.durationsUs.record(Math.max(1, Math.round(durationMs * 1000)));
    this.repeated += repeats;
    if (status >= 400) this.refused += 1;
    this.noteLink();
    this.noteKey(status);
  }

  /** A request stays without an answer of the emulator's. */
  failedFor(failure: LinkFailure): void {
    this.failed += 1;
    this.noteGone(failure);
  }

  /** An attempt failed; that no connection opens says that the link is gone, a cut one may be an exception. */
  attemptFailed(failure: LinkFailure): void {
    if (!failure.isSent) this.noteGone(failure);
  }

  /** Says the figures since the last time, if anything was asked. */
  tell(): void {
    const { count } = this.durationsUs;
    if (count + this.failed > 0) {
      const passedS = Math.round((performance.now() - this.begunMs) / 1000);
      const times = count === 0 ? "" : `; p50 ${this.percentileMs(50)} ms, p99 ${this.percentileMs(99)} ms`;
      const errors = `${this.repeated} repeats, ${this.failed} without an answer, ${this.refused} refused`;
      this.say(`${count + this.failed} requests in ${passedS} s${times}; ${errors}`);
    }
    this.durationsUs.reset();
    this.repeated = this.failed = this.refused = 0;
    this.begunMs = performance.now();
  }

  private percentileMs(percent: number): number {
    return Number((this.durationsUs.percentile(percent) / 1000).toPrecision(3));
  }

  private noteGone(failure: LinkFailure): void {
    if (this.goneSinceMs !== null) return;
    this.goneSinceMs = performance.now();
    this.say(`The link to ${this.name} is gone: ${failure.message}`);
  }

  private noteLink(): void {
    if (this.goneSinceMs === null) return;
    const goneS = ((performance.now() - this.goneSinceMs) / 1000).toFixed(1);
    this.goneSinceMs = null;
    this.say(`The link to ${this.name} is back after ${goneS} s`);
  }

  private noteKey(status: number): void {
    const isRefused = status === 401 || status === 403;
    if (isRefused && !this.isKeyRefused) this.say(`${this.name} refuses the key (status ${status})`);
    if (!isRefused && this.isKeyRefused) this.say(`${this.name} accepts the key again`);
    this.isKeyRefused = isRefused;
  }
}
