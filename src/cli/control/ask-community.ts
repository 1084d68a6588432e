import { setTimeout } from "node:timers/promises";
import { describeError } from "../local/start-error.ts";

/** How a command ended, as scripts learn it. */
export const exitCodes = { done: 0, refused: 1, unanswered: 2, claimed: 3, notCome: 4 } as const;

/** Says in a line why a command was not performed, or is not known to be. */
export class ControlError extends Error {
  override name = "ControlError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.refused) {
    super(message);
    this.exitCode = exitCode;
  }
}

interface Place {
  /** The community's address, such as `https://emulator.example/e/lab`. */
  readonly url: string;
  readonly key: string | undefined;
}

/** @throws ControlError */
export function readPlace(url: string, key: string | undefined): Place {
  const isAddress = URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
  if (!isAddress || new URL(url).search + new URL(url).hash !== "")
    throw new ControlError(
      `--url is ${JSON.stringify(url)}; allowed: http(s)://HOST, with the community's path`,
    );
  if (key !== undefined && !/^[\x21-\x7e]{1,1024}$/.test(key))
    throw new ControlError("The key has characters that no key has; allowed: up to 1024 of ASCII, no spaces");
  const { origin, pathname } = new URL(url);
  return { url: pathname === "/" ? origin : origin + pathname.replace(/\/$/, ""), key };
}

interface Asked {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** JSON. */
  readonly body?: string;
}

/**
 * Asks a community, and again as long as it only says that it is catching up.
 * @throws ControlError where it refuses, or nobody answers
 */
export async function askCommunity(
  place: Place,
  { method, path, query = {}, body }: Asked,
): Promise<Response> {
  const url = new URL(place.url + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  const headers = {
    accept: "application/json",
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(place.key && { authorization: `Bearer ${place.key}` }),
  };
  for (;;) {
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) }).catch(
      ({ cause, message }: Error) => {
        const reason = describeError(cause ?? message);
        const doubt = method === "GET" ? "" : "; whether the command was performed is not known";
        throw new ControlError(`No answer from ${place.url}: ${reason}${doubt}`, exitCodes.unanswered);
      },
    );
    if (response.ok) return response;
    const text = await response.text();
    const waitS = Number(response.headers.get("retry-after"));
    if (response.status === 503 && waitS > 0) {
      await setTimeout(1000 * waitS);
      continue;
    }
    const exitCode = response.status === 409 ? exitCodes.claimed : exitCodes.refused;
    throw new ControlError(`${place.url} refuses: ${messageOf(text) ?? response.status}`, exitCode);
  }
}

function messageOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { message?: string } }).error?.message;
  } catch {
    return undefined;
  }
}
