import { residents } from "../community/community-object.ts";
import { localLife } from "../community/local-life.ts";
import { consoleLog } from "../community/watching/log.ts";
import type { HostingEnv } from "./deployment.ts";
import { defaultCommunity } from "./directory/community-name.ts";
import type { LifeAnswer, LifeRequest } from "./life-protocol.ts";

/** Wall time that is not worth a line when it is left out [ms]. */
const slightMs = 1000;

/** Does what the local server's own program says of its life at `wallMs`. */
export function followLife(request: LifeRequest, env: HostingEnv, wallMs: number): LifeAnswer {
  const file = `${env.COMMUNITY.idFromName(defaultCommunity)}.sqlite`;
  const { clock } = localLife;
  const { fromMs, untilMs } = request;
  if (fromMs !== undefined && untilMs !== undefined) clock.begin(fromMs, untilMs, wallMs);
  else if (!clock.hasBegun) return { clockMs: null, file };
  else if (untilMs !== undefined) tellLeftOut(clock.renew(untilMs, wallMs));
  if (request.leftOutMs !== undefined) tellLeftOut(request.leftOutMs);
  if (request.opens) localLife.isOpen = true;
  return { clockMs: request.stops ? clock.stop(wallMs) : clock.at(wallMs), file };
}

function tellLeftOut(leftOutMs: number): void {
  if (Math.abs(leftOutMs) < slightMs) return;
  const message =
    leftOutMs > 0
      ? `Simulated time has left out ${formatSeconds(leftOutMs)} s of real time: the emulator did not run, or the machine's clock was set`
      : `Simulated time goes on although the machine's clock was set back by ${formatSeconds(-leftOutMs)} s`;
  consoleLog("WARNING", message);
  for (const community of residents.values()) community.keepLine("WARNING", message);
}

function formatSeconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
