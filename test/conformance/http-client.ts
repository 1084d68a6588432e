import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

const attemptCount = 3;

export type JsonObject = Record<string, unknown>;

/** No attempt at a request brought what was asked for. */
export class ClientFailure extends Error {
  override name = "ClientFailure";
}

/** HTTP/1.1 as apis-main speaks it: keep-alive, five connections, no headers of its own, no redirects. */
export class HttpClient {
  private readonly origin: string;
  private readonly timeoutMs: number;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 5 });

  constructor(url: string, timeoutMs = 5000) {
    this.origin = new URL(url).origin;
    this.timeoutMs = timeoutMs;
  }

  /** One JSON object with status 200 in at most three attempts, made at once; else a `ClientFailure`. */
  getObject(path: string): Promise<JsonObject> {
    return this.attempt(path, parseObject);
  }

  /** The body as it came, with status 200. */
  getText(path: string): Promise<string> {
    return this.attempt(path, (body) => body);
  }

  close(): void {
    this.agent.destroy();
  }

  private async attempt<T>(path: string, parse: (body: string) => T): Promise<T> {
    const failures: string[] = [];
    while (failures.length < attemptCount) {
      try {
        return parse(await this.getBody(path));
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    throw new ClientFailure(`GET ${path} failed ${attemptCount} times: ${failures.join("; ")}`);
  }

  private async getBody(path: string): Promise<string> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const response = await this.open(path, signal);
      const body = await text(response);
      if (response.statusCode === 200) return body;
      throw new Error(`status ${response.statusCode}: ${shorten(body)}`);
    } catch (error) {
      throw signal.aborted ? new Error(`no answer in ${this.timeoutMs} ms`) : error;
    }
  }

  private open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(this.origin + path, { agent: this.agent, signal }, resolve).on("error", reject);
    });
  }
}

function parseObject(body: string): JsonObject {
  const value = parseJson(body);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Error(`not a JSON object: ${shorten(body)}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`not JSON: ${shorten(body)}`);
  }
}

function shorten(body: string): string {
  return body.length <= 200 ? body : `${body.slice(0, 200)} …`;
}
