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
  internal: 500,
};

/** The one form of every error: `{"error": {"code", "message", "parameter"?}}` with its status. */
export function respondRefusal(refusal: Refusal, headers: Record<string, string> = {}): Response {
  return Response.json(
    { error: refusal },
    { status: errorStatuses[refusal.code], headers: { ...noStore, ...headers } },
  );
}

/** The answers are of the moment: nobody may keep them. */
export const noStore = { "cache-control": "no-store" };
