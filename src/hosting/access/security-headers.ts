/** Sent with every answer. */
const securityHeaders = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

const entries = Object.entries(securityHeaders);

/** The same answer with the headers of `securityHeaders`. */
export function withSecurityHeaders(response: Response): Response {
  if (response.webSocket !== null) return response;
  try {
    for (const [name, value] of entries) response.headers.set(name, value);
    return response;
  } catch {
    // What was fetched has fixed headers. Copying every answer would cost the local server a tenth of its rate.
    const copy = new Response(response.body, response);
    for (const [name, value] of entries) copy.headers.set(name, value);
    return copy;
  }
}
