import ipaddr from "ipaddr.js";

/**
 * Says what is wrong with the address of a database, or null. It must be https and on the public internet, so
 * that nobody is led into a private network; a local server may send anywhere, since it is its user's own.
 */
export function findUrlFault(text: string, isLocal: boolean): string | null {
  const url = URL.parse(text);
  if (url === null) return "an address like https://example.org/readings";
  if (url.username !== "" || url.password !== "") return "an address without a name and password";
  if (isLocal && (url.protocol === "http:" || url.protocol === "https:")) return null;
  if (url.protocol !== "https:") return "an address that begins with https://";
  return isPublicHost(url.hostname) ? null : "an address on the public internet";
}

function isPublicHost(hostname: string): boolean {
  const name = hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  if (ipaddr.isValid(name)) return ipaddr.process(name).range() === "unicast";
  return name.includes(".") && !/\.(localhost|local|internal|home\.arpa|lan)$/.test(name);
}
