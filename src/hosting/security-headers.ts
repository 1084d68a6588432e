/** Sent with every answer. */
export const securityHeaders = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

/** The same answer with the headers of `securityHeaders`. */
export function withSecurityHeaders(response: Response): Response {
  if (response.webSocket !== null) return response;
  const headed = new Response(response.body, response);
  for (const [name, value] of Object.entries(securityHeaders)) headed.headers.set(name, value);
  return headed;
}
