import type { Refusal } from "../community/refusal.ts";
import { respondRefusal } from "../http/errors.ts";
import type { Visit } from "./deployment.ts";

/**
 * Refuses a request and logs that. Of the request only method, host and path are logged: a query, a header or
 * a body may hold a secret.
 */
export function refuseVisit({ request, url, log }: Visit, refusal: Refusal): Response {
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
