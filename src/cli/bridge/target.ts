import { isLoopback } from "./loopback.ts";

/** Says in a line, without the key, why the bridge cannot start. */
export class BridgeError extends Error {
  override name = "BridgeError";
}

/** The one community that the bridge leads to. */
export interface Target {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path of the community, e.g. `/e/lab`; empty where the emulator has no other. */
  readonly prefix: string;
  /** Its API key. */
  readonly key: string;
}

const allowed = "allowed: https://HOST/e/NAME, or http:// on this machine";

/**
 * Checks `--to` and the key. No message repeats what was given: whoever exchanges the two by mistake shall not
 * find the key in a log. @throws BridgeError
 */
export function readTarget(to: string, key: string | undefined): Target {
  if (!URL.canParse(to)) throw new BridgeError(`--to is no address; ${allowed}`);
  const { protocol, hostname, username, password, search, hash, origin, pathname } = new URL(to);
  if (protocol !== "https:" && protocol !== "http:")
    throw new BridgeError(`--to is neither https:// nor http://; ${allowed}`);
  if (username + password + search + hash !== "")
    throw new BridgeError(`--to has a user, a query or a fragment; ${allowed}`);
  if (protocol === "http:" && !isLoopback(hostname))
    throw new BridgeError(`--to would send the key unencrypted to another machine; ${allowed}`);
  if (key === undefined || key === "")
    throw new BridgeError("The key is missing; set APIS_EMULATOR_KEY or give --key");
  if (!/^[\x21-\x7e]{1,1024}$/.test(key))
    throw new BridgeError("The key has characters that no key has; allowed: up to 1024 of ASCII, no spaces");
  return { origin, prefix: withoutFinalSlashes(pathname), key };
}

function withoutFinalSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") end--;
  return path.slice(0, end);
}
