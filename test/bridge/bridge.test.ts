import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bridge, startBridge } from "../../src/cli/bridge/bridge.ts";
import { readTarget } from "../../src/cli/bridge/target.ts";
import { runProgram } from "../cli/run-program.ts";
import { sendRaw } from "../hosting/raw-request.ts";

const key = "secret-of-the-lab";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let upstream: Server;
let seen: Seen[];
let conduct: (request: IncomingMessage, response: ServerResponse) => void;
let sockets: Set<unknown>;
let bridge: Bridge;
let said: string[];

beforeEach(async () => {
  [seen, said, sockets] = [[], [], new Set()];
  conduct = (_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"a": 1.50}');
  upstream = createServer(async (request, response) => {
    sockets.add(request.socket);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
    conduct(request, response);
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  const target = readTarget(`http://127.0.0.1:${port}/e/lab/`, key);
  bridge = await startBridge(target, { host: "127.0.0.1", port: 0, say: (line) => said.push(line) });
});
afterEach(async () => {
  await bridge.stop();
  upstream.closeAllConnections();
  upstream.close();
  expect(said.join("\n")).not.toContain(key);
});

const port = () => Number(new URL(bridge.url).port);

test("HM10: a file of homes is passed on, whatever its length up to the emulator's own", async () => {
  const homes = JSON.stringify(
    Array.from({ length: 900 }, () => ({ battery: { capacityWh: 5000, chargeLimitW: 1500 } })),
  );
  const body = `${homes}${" ".repeat(100_000)}`;
  const answer = await fetch(`${bridge.url}/homes`, { method: "PUT", body });
  expect(answer.status).toBe(200);
  expect(seen[0]).toMatchObject({ method: "PUT", url: "/e/lab/homes", body });
});

test("B1: path, query, body, status and bytes pass unchanged, below the prefix and with the key", async () => {
  const answer = await sendRaw(port(), "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2.30", {});
  expect([answer.status, answer.text]).toEqual([200, '{"a": 1.50}']);
  expect(seen[0]).toMatchObject({ method: "GET", url: "/e/lab/set/dcdc/E001?mode=0x0014&dvg=350&dig=2.30" });
  expect(seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
  conduct = (_, response) => response.writeHead(409, { "x-of": "upstream" }).end("no");
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    authorization: "Bearer other",
    cookie: "a=b",
  };
  const refused = await sendRaw(port(), "/set/emu/E001", { method: "POST", headers, body: "rsoc=5" });
  expect([refused.status, refused.text, refused.headers["x-of"]]).toEqual([409, "no", "upstream"]);
  expect(seen[1]).toMatchObject({ method: "POST", url: "/e/lab/set/emu/E001", body: "rsoc=5" });
  expect([seen[1]?.headers.authorization, seen[1]?.headers.cookie]).toEqual([`Bearer ${key}`, undefined]);
});

test("B1: one connection serves many requests", async () => {
  for (let k = 0; k < 20; k++) await sendRaw(port(), "/get/acc", {});
  expect([seen.length, sockets.size]).toEqual([20, 1]);
});

test("B2: nothing leads out of the prefix, and no page from elsewhere uses the key", async () => {
  for (const path of [
    "/../admin/api/communities",
    "/%2e%2e/other/get/log",
    "/..%2fx",
    "http://example.org/get/log",
    "//x/../..",
  ])
    expect([400, 200], path).toContain((await sendRaw(port(), path, {})).status);
  expect(seen.filter(({ url }) => !url.startsWith("/e/lab/"))).toEqual([]);
  const before = seen.length;
  for (const headers of [
    { "sec-fetch-site": "cross-site" },
    { origin: "http://evil.example" },
    { host: "evil.example" },
    browser,
  ] as Record<string, string>[])
    expect((await sendRaw(port(), "/set/acc/1", { headers })).status).toBe(403);
  expect(seen).toHaveLength(before);
});

const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };

test("B2: on a network, browsers change what their own pages ask, which is vouched for, and come by no foreign name", async () => {
  const { port: upstreamPort } = upstream.address() as AddressInfo;
  const target = readTarget(`http://127.0.0.1:${upstreamPort}/e/lab/`, key);
  const open = await startBridge(target, { host: "0.0.0.0", port: 0, say: () => {} });
  const openPort = Number(new URL(open.url).port);
  const ask = async (path: string, host: string, headers: object) => {
    const given = { ...headers, host: `${host}:${openPort}` };
    return (await sendRaw(openPort, path, { headers: given })).status;
  };
  const page = { ...browser, referer: `http://emulator.test:${openPort}/` };
  const outcomes = [
    await ask("/set/acc/1", "emulator.test", browser),
    await ask("/set/acc/1", "emulator.test", page),
    await ask("/get/acc", "emulator.test", browser),
    await ask("/get/acc", "evil.example", browser),
    await ask("/set/acc/1", "evil.example", {}),
  ];
  await open.stop();
  expect(outcomes).toEqual([403, 200, 200, 403, 200]);
  expect(seen.map(({ headers }) => headers["sec-fetch-site"])).toEqual(["same-origin", undefined, undefined]);
  expect(seen[0]?.headers.referer).toBeUndefined();
});

test("B3: a read whose connection is cut is sent again; a command is not, and its error says so", async () => {
  let cuts = 1;
  conduct = (request, response) => (cuts-- > 0 ? request.socket.destroy() : response.end("1"));
  expect((await sendRaw(port(), "/get/unit/E001", {})).text).toBe("1");
  expect(seen).toHaveLength(2);
  cuts = 1;
  const answer = await sendRaw(port(), "/set/acc/5", {});
  expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([502, "in_doubt"]);
  expect(seen).toHaveLength(3);
});

test("B4: a link that is gone is told of once, and answered for; when it is back that is told once", async () => {
  const { port: upstreamPort } = upstream.address() as AddressInfo;
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
  const answers = await Promise.all([1, 2, 3].map(() => sendRaw(port(), "/get/acc", {})));
  expect(answers.map(({ status, text }) => [status, JSON.parse(text).error.code])).toEqual(
    Array(3).fill([502, "unreachable"]),
  );
  await new Promise<void>((resolve) => upstream.listen(upstreamPort, "127.0.0.1", resolve));
  expect((await sendRaw(port(), "/get/acc", {})).status).toBe(200);
  await sendRaw(port(), "/get/acc", {});
  expect(said.map((line) => line.replace(/http\S+/, "…"))).toEqual([
    "The link to … is gone: ECONNREFUSED",
    expect.stringMatching(/^The link to … is back after \d+\.\d s$/),
  ]);
}, 20_000);

test("B4: a refused key is told of, and the refusal passed on", async () => {
  conduct = (_, response) => response.writeHead(401).end('{"error":{}}');
  expect((await sendRaw(port(), "/get/acc", {})).status).toBe(401);
  await sendRaw(port(), "/get/acc", {});
  expect(said).toEqual([expect.stringMatching(/refuses the key \(status 401\)$/)]);
  await bridge.stop();
  expect(said.at(-1)).toMatch(
    /^2 requests in \d+ s; p50 [\d.]+ ms, p99 [\d.]+ ms; 0 repeats, 0 without an answer, 2 refused$/,
  );
});

test("B5: what cannot be is refused in one line without the key", async () => {
  const { port: used } = upstream.address() as AddressInfo;
  const to = ["--to", "https://emulator.example/e/lab", "--key", key];
  const wrong: [string[], RegExp][] = [
    [[...to, "--host", "0.0.0.0"], /^--host 0\.0\.0\.0 lets everybody there use the key/],
    [[...to, "--port", String(used)], /^Port \d+ on 127\.0\.0\.1 is in use/],
    [[...to, "--port", "x"], /^--port is "x"/],
    [["--to", "emulator.example", "--key", key], /^--to is no address/],
    [["--to", "ftp://emulator.example", "--key", key], /^--to is neither/],
    [["--to", "http://emulator.example", "--key", key], /unencrypted/],
    [["--to", "https://emulator.example/e/lab"], /^The key is missing/],
  ];
  const ended = await Promise.all(wrong.map(([args]) => runProgram("bridge/start-bridge.ts", args)));
  for (const [index, { code, stdout, stderr }] of ended.entries()) {
    expect([code, stdout], stderr).toEqual([1, ""]);
    expect(stderr.trim()).toMatch(wrong[index]?.[1] as RegExp);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).not.toContain(key);
  }
});
