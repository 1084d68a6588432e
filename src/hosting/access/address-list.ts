import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export const allowedRanges = "an IPv4 or IPv6 address or a range such as 192.0.2.0/24 or 2001:db8::/32";

/** Whether a text is an address or a range in CIDR form, written out as people do: no octal, no short forms. */
export function isAddressRange(text: string): boolean {
  return parseRange(text) !== null;
}

/** Whether `address` lies in one of the ranges; an IPv4 address that was mapped into IPv6 counts as IPv4. */
export function isListed(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const client = ipaddr.process(address);
  return ranges.some((text) => {
    const range = parseRange(text);
    return range !== null && range[0].kind() === client.kind() && client.match(range);
  });
}

/** What one client is counted by: its IPv4 address, or its IPv6 network of 64 bits. */
export function clientNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const client = ipaddr.process(address);
  if (client.kind() === "ipv4") return client.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${client}/64`)}/64`;
}

/** The longest text that is an address or a range: IPv6 with IPv4 in it, and the bits. */
const longestRange = 50;

/** An IPv4 range that is written as mapped into IPv6 is that of IPv4, as its clients are. */
function parseRange(text: string): [Address, number] | null {
  const range = text.length > longestRange ? null : parseWritten(text);
  if (range === null) return null;
  const [address, bits] = range;
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [address.toIPv4Address(), bits - 96] : range;
}

function parseWritten(text: string): [Address, number] | null {
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(text.split("/")[0] ?? "") || text.includes(":");
  if (!isPlain || text.includes("%")) return null;
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
