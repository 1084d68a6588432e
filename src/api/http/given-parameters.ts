import { refuse } from "../../notation/refusal.ts";
import { type Checked, type GivenParameters, quote } from "./parameters.ts";

/**
 * Reads the parameters of a request from its query and, with POST, from its form-encoded body, each up to
 * `maximumBytes` long.
 */
export async function readGivenParameters(
  request: Request,
  maximumBytes: number,
): Promise<Checked<GivenParameters>> {
  const query = queryOf(request.url);
  if (query.length > maximumBytes) return tooLarge("query", maximumBytes);
  if (request.method !== "POST") return collect(new URLSearchParams(query));
  const body = await readBody(request, maximumBytes);
  if (body === null) return tooLarge("body", maximumBytes);
  if (body !== "" && !isForm(request)) {
    return refuse("invalid_parameter", "The body must be application/x-www-form-urlencoded", "content-type");
  }
  return collect([...new URLSearchParams(query), ...new URLSearchParams(body)]);
}

/** The question mark and what follows it, up to a fragment. Most requests have none, and need no URL to be parsed. */
function queryOf(url: string): string {
  return /^[^?#]*(\?[^#]*)/.exec(url)?.[1] ?? "";
}

function isForm(request: Request): boolean {
  return request.headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") ?? false;
}

/** The body's text, or null as soon as it is seen to be too long. */
export async function readBody(request: Request, maximumBytes: number): Promise<string | null> {
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maximumBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function collect(pairs: Iterable<[string, string]>): Checked<GivenParameters> {
  const given = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (given.has(name)) return tooOften(name);
    given.set(name, value);
  }
  return { ok: true, value: Object.fromEntries(given) };
}

function tooOften(name: string) {
  return refuse(
    "invalid_parameter",
    `${quote(name)} is given more than once; allowed: once`,
    name.slice(0, 80),
  );
}

export function tooLarge(part: string, maximumBytes: number) {
  return refuse("too_large", `The ${part} is longer than ${maximumBytes} bytes`);
}
