import type { IncomingMessage } from "node:http";
import { hostname } from "node:os";
import type { Route } from "../../api/http/routes.ts";
import { stepBodyBytes } from "../../api/http/step-bodies.ts";
import { foreignPage, isBrowser, refuseSender } from "../../hosting/access/cross-site.ts";
import { isOwnHost } from "../../hosting/directory/community-address.ts";
import { deploymentLimits } from "../../input/config/limits.ts";
import { urlHost } from "../url-host.ts";
import { isLoopback } from "./loopback.ts";
import { BridgeRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

/** What the emulator accepts of parameters is far less. */
const maximumBodyBytes = 65_536;

/** Where a request goes: below the target's prefix, and at its origin. */
interface ForwardPath {
  readonly ownPath: string;
  readonly fullPath: string;
}

/** @throws BridgeRefusal if what is requested is not below the prefix */
export function readForwardPath({ origin, prefix }: Target, requested: string): ForwardPath {
  const isPath = requested.startsWith("/") && !/^[^?]*%(2f|5c)/i.test(requested);
  const text = origin + prefix + requested;
  const url = isPath && URL.canParse(text) ? new URL(text) : null;
  if (url === null || !url.pathname.startsWith(`${prefix}/`))
    throw new BridgeRefusal(400, "invalid_path", "There is no such path within the emulator");
  return { ownPath: url.pathname.slice(prefix.length), fullPath: url.pathname + url.search };
}

/**
 * The bridge lends its key to whoever asks, and a browser asks for any page that is open in it: a page from
 * elsewhere, also one whose name was made to lead to this machine, is refused, and so is a change where a browser does
 * not say which page asks. @throws BridgeRefusal
 */
export function checkOrigin(request: IncomingMessage, listensOn: string, isRead: boolean): void {
  const headers = new Headers(request.headers as Record<string, string>);
  const text = `http://${headers.get("host") || urlHost(listensOn)}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  const doubted = url === null ? foreignPage : refuseSender(headers, url);
  const isDoubted = doubted !== null && !(isRead && doubted !== foreignPage);
  if (url === null || isDoubted || isForeignHost(url.hostname, headers, listensOn))
    throw new BridgeRefusal(403, "foreign_page", "A page from elsewhere may not use the bridge");
}

function isForeignHost(host: string, headers: Headers, listensOn: string): boolean {
  if (isLoopback(listensOn)) return !isLoopback(host);
  return isBrowser(headers) && !isOwnHost(host, { baseDomain: "localhost", names: [listensOn, hostname()] });
}

/** The longest body that is passed on at a path: steps and files may be long, parameters are few. */
export function mostBytesAt(route: Route | undefined, method: string): number {
  if (route?.kind === "body") return stepBodyBytes;
  if (route?.kind !== "answer" || method !== "PUT") return maximumBodyBytes;
  if (route.upload !== undefined) return deploymentLimits.uploadBytes.local;
  return route.put === undefined ? maximumBodyBytes : stepBodyBytes;
}

/** @throws BridgeRefusal if the body is longer than that */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes)
      throw new BridgeRefusal(413, "too_large", `The body is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
