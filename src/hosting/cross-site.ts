/**
 * Whether a page of another origin asks. Clients that are no browsers send none of these headers; a browser's
 * own address line is `none`.
 */
export function isCrossSite(headers: Headers, origin: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return true;
  const from = headers.get("origin");
  if (from !== null && from !== origin) return true;
  const page = headers.get("referer");
  return page !== null && originOf(page) !== origin;
}

function originOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).origin : null;
}
