import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { urlHost } from "../url-host.ts";
import { answerRequest } from "./answer-request.ts";
import { Connections } from "./connections.ts";
import { LinkReport } from "./link-report.ts";
import type { Target } from "./target.ts";

const reportEveryMs = 60_000;
const requestMs = 10_000;
/** Longer than the 60 s for which apis-main keeps a connection, so that it is never closed under a request. */
const keepAliveMs = 75_000;

export interface Bridge {
  readonly url: string;
  /** Tells the last figures and closes all connections. */
  stop(): Promise<void>;
}

/** Listens as the published emulator does, and answers with what the target answers. Rejects if it cannot listen. */
export async function startBridge(
  target: Target,
  { host, port, say }: { host: string; port: number; say: (line: string) => void },
): Promise<Bridge> {
  const connections = new Connections(target);
  const report = new LinkReport(target, say);
  const serving = { target, connections, report, listensOn: host };
  const options = { keepAliveTimeout: keepAliveMs, requestTimeout: requestMs, maxHeaderSize: 65_536 };
  const server = createServer(options, (request, response) => answerRequest(serving, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  const timer = setInterval(() => report.tell(), reportEveryMs);
  const stop = async () => {
    clearInterval(timer);
    report.tell();
    server.closeAllConnections();
    connections.close();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port: actualPort } = server.address() as AddressInfo;
  return { url: `http://${urlHost(host)}:${actualPort}`, stop };
}
