import type { ServerResponse } from "node:http";

/** Why the bridge itself, and not the emulator, answers a request. */
export class BridgeRefusal extends Error {
  override name = "BridgeRefusal";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Answers in the emulator's form of an error; if an answer has begun, breaks it off. */
export function sendRefusal(response: ServerResponse, { status, code, message }: BridgeRefusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What is left of a body that nobody reads must not be taken for the next request.
  if (!response.req.complete) response.setHeader("connection", "close");
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
  response.end(JSON.stringify({ error: { code, message } }));
}
