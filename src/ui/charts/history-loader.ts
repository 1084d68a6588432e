import { ApiError } from "../live/api.ts";
import type { Context } from "../live/context.ts";

const shortestPauseMs = 4500;
/** History takes at most this share of the emulator's time. */
const pausePerLoad = 5;

/**
 * Loads history anew as simulated time goes on, but never faster than the emulator bears. `load` gets a test
 * of whether its result is still wanted; `fail` is told why nothing came.
 */
export function createHistoryLoader(
  { live, closing }: Pick<Context, "live" | "closing">,
  load: (isWanted: () => boolean) => Promise<void>,
  fail: (error: ApiError) => void,
) {
  let loads = 0;
  let isLoading = false;
  let isAskedAgain = false;
  let loadedTimeS = -1;
  let nextMs = 0;
  /** What of the past was looked at when it was loaded, which is followed at once. */
  let loadedPast: unknown = null;

  async function reload(): Promise<void> {
    if (isLoading) {
      isAskedAgain = true;
      loads++;
      return;
    }
    const mine = ++loads;
    const startMs = performance.now();
    isLoading = true;
    isAskedAgain = false;
    loadedTimeS = live.state?.timeS ?? 0;
    loadedPast = live.past.shown;
    try {
      await load(() => mine === loads && !closing.aborted);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      loadedTimeS = -1;
      if (!closing.aborted) fail(error);
    } finally {
      isLoading = false;
      nextMs = performance.now() + Math.max(shortestPauseMs, pausePerLoad * (performance.now() - startMs));
    }
    if ((isAskedAgain || loadedPast !== live.past.shown) && !closing.aborted) await reload();
  }
  return {
    /** Loads at once: something else is to be seen. */
    reload,
    /** Loads if time has gone on and the emulator has rested. */
    update() {
      if (live.state === null || isLoading || live.connection === "lost") return;
      const isFirst = loads === 0;
      const isDue =
        isFirst ||
        loadedPast !== live.past.shown ||
        ((live.autoRefresh || loadedTimeS === -1) && performance.now() >= nextMs);
      if (isDue && live.state.timeS !== loadedTimeS) reload();
    },
  };
}
