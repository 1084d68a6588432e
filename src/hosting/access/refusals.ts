import { respondRefusal } from "../../api/http/errors.ts";
import type { Refusal } from "../../notation/refusal.ts";
import type { RequestContext } from "../deployment.ts";
import { RateCounter } from "./rate-counter.ts";

/** Refusals for the rate that were logged in this minute, by host. */
const toldOfRates = new RateCounter();
/** Of a flood only the first refusals of a minute are logged: otherwise it would flood the log. */
const mostToldOfRates = 3;

/**
 * Refuses a request and logs that. Of the request only method, host and path are logged: a query, a header or
 * a body may hold a secret.
 */
export function refuseRequest({ request, url, log, nowMs }: RequestContext, refusal: Refusal): Response {
  const isFlood = refusal.code === "rate_limited" && toldOfRates.add(url.host, nowMs) > mostToldOfRates;
  if (!isFlood)
    log("WARNING", refusal.message, {
      code: refusal.code,
      method: request.method,
      host: url.host,
      path: url.pathname.slice(0, 200),
    });
  const headers =
    refusal.code === "unauthorized" ? { "www-authenticate": 'Bearer realm="apis-emulator"' } : {};
  return respondRefusal(refusal, refusal.code === "rate_limited" ? { "retry-after": "60" } : headers);
}

export const nothingHere: Refusal = { code: "not_found", message: "There is nothing at this address" };
