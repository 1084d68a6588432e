import { createServer, type IncomingHttpHeaders, request as sendRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** What a browser asked, as it came. */
interface Knock {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Status and media type of the answer. */
  readonly status: number;
  readonly type: string;
}

/** Stands before a server and passes on all that comes, as it is; it notes what that was and how it was answered. */
export interface WatchedDoor {
  readonly port: number;
  readonly knocks: readonly Knock[];
  stop(): void;
}

/** `pageFor` gives the page of a foreign host, or null for what the server is asked. */
export async function startWatchedDoor(
  serverPort: number,
  pageFor: (host: string, path: string) => string | null = () => null,
): Promise<WatchedDoor> {
  const knocks: Knock[] = [];
  const server = createServer((request, response) => {
    const { method = "", url: path = "", headers } = request;
    const page = pageFor((headers.host ?? "").replace(/:\d+$/, ""), path);
    if (page !== null) {
      response.setHeader("content-type", "text/html").end(page);
      return;
    }
    const passed = sendRequest({ host: "127.0.0.1", port: serverPort, method, path, headers }, (answer) => {
      const { statusCode: status = 0 } = answer;
      response.writeHead(status, answer.headers);
      const type = answer.headers["content-type"]?.split(";")[0] ?? "";
      answer.pipe(response).once("finish", () => knocks.push({ method, path, headers, status, type }));
    });
    passed.once("error", () => response.destroy());
    request.pipe(passed);
  });
  server.on("upgrade", (request, socket) => {
    const { method = "", url: path = "", headers, rawHeaders } = request;
    const passed = connect(serverPort, "127.0.0.1", () => {
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`));
      passed.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
      passed.once("data", (chunk) => {
        const status = Number(/^HTTP\/1.1 (\d+)/.exec(chunk.toString("latin1"))?.[1]);
        knocks.push({ method, path, headers, status, type: "" });
      });
      passed.pipe(socket).pipe(passed);
    });
    for (const each of [socket, passed])
      each.once("error", () => [socket, passed].map((end) => end.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    knocks,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
