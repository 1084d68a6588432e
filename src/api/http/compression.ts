/** Answers up to this are sent as they are [bytes]. */
const leastBytes = 1024;

/**
 * The headers by which the runtime compresses an answer of so many bytes (unknown: infinitely many), where the client
 * asks for that; none where it does not.
 */
export function compressionFor(request: Request, bytes: number): Record<string, string> {
  const asked = request.headers.get("accept-encoding");
  if (asked === null || bytes <= leastBytes || !acceptsGzip(asked)) return {};
  return { "content-encoding": "gzip", vary: "accept-encoding" };
}

function acceptsGzip(asked: string): boolean {
  return asked.split(",").some((each) => {
    const [name = "", ...parameters] = each.split(";").map((part) => part.trim().toLowerCase());
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    return (name === "gzip" || name === "*") && !isRefused;
  });
}
