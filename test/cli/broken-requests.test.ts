import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import { type LocalServer, startLocalServer } from "../support/local-server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ units: 2, acceleration: 0 });
});
afterAll(() => server.stop());

/** Sends bytes as they are; gives the status and body of what comes back. */
function sendBytes(text: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
    let received = "";
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("data", (data) => {
      received += data;
      // The runtime keeps the connection, whatever was asked.
      const [head = "", body] = received.split("\r\n\r\n");
      const length = /^content-length: (\d+)/im.exec(head)?.[1];
      if (length !== undefined && (body?.length ?? 0) >= Number(length)) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => {
      const [head = "", body = ""] = received.split("\r\n\r\n");
      resolve({ status: Number(head.split(" ")[1]), body });
    });
  });
}

const get = (host: string) =>
  sendBytes(`GET /get/acc HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

test("A3: a Host that is none is the client's error, and the next request is served", async () => {
  for (const host of ["[", "localhost:99999", "localhost:x", "[::1", "localhost:-1"]) {
    const { status, body } = await get(host);
    expect(status, host).toBe(400);
    expect(body, host).not.toContain("internal");
  }
  expect(await get("localhost")).toEqual({ status: 200, body: "0" });
});

test("A3: a wrong chunk is the client's error, changes nothing, and the next request is served", async () => {
  const post = (chunks: string) =>
    sendBytes(
      `POST /set/emu/E001 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${chunks}`,
    );
  for (const chunks of [
    "ZZ\r\nrsoc=12\r\n0\r\n\r\n",
    "3\r\nrsoc=12\r\n0\r\n\r\n",
    "7\r\nrsoc=12\r\nQQ\r\n",
    "-1\r\nx",
  ]) {
    const { status, body } = await post(chunks);
    expect(status, chunks).toBe(400);
    expect(body, chunks).not.toContain("internal");
  }
  const log = (await (await fetch(`${server.url}/commands`)).json()) as CommandLog;
  expect(log.commands.filter(({ get }) => get.includes("/set/emu"))).toEqual([]);
  expect((await post("7\r\nrsoc=12\r\n0\r\n\r\n")).status).toBe(200);
});

test("A3: a body that is longer than it says is refused as soon as that is seen, and what follows one is none of it", async () => {
  const post = (head: string, body: string) =>
    sendBytes(
      `POST /set/emu/E001 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n${head}Connection: close\r\n\r\n${body}`,
    );
  const long = `x=${"y".repeat(40_000)}`;
  // Its end never comes.
  const chunk = `${long.length.toString(16)}\r\n${long}\r\n`;
  const chunked = "Transfer-Encoding: chunked\r\n";
  for (const head of [chunked, `Content-Length: 7\r\n${chunked}`, `${chunked}Content-Length: 7\r\n`])
    expect((await post(head, chunk)).status, head).toBe(413);
  expect((await post(`Content-Length: ${long.length}\r\n`, long)).status).toBe(413);
  expect((await post("Content-Length: 7\r\n", "rsoc=33&rsoc=44")).status).toBe(200);
  const { emu } = (await (await fetch(`${server.url}/get/unit/E001`)).json()) as { emu: { rsoc: number } };
  expect(emu.rsoc).toBe(33);
});

test("R5: locally a command is told with its program, or with the address of one that does not say", async () => {
  const command = (head: string) =>
    sendBytes(`GET /set/emu/E002?rsoc=60 HTTP/1.1\r\nHost: localhost\r\n${head}Connection: close\r\n\r\n`);
  await command("User-Agent: tester/1.0\r\nCF-Connecting-IP: 192.0.2.1\r\n");
  await command("CF-Connecting-IP: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n");
  await command("User-Agent:\r\n");
  const { commands } = (await (await fetch(`${server.url}/commands`)).json()) as CommandLog;
  const [named, ...nameless] = commands.slice(-3).map(({ source }) => source);
  expect(named).toBe("tester/1.0");
  for (const source of nameless)
    expect(source).toMatch(/^(127\.0\.0\.1|\[::ffff:127\.0\.0\.1\]|\[::1\]):\d+$/);
});
