import type { Refusal, RefusalCode } from "../../notation/refusal.ts";

/** The status of each error. */
export const errorStatuses: Readonly<Record<RefusalCode, number>> = {
  unknown_unit: 404,
  not_found: 404,
  method_not_allowed: 405,
  missing_parameter: 400,
  invalid_parameter: 400,
  conflict: 409,
  too_large: 413,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
  catching_up: 503,
  internal: 500,
};

/** After which time [s] it is worth asking again. */
const retryAfterS = "2";

/** The one form of every error: `{"error": {"code", "message", "parameter"?, "progress"?}}` with its status. */
export function respondRefusal(refusal: Refusal, headers: Record<string, string> = {}): Response {
  const later = refusal.code === "catching_up" ? { "retry-after": retryAfterS } : {};
  return Response.json(
    { error: refusal },
    { status: errorStatuses[refusal.code], headers: { ...noStore, ...later, ...headers } },
  );
}

/** The answers are of the moment: nobody may keep them. */
export const noStore = { "cache-control": "no-store" };
