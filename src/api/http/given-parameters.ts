import { joinBytes } from "../../community/storage/row-frames.ts";
import { decodeText } from "../../input/import/text-rows.ts";
import { InputFileError } from "../../input/series/input-file-error.ts";
import { type Checked, type GivenParameters, quote, quoteValue } from "../../notation/parameters.ts";
import { refuse } from "../../notation/refusal.ts";

/** Longest part of a name that an error repeats. */
const longestName = 80;
const formType = "application/x-www-form-urlencoded";
const jsonType = "application/json";

const unreadable = refuse("invalid_parameter", "The body cannot be read to its end", "body");

type Pair = [name: string, value: string];

/**
 * Reads the parameters of a request from its query and, with POST, from its body, a form or a JSON object; each up to
 * `maximumBytes` long.
 */
export async function readGivenParameters(
  request: Request,
  maximumBytes: number,
): Promise<Checked<GivenParameters>> {
  const query = queryOf(request.url);
  if (query.length > maximumBytes) return tooLarge("query", maximumBytes);
  if (query === "" && request.method !== "POST") return { ok: true, value: {} };
  if (request.method !== "POST") return collect(new URLSearchParams(query));
  const body = await readBody(request, maximumBytes);
  if (!body.ok) return body;
  const pairs = readPairs(body.value, mediaTypeOf(request));
  return pairs.ok ? collect([...new URLSearchParams(query), ...pairs.value]) : pairs;
}

/** The question mark and what follows it, up to a fragment. Most requests have none, and need no URL to be parsed. */
function queryOf(url: string): string {
  return /^[^?#]*(\?[^#]*)/.exec(url)?.[1] ?? "";
}

/** What the body is said to be, in lower case and without parameters; "" if it is not said. */
export function mediaTypeOf({ headers }: Request): string {
  return headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
}

function readPairs(body: string, mediaType: string): Checked<Pair[]> {
  if (body === "") return { ok: true, value: [] };
  if (mediaType === formType) return { ok: true, value: [...new URLSearchParams(body)] };
  if (mediaType === jsonType) return readJsonPairs(body);
  return refuse("invalid_parameter", `The body must be ${formType} or ${jsonType}`, "content-type");
}

/** A JSON object of numbers and texts, as if it were a form. */
function readJsonPairs(body: string): Checked<Pair[]> {
  const given = parseJson(body);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return refuse("invalid_parameter", 'The body must be a JSON object such as {"rsoc":55}', "body");
  const pairs: Pair[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "number" && typeof value !== "string") {
      return refuse(
        "invalid_parameter",
        `${quote(name)} is ${quoteValue(value)}; allowed: a number or a text`,
        name.slice(0, longestName),
      );
    }
    pairs.push([name, String(value)]);
  }
  const twice = findRepeated(listKeys(body));
  return twice === null ? { ok: true, value: pairs } : tooOften(twice);
}

/** The value of a JSON text, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The keys of a JSON object in the order in which they stand, each as often as it does: a parser keeps the last. */
function listKeys(json: string): string[] {
  const keys: string[] = [];
  for (let begin = json.indexOf('"'); begin >= 0; ) {
    let end = begin + 1;
    while (json[end] !== '"') end += json[end] === "\\" ? 2 : 1;
    const next = json.indexOf('"', end + 1);
    const between = json.slice(end + 1, next < 0 ? json.length : next);
    if (between.trimStart().startsWith(":")) keys.push(JSON.parse(json.slice(begin, end + 1)));
    begin = next;
  }
  return keys;
}

function findRepeated(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

/** The body's text; a refusal as soon as it is seen to be too long, or if it does not come to its end. */
export async function readBody(request: Request, maximumBytes: number): Promise<Checked<string>> {
  if (request.body === null) return { ok: true, value: "" };
  if (saysAtMost(request.headers, maximumBytes)) return readWhole(request);
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  try {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maximumBytes) return tooLarge("body", maximumBytes);
      text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    return unreadable;
  }
  return { ok: true, value: text + decoder.decode() };
}

/** The same of a file that is put, whatever its encoding. */
export async function readFileBody(request: Request, maximumBytes: number): Promise<Checked<string>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maximumBytes) return tooLarge("body", maximumBytes);
      chunks.push(chunk);
    }
    return { ok: true, value: decodeText("The body", joinBytes(chunks)) };
  } catch (error) {
    if (error instanceof InputFileError) return refuse("invalid_parameter", error.message, "body");
    return unreadable;
  }
}

/** Whether a body has so many bytes at most: of one that says its length the runtime reads no more, unless it comes in chunks. */
function saysAtMost(headers: Headers, bytes: number): boolean {
  const said = headers.get("content-length");
  return said !== null && Number(said) <= bytes && !headers.has("transfer-encoding");
}

/** In one go, which is quicker than piece by piece. */
async function readWhole(request: Request): Promise<Checked<string>> {
  try {
    return { ok: true, value: await request.text() };
  } catch {
    return unreadable;
  }
}

function collect(pairs: Iterable<Pair>): Checked<GivenParameters> {
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
    name.slice(0, longestName),
  );
}

function tooLarge(part: string, maximumBytes: number) {
  return refuse("too_large", `The ${part} is longer than ${maximumBytes} bytes`);
}
