/**
 * Whether a page of another origin asks. Clients that are no browsers send none of these headers; a browser's
 * own address line is `none`.
 */
export function isCrossSite(headers: Headers, url: URL): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return true;
  const givers = [headers.get("origin"), headers.get("referer")].filter((giver) => giver !== null);
  return givers.some((giver) => !isSameOrigin(giver, url, site === "same-origin"));
}

/** Behind a proxy with HTTPS the page's scheme is not this server's; then the browser's own word is needed. */
function isSameOrigin(giver: string, url: URL, isVouchedFor: boolean): boolean {
  if (!URL.canParse(giver)) return false;
  const { origin, host } = new URL(giver);
  return origin === url.origin || (isVouchedFor && host === url.host);
}
