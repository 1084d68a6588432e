import { defaultCommunity, isCommunityName } from "./community-name.ts";

/** What an address means. Nothing but the URL counts. */
export type Address =
  | {
      readonly kind: "community";
      readonly name: string;
      /** What its paths begin with: empty if the host names the community, else `/e/NAME`. */
      readonly base: string;
      /** The path within the community. */
      readonly pathname: string;
    }
  /** The control plane, on the bare host only; `pathname` is the whole path. */
  | { readonly kind: "control"; readonly pathname: string }
  | { readonly kind: "nothing" };

/** Reads `url`: its host `NAME.<baseDomain>`, else its path `/e/NAME/…`, else the bare host's community. */
export function readAddress(url: URL, baseDomain: string): Address {
  const { pathname } = url;
  const byPath = /^\/e\/([^/]*)(\/.*)?$/.exec(pathname);
  if (byPath !== null) {
    const [, name = "", rest = ""] = byPath;
    return isCommunityName(name)
      ? { kind: "community", name, base: `/e/${name}`, pathname: rest }
      : { kind: "nothing" };
  }
  const label = labelOf(url.hostname, baseDomain);
  if (label !== null)
    return isCommunityName(label)
      ? { kind: "community", name: label, base: "", pathname }
      : { kind: "nothing" };
  if (pathname === "/admin" || pathname.startsWith("/admin/")) return { kind: "control", pathname };
  return { kind: "community", name: defaultCommunity, base: "", pathname };
}

/** What stands before the base domain, or null for the bare host and any other. */
function labelOf(hostname: string, baseDomain: string): string | null {
  const host = withoutFinalDot(hostname);
  const end = `.${baseDomain.toLowerCase()}`;
  return host.endsWith(end) ? host.slice(0, -end.length) : null;
}

/** Whether a server that listens on this address is for its own machine only. */
export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || address.startsWith("127.");
}

const unregistrable = ["localhost", "local", "internal", "test", "lan", "home.arpa"];

/** The hosts by which a server is known. */
export interface OwnHosts {
  readonly baseDomain: string;
  /** Names beside it, none of those below them. */
  readonly names: readonly string[];
}

/** Whether a host is one by which a server is known, or such that nobody can have pointed it elsewhere than its network means. */
export function isOwnHost(hostname: string, { baseDomain, names }: OwnHosts): boolean {
  const host = withoutFinalDot(hostname);
  if (host.startsWith("[") || /^[\d.]+$/.test(host) || !host.includes(".")) return true;
  if (names.some((name) => name.toLowerCase() === host)) return true;
  return [...unregistrable, baseDomain.toLowerCase()].some((end) => host === end || host.endsWith(`.${end}`));
}

function withoutFinalDot(hostname: string): string {
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}
