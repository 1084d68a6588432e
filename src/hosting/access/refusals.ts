import { respondRefusal } from "../../api/http/errors.ts";
import { Thinner } from "../../community/watching/thinner.ts";
import type { Refusal } from "../../notation/refusal.ts";
import type { RequestContext } from "../deployment.ts";

/** Of all refusals of this isolate. */
const thinner = new Thinner();

/**
 * Refuses a request and logs that, but not all that repeats. Of the request only method, host and path are logged: a
 * query, a header or a body may hold a secret.
 */
export function refuseRequest({ request, url, log, nowMs }: RequestContext, refusal: Refusal): Response {
  const { method } = request;
  const path = url.pathname.slice(0, 200);
  const admitted = thinner.admit([refusal.code, method, url.host, path].join(" "), nowMs);
  if (admitted !== null)
    log("WARNING", refusal.message, { ...admitted, code: refusal.code, method, host: url.host, path });
  const headers =
    refusal.code === "unauthorized" ? { "www-authenticate": 'Bearer realm="apis-emulator"' } : {};
  return respondRefusal(refusal, refusal.code === "rate_limited" ? { "retry-after": "60" } : headers);
}

export const nothingHere: Refusal = { code: "not_found", message: "There is nothing at this address" };
