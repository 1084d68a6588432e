import { BlockList, isIPv4, isIPv6 } from "node:net";

const loopbacks = new BlockList();
loopbacks.addSubnet("127.0.0.0", 8, "ipv4");
loopbacks.addAddress("::1", "ipv6");

/** Whether a host, with or without the brackets of an address, can only be this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  if (isIPv4(bare)) return loopbacks.check(bare, "ipv4");
  if (isIPv6(bare)) return loopbacks.check(bare, "ipv6");
  return bare.toLowerCase() === "localhost";
}
