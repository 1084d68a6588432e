import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { findRoute } from "../../api/http/find-route.ts";
import { checkOrigin, mostBytesAt, readBody, readForwardPath } from "./check-request.ts";
import type { Connections } from "./connections.ts";
import { type Forwarded, forward, LinkFailure } from "./forward.ts";
import { endToEnd, headersToSend } from "./headers.ts";
import type { LinkReport } from "./link-report.ts";
import { BridgeRefusal, sendRefusal } from "./refusal.ts";
import type { Target } from "./target.ts";

/** How long an answer that is passed on as it comes may pause. */
const silenceMs = 30_000;

interface Serving {
  readonly target: Target;
  readonly connections: Connections;
  readonly report: LinkReport;
  /** The address on which the bridge listens. */
  readonly listensOn: string;
}

/** Answers one request with what the target answers, or with an error that says why there is no answer. */
export async function answerRequest(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => response.writableFinished || gone.abort());
  try {
    await passOn(serving, request, response, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (error instanceof LinkFailure) serving.report.failedFor(error);
    sendRefusal(response, error instanceof BridgeRefusal ? error : describe(error as Error));
  }
}

async function passOn(
  { target, connections, report, listensOn }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const begunMs = performance.now();
  const { ownPath, fullPath } = readForwardPath(target, request.url ?? "");
  const { method = "GET", rawHeaders } = request;
  const route = findRoute(ownPath)?.route;
  const isSafe = ["GET", "HEAD"].includes(method);
  checkOrigin(request, listensOn, isSafe && route?.changes !== true);
  const body = await readBody(request, mostBytesAt(route, method));
  const answer = await forward(
    connections,
    { method, path: fullPath, headers: headersToSend(rawHeaders), body },
    {
      isRead: route?.changes === false && isSafe,
      isWhole: route?.kind === "answer",
      gone,
      onFailure: (failure) => report.attemptFailed(failure),
    },
  );
  report.answered(answer.head.statusCode as number, performance.now() - begunMs, answer.repeats);
  await giveBack(answer, response);
}

async function giveBack({ head, body }: Forwarded, response: ServerResponse): Promise<void> {
  response.statusCode = head.statusCode as number;
  for (const [name, value] of endToEnd(head.rawHeaders)) response.appendHeader(name, value);
  if (body !== undefined) {
    response.end(body);
    return;
  }
  head.setTimeout(silenceMs, () => head.destroy(new Error("The answer stopped on the way")));
  await pipeline(head, response).catch((error: Error) => {
    throw new LinkFailure(error.message, true, false);
  });
}

function describe(error: Error): BridgeRefusal {
  if (!(error instanceof LinkFailure)) return new BridgeRefusal(500, "internal", "The bridge failed");
  const { message, isSent, isTimeout } = error;
  const status = isTimeout ? 504 : 502;
  if (!isSent)
    return new BridgeRefusal(
      status,
      "unreachable",
      `Not carried out: the emulator cannot be reached (${message})`,
    );
  return new BridgeRefusal(
    status,
    "in_doubt",
    `The link was cut after the request was sent (${message}); it may have been carried out`,
  );
}
