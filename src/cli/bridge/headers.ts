/** They belong to one connection, and are not passed on (RFC 9110, section 7.6.1). */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** They concern this machine, or are made anew for what is sent. */
const ownOfClient = ["host", "authorization", "cookie", "content-length", "expect", "origin", "referer"];

type HeaderPair = readonly [name: string, value: string];

/**
 * The headers of a request to pass on, as Node lists them raw. What a browser says of its page is about this machine: the
 * bridge has checked it, and says so in its place.
 */
export function headersToSend(rawHeaders: readonly string[]): Record<string, string> {
  const pairs = endToEnd(rawHeaders).map(([name, value]): HeaderPair => [name.toLowerCase(), value]);
  const isVouchedFor = pairs.some(([name]) => name === "origin" || name === "referer");
  const kept = pairs.filter(([name]) => !ownOfClient.includes(name));
  return { ...(isVouchedFor ? { "sec-fetch-site": "same-origin" } : {}), ...Object.fromEntries(kept) };
}

/** The headers of a message without those of its connection. */
export function endToEnd(rawHeaders: readonly string[]): HeaderPair[] {
  const pairs = pairUp(rawHeaders);
  const named = pairs.filter(([name]) => name.toLowerCase() === "connection").map(([, value]) => value);
  const dropped = [
    ...hopByHop,
    ...named
      .join()
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  ];
  return pairs.filter(([name]) => !dropped.includes(name.toLowerCase()));
}

function pairUp(rawHeaders: readonly string[]): HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] as string, rawHeaders[i + 1] as string]);
  return pairs;
}
