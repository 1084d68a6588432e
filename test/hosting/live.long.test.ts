import { afterAll, beforeAll, expect, test } from "vitest";
import { bearer, form, type HostedServer, outcomeOf, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
beforeAll(async () => {
  hosted = await startHostedServer();
});
afterAll(() => hosted.stop());

interface Screen {
  readonly socket: WebSocket;
  /** Why it was closed, once it is. */
  closedWith(): number | null;
}

/** Opens a screen with these headers, which no page could send. */
async function openScreen(name: string, headers: Record<string, string> = {}): Promise<Screen> {
  const url = `ws://127.0.0.1:${hosted.server.port}/e/${name}/live`;
  const socket = new WebSocket(url, { headers } as never);
  let code: number | null = null;
  socket.addEventListener("close", (event) => {
    code = event.code;
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  return { socket, closedWith: () => code };
}

test("Y9: a screen's messages count as requests of who opened it, and one too many closes it", async () => {
  await hosted.createCommunity("chatty", "open");
  for (const limit of ["requestsPerMinute", "clientRequestsPerMinute"]) {
    const rates = { requestsPerMinute: null, clientRequestsPerMinute: null, [limit]: 40 };
    await hosted.administer("POST", "/chatty/limits", rates);
    const { socket, closedWith } = await openScreen("chatty");
    for (let n = 0; n < 100; n++) socket.send("state");
    await expect.poll(closedWith, { timeout: 20_000 }).toBe(1008);
  }
  expect(outcomeOf(await hosted.get("/e/chatty/get/acc"))[1]).toBe("rate_limited");
  expect((await hosted.get("/get/acc")).status).toBe(200);
});

test("Y7: a screen ends with its session, and no other does", async () => {
  const key = await hosted.createCommunity("lounge");
  const logIn = async () => {
    const answer = await hosted.get("/e/lounge/login", { method: "POST", headers: form, body: `key=${key}` });
    return { cookie: answer.headers["set-cookie"]?.[0]?.split(";")[0] as string };
  };
  const session = await logIn();
  // Sessions that begin within one second are the same.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const another = await logIn();
  const screens = [await openScreen("lounge", session), await openScreen("lounge", session)];
  const others = [await openScreen("lounge", another), await openScreen("lounge", bearer(key))];
  expect((await hosted.get("/e/lounge/logout", { method: "POST", headers: session })).status).toBe(303);
  for (const { closedWith } of screens) await expect.poll(closedWith, { timeout: 20_000 }).toBe(1008);
  expect(others.map(({ closedWith }) => closedWith())).toEqual([null, null]);
  for (const { socket } of others) socket.close();
});
