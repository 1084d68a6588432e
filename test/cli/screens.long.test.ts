import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalServer, readRuntimePid, startLocalServer } from "../support/local-server.ts";

const commands = 900;
const screens = 100;

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ units: 100, acceleration: 10 });
});
afterAll(() => server.stop());

async function readMegabytes(): Promise<number> {
  const status = await readFile(`/proc/${await readRuntimePid(server.folder)}/status`, "utf8");
  return (Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) * 1024) / 1e6;
}

async function command(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const response = await fetch(`${server.url}/set/dcdc/current/E001?dig=${n % 50}`);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  }
}

/** Opens a screen that reads nothing of what it is sent. */
function openSilent(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1");
    const head = [
      "GET /live HTTP/1.1",
      "Host: localhost",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    socket.on("error", reject);
    socket.once("data", (answer) => {
      socket.pause();
      expect(String(answer)).toContain(" 101 ");
      resolve(socket);
    });
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
  });
}

test.runIf(process.platform === "linux")(
  "X5: a hundred screens that do not read and 900 commands add at most 50 MB",
  async () => {
    // What the commands themselves need is there before.
    await command(commands);
    const before = await readMegabytes();
    const silent = await Promise.all(Array.from({ length: screens }, openSilent));
    await command(commands);
    const after = await readMegabytes();
    for (const socket of silent) socket.destroy();
    console.log(`${before.toFixed()} MB before, ${after.toFixed()} MB after`);
    expect(after - before).toBeLessThanOrEqual(50);
  },
);
