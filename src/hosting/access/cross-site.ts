import { type Refusal, refuse } from "../../notation/refusal.ts";

export const foreignPage = refuse(
  "forbidden",
  "A page of another origin may not do this (Origin, Referer or Sec-Fetch-Site)",
).refusal;
export const unknownPage = refuse(
  "forbidden",
  "A browser may do this only where it says that a page of this server asks (Origin, Referer or Sec-Fetch-Site)",
).refusal;

/**
 * Why a request that changes something is refused, or null. A browser has to say that a page of this server asks, or
 * its user by the address line; where it says nothing, as over plain HTTP for a foreign image whose page lets it send no
 * referrer, the answer is `unknownPage`. What is no browser need not say anything: apis-main does not.
 */
export function refuseSender(headers: Headers, url: URL): Refusal | null {
  if (isCrossSite(headers, url)) return foreignPage;
  const isVouchedFor = ["sec-fetch-site", "origin", "referer"].some((name) => headers.has(name));
  return isVouchedFor || !hasBrowserAgent(headers) ? null : unknownPage;
}

/**
 * Whether a browser asks, also one whose page gave it another user agent: over plain HTTP none of them lets a page take
 * away its languages. Node sends languages too, but names a mode of fetching with them.
 */
export function isBrowser(headers: Headers): boolean {
  const speaks = headers.has("accept-language") && !headers.has("sec-fetch-mode");
  const tells = ["sec-fetch-site", "origin", "referer"].some((name) => headers.has(name));
  return speaks || tells || hasBrowserAgent(headers);
}

/** Whether a page of another origin asks. A browser's own address line is `none`. */
function isCrossSite(headers: Headers, url: URL): boolean {
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

/** Nearly all browsers begin so, and a few with a name of their own; PowerShell begins so too, and says its name. */
function hasBrowserAgent(headers: Headers): boolean {
  const agent = headers.get("user-agent") ?? "";
  return /^(Mozilla|Opera|Dillo|NetSurf|Lynx|E?Links|w3m)\b/i.test(agent) && !agent.includes("PowerShell/");
}
