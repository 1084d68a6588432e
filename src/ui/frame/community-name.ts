/** What the community at this address is called, as the addresses of communities are made. */
export function nameCommunity({ pathname, hostname }: Pick<Location, "pathname" | "hostname">): string {
  const inPath = /^\/e\/([a-z0-9-]+)\//.exec(pathname)?.[1];
  if (inPath !== undefined) return inPath;
  const ofHost = /^([a-z0-9-]+)\.localhost$/.exec(hostname)?.[1];
  if (ofHost !== undefined) return ofHost;
  const isPlain = hostname === "localhost" || /^[\d.]+$|^\[/.test(hostname);
  return isPlain ? "default" : hostname;
}
