import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { Target } from "./target.ts";

const maximumConnections = 64;
/** A connection idle for longer is closed, before something on the way forgets it without a word. */
const idleMs = 30_000;

/** A request as it leaves the bridge, but for the key. */
export interface Outgoing {
  readonly method: string;
  /** Path and query at the target's origin. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A request on its way. */
export interface Exchange {
  /** Settles with the answer's head, its body to be read. */
  readonly head: Promise<IncomingMessage>;
  /** Whether the emulator may have got the request: a connection was open to write it to. */
  isSent(): boolean;
}

/** Connections to the target, kept alive between requests. */
export class Connections {
  private readonly target: Target;
  private readonly client: typeof http | typeof https;
  private readonly openEvent: "connect" | "secureConnect";
  private readonly agent: http.Agent;

  constructor(target: Target) {
    const isEncrypted = target.origin.startsWith("https:");
    this.target = target;
    this.client = isEncrypted ? https : http;
    this.openEvent = isEncrypted ? "secureConnect" : "connect";
    const options = { keepAlive: true, maxSockets: maximumConnections, timeout: idleMs };
    this.agent = new this.client.Agent(options);
  }

  /** Sends a request with the key; aborting `signal` closes its connection. */
  send({ method, path, headers, body }: Outgoing, signal: AbortSignal): Exchange {
    const { origin, key } = this.target;
    const withKey = { ...headers, authorization: `Bearer ${key}` };
    const request = this.client.request(origin + path, {
      method,
      headers: withKey,
      agent: this.agent,
      signal,
    });
    let isOpen = false;
    request.once("socket", (socket) => {
      isOpen = request.reusedSocket;
      if (isOpen) return;
      socket.once(this.openEvent, () => {
        isOpen = true;
      });
    });
    const head = new Promise<IncomingMessage>((resolve, reject) => {
      request.once("response", resolve).on("error", reject);
    });
    request.end(body);
    return { head, isSent: () => isOpen };
  }

  close(): void {
    this.agent.destroy();
  }
}
