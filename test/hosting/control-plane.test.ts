import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { communityLimits, deploymentLimits } from "../../src/input/config/limits.ts";
import {
  adminSecret,
  bearer,
  form,
  type HostedServer,
  outcomeOf,
  startHostedServer,
} from "./hosted-server.ts";

let hosted: HostedServer;
beforeAll(async () => {
  hosted = await startHostedServer();
});
afterAll(() => hosted?.stop());

const json = { "content-type": "application/json" };
const asAdmin = { ...bearer(adminSecret), ...json };
const api = "/admin/api/communities";
const send = (path: string, body: unknown, method = "POST") =>
  hosted.get(`${api}${path}`, {
    method,
    headers: asAdmin,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("who administers", () => {
  test("Y8: the administrator's secret, and nothing else", async () => {
    const key = await hosted.createCommunity("keyed");
    for (const headers of [
      {},
      bearer(key),
      bearer(`${adminSecret}x`),
      { "cf-access-jwt-assertion": "x.y.z" },
    ])
      expect(outcomeOf(await hosted.get(api, { headers: headers as Record<string, string> }))).toEqual([
        401,
        "unauthorized",
      ]);
    expect((await hosted.get(api, { headers: asAdmin })).status).toBe(200);
  });

  test("Y8: it is at the bare host only", async () => {
    for (const [path, host] of [
      [api, "keyed.localhost"],
      [`/e/keyed${api}`, "localhost"],
      [`/e/default${api}`, "localhost"],
    ] as const) {
      const [status] = outcomeOf(await hosted.get(path, { host, headers: asAdmin }));
      expect([401, 404], path).toContain(status);
    }
  });

  test("Y8: a session of the administrator opens the control plane and no community", async () => {
    const entered = await hosted.get("/admin/login", {
      method: "POST",
      headers: form,
      body: new URLSearchParams({ key: adminSecret }).toString(),
    });
    expect([entered.status, entered.headers.location]).toEqual([303, "/admin/"]);
    const cookie = (entered.headers["set-cookie"]?.[0] ?? "").split(";")[0] as string;
    expect((await hosted.get(api, { headers: { cookie } })).status).toBe(200);
    expect((await hosted.get("/admin", { headers: { cookie } })).status).toBe(200);
    expect(outcomeOf(await hosted.get("/e/keyed/get/log", { headers: { cookie } }))).toEqual([
      401,
      "unauthorized",
    ]);
  });

  test("Y5: pages of other origins administer nothing, whatever they carry", async () => {
    const headers = { ...asAdmin, origin: "http://keyed.localhost" };
    const body = JSON.stringify({ name: "foreign" });
    expect(outcomeOf(await hosted.get(api, { method: "POST", headers, body }))).toEqual([403, "forbidden"]);
    const simple = { ...bearer(adminSecret), "content-type": "text/plain" };
    expect(outcomeOf(await hosted.get(api, { method: "POST", headers: simple, body }))[0]).toBe(400);
  });

  test("Y9: wrong secrets soon have to wait; the right one never does, nor does anybody elsewhere", async () => {
    const other = await startHostedServer();
    try {
      const enter = (key: string) =>
        other.get("/admin/login", {
          method: "POST",
          headers: form,
          body: new URLSearchParams({ key }).toString(),
        });
      const statuses: number[] = [];
      // A new minute may begin in between, once.
      for (let n = 0; n < 2 * (deploymentLimits.wrongKeysPerMinute + 1); n++) {
        const wrong = `guess ${n}`;
        const { status } = await (n % 2 === 0 ? other.get(api, { headers: bearer(wrong) }) : enter(wrong));
        statuses.push(status);
        expect((await other.get(api, { headers: asAdmin })).status).toBe(200);
      }
      expect(statuses.slice(0, 2)).toEqual([401, 401]);
      expect(new Set(statuses)).toEqual(new Set([401, 429]));
      const refused = await enter("guess");
      if (refused.status === 429) expect(refused.headers["retry-after"]).toBe("60");
      expect((await enter(adminSecret)).status).toBe(303);
      expect((await other.get("/get/acc")).status).toBe(200);
    } finally {
      await other.stop();
    }
  });
});

test("Y9: wrong keys of a community soon have to wait; the right one and other doors do not", async () => {
  const key = await hosted.createCommunity("guarded", "read-open");
  const knock = async (tried: string) =>
    (await hosted.get("/e/guarded/get/acc", { headers: bearer(tried) })).status;
  const tries = deploymentLimits.wrongKeysPerMinute * 2 + 2;
  const statuses = new Set<number>();
  // A new minute may begin in between, once.
  for (let n = 0; n < tries; n++) statuses.add(await knock(`guess ${n}`));
  expect([...statuses]).toEqual([200, 429]);
  expect(await knock(key)).toBe(200);
  const enter = { method: "POST", headers: form, body: `key=${key}` };
  expect((await hosted.get("/e/guarded/login", enter)).status).toBe(303);
  expect((await hosted.get(api, { headers: asAdmin })).status).toBe(200);
});

describe("communities", () => {
  test("Y10: they are created, shown, renamed, archived and deleted", async () => {
    const key = await hosted.createCommunity("first");
    await hosted.get("/e/first/set/emu/E001?rsoc=66", { headers: bearer(key) });
    expect(await hosted.administer("GET", "/first")).toMatchObject({
      name: "first",
      policy: "closed",
      archived: false,
    });
    await hosted.administer("POST", "/first/rename", { to: "second" });
    expect(outcomeOf(await hosted.get("/e/first/get/log", { headers: bearer(key) }))).toEqual([
      404,
      "not_found",
    ]);
    const charge = async () =>
      JSON.parse((await hosted.get("/e/second/get/emu/E001", { headers: bearer(key) })).text).rsoc;
    expect(await charge()).toBe(66);
    const faults = async () => (await hosted.get("/e/second/faults", { headers: bearer(key) })).text;
    await hosted.get("/e/second/faults/add?kind=batteryStatus", { headers: bearer(key) });
    const broken = await faults();
    expect(broken).toContain("batteryStatus");
    await hosted.administer("POST", "/second/archive", { archived: true });
    expect(outcomeOf(await hosted.get("/e/second/get/log", { headers: bearer(key) }))).toEqual([
      404,
      "not_found",
    ]);
    await hosted.administer("POST", "/second/archive", { archived: false });
    expect(await charge()).toBe(66);
    expect(await faults()).toBe(broken);
    await hosted.administer("DELETE", "/second");
    const again = await hosted.createCommunity("second");
    expect(outcomeOf(await hosted.get("/e/second/get/log", { headers: bearer(key) }))).toEqual([
      401,
      "unauthorized",
    ]);
    const fresh = await hosted.get("/e/second/get/emu/E001", { headers: bearer(again) });
    expect(JSON.parse(fresh.text).rsoc).not.toBe(66);
  });

  test("Y10: they are listed by name, as people count", async () => {
    for (const name of ["class-10", "class-2", "class-1"]) await hosted.createCommunity(name);
    const { communities } = await hosted.administer<{ communities: { name: string }[] }>("GET", "");
    const names = communities.map(({ name }) => name).filter((name) => name.startsWith("class-"));
    expect(names).toEqual(["class-1", "class-2", "class-10"]);
  });

  test("Y10: keys are shown once and listed without anything that opens", async () => {
    const key = await hosted.createCommunity("shy");
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    const { text } = await hosted.get(`${api}/shy`, { headers: asAdmin });
    expect(JSON.parse(text).keys).toEqual([{ name: "first", createdMs: expect.any(Number) }]);
    expect(Object.keys(JSON.parse(text)).sort()).toEqual(
      [
        "addresses",
        "archived",
        "createdMs",
        "invitations",
        "jurisdiction",
        "keys",
        "lastUsedMs",
        "limits",
        "location",
        "name",
        "policy",
        "sizeBytes",
      ].sort(),
    );
    expect(text).not.toContain(key);
  });

  test("Y10: last use and size are those of the last command; reading notes nothing", async () => {
    const key = await hosted.createCommunity("used");
    const noted = () =>
      hosted.administer<{ lastUsedMs: number | null; sizeBytes: number | null }>("GET", "/used");
    await hosted.get("/e/used/get/log", { headers: bearer(key) });
    expect(await noted()).toMatchObject({ lastUsedMs: null, sizeBytes: null });
    const beforeMs = Date.now();
    await hosted.get("/e/used/set/acc/0", { headers: bearer(key) });
    await expect.poll(async () => (await noted()).lastUsedMs).toBeGreaterThanOrEqual(beforeMs);
    const first = await noted();
    expect(first.sizeBytes).toBeGreaterThan(0);
    await hosted.get("/e/used/set/acc/0", { headers: bearer(key) });
    expect(await noted()).toEqual(first);
  });

  test("Y10: a screen that is open does not outlive the right to look", async () => {
    await hosted.createCommunity("glass", "read-open");
    const changes: [string, string, object?][] = [
      ["POST", "/glass/policy", { policy: "closed" }],
      ["POST", "/glass/keys/first/rotate"],
      ["DELETE", "/glass/keys/first"],
      ["POST", "/glass/archive", { archived: true }],
      ["DELETE", "/glass"],
    ];
    for (const [method, path, body] of changes) {
      await hosted.administer("POST", "/glass/policy", { policy: "read-open" });
      await hosted.administer("POST", "/glass/archive", { archived: false });
      const socket = new WebSocket(`ws://127.0.0.1:${hosted.server.port}/e/glass/live`);
      await new Promise((resolve) => socket.addEventListener("open", resolve));
      await hosted.administer(method, path, body);
      await expect.poll(() => socket.readyState).toBeGreaterThanOrEqual(WebSocket.CLOSING);
    }
  });

  test("Y10: the bare host's community keeps its name; deleted, it begins anew", async () => {
    expect(outcomeOf(await send("/default/rename", { to: "other" }))).toEqual([409, "conflict"]);
    await hosted.get("/set/acc/7");
    await hosted.administer("DELETE", "/default");
    expect((await hosted.get("/get/acc")).text).not.toBe("7");
    await hosted.administer("POST", "/default/policy", { policy: "closed" });
    expect(outcomeOf(await hosted.get("/get/acc"))).toEqual([401, "unauthorized"]);
    await hosted.administer("POST", "/default/policy", { policy: null });
    expect((await hosted.get("/get/acc")).status).toBe(200);
  });

  test("Y10: wrong requests are refused by name and change nothing", async () => {
    await hosted.createCommunity("strict");
    const before = JSON.stringify(await hosted.administer("GET", ""));
    const wrong: [string, unknown, number, string][] = [
      ["", { name: "A" }, 400, "name"],
      ["", { name: "xn--a" }, 400, "name"],
      ["", { name: "strict2", policy: "public" }, 400, "policy"],
      ["", { name: "strict2", owner: 1 }, 400, "owner"],
      ["", '{"name":"strict2","__proto__":{"policy":"open"}}', 400, "__proto__"],
      ["", '{"name":"strict2","constructor":1}', 400, "constructor"],
      ["", "[]", 400, "name"],
      ["", '"x"', 400, "body"],
      ["", "{", 400, ""],
      ["/strict/limits", { units: 0 }, 400, "units"],
      ["/strict/limits", { units: communityLimits.units.most + 1 }, 400, "units"],
      ["/strict/limits", { sockets: "9" }, 400, "sockets"],
      ["/strict/policy", { addresses: ["10.0.0.0/33"] }, 400, "addresses"],
      ["/strict/policy", { addresses: new Array(51).fill("::1") }, 400, "addresses"],
      ["/strict/keys", { name: "a b" }, 400, "name"],
      ["/strict/rename", { to: "a.b" }, 400, "to"],
    ];
    for (const [path, body, status, parameter] of wrong) {
      const { status: given, text } = await send(path, body);
      expect([given, JSON.parse(text).error.parameter ?? ""], text).toEqual([status, parameter]);
    }
    expect(outcomeOf(await send("", { name: "strict" }))).toEqual([409, "conflict"]);
    expect(outcomeOf(await send("/strict/keys", { name: "first" }))).toEqual([409, "conflict"]);
    expect(outcomeOf(await send("/nobody/archive", { archived: true }))).toEqual([404, "not_found"]);
    expect(outcomeOf(await send("/__proto__", undefined, "DELETE"))).toEqual([404, "not_found"]);
    expect(outcomeOf(await send("", `{"name":"${"x".repeat(20_000)}"}`))).toEqual([413, "too_large"]);
    expect(JSON.stringify(await hosted.administer("GET", ""))).toBe(before);
  });
});

describe("limits", () => {
  test("Y9: each limit of a community is answered with its own error", async () => {
    const key = await hosted.createCommunity("small");
    const headers = bearer(key);
    const get = (path: string, options = {}) => hosted.get(`/e/small${path}`, { headers, ...options });
    const units = Object.keys(JSON.parse((await get("/get/log")).text)).length;
    await hosted.administer("POST", "/small/limits", { units, requestBytes: 100 });
    expect(outcomeOf(await get("/add/unit"))).toEqual([409, "conflict"]);
    expect(outcomeOf(await get(`/set/emu/E001?rsoc=${"5".repeat(100)}`))).toEqual([413, "too_large"]);
    const body = { method: "POST", headers: { ...headers, ...form }, body: `rsoc=${"5".repeat(100)}` };
    expect(outcomeOf(await get("/set/emu/E001", body))).toEqual([413, "too_large"]);
    await hosted.administer("POST", "/small/limits", { units: null, requestBytes: null, storageBytes: 1 });
    expect(outcomeOf(await get("/set/acc/3"))).toEqual([409, "conflict"]);
    expect((await get("/get/acc")).status).toBe(200);
    await hosted.administer("POST", "/small/limits", { storageBytes: null });
    expect((await get("/set/acc/3")).status).toBe(200);
    expect(await hosted.administer("GET", "/small")).toMatchObject({ limits: {} });
  });

  test("Y9: no more screens follow than the limit says", async () => {
    await hosted.createCommunity("watched", "open");
    await hosted.administer("POST", "/watched/limits", { sockets: 1 });
    const socket = new WebSocket(`ws://127.0.0.1:${hosted.server.port}/e/watched/live`);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    expect(outcomeOf(await hosted.get("/e/watched/live", { headers }))).toEqual([409, "conflict"]);
    socket.close();
  });

  test("Y9: too many requests of a client wait; other communities do not", async () => {
    await hosted.createCommunity("busy", "open");
    for (const limit of ["requestsPerMinute", "clientRequestsPerMinute"]) {
      await hosted.administer("POST", "/busy/limits", {
        requestsPerMinute: null,
        clientRequestsPerMinute: null,
        [limit]: 3,
      });
      const outcomes = [];
      for (let n = 0; n < 8; n++) outcomes.push(outcomeOf(await hosted.get("/e/busy/get/acc"))[1]);
      expect(outcomes, limit).toContain("rate_limited");
    }
    expect((await hosted.get("/get/acc")).status).toBe(200);
  });
});

describe("the log", () => {
  test("Y12: refusals are logged without secrets, on one line each", async () => {
    const key = await hosted.createCommunity("quiet");
    const secrets = [key, "deadbeef".repeat(8), "s3cret"];
    await hosted.get("/e/quiet/get/log?key=s3cret", { headers: bearer(secrets[1] as string) });
    await hosted.get("/e/quiet/login?key=s3cret", {
      method: "POST",
      headers: form,
      body: `key=${secrets[1]}`,
    });
    await hosted.get("/admin/login?key=s3cret", { method: "POST", headers: form, body: `key=${secrets[1]}` });
    await hosted.get("/admin/api/x?key=s3cret", { headers: bearer(secrets[1] as string) });
    await hosted.get("/e/quiet/login?key=s3cret", { method: "PUT" });
    await hosted.get('/e/nobody/%0a{"level":"ERROR"}%0d%1b[31m');
    await hosted.get("/set/emu/E001?rsoc=%0a%7B%22level%22%3A%22ERROR%22%7D");
    await expect.poll(() => hosted.server.output()).toContain("/set/emu/E001");
    const output = hosted.server.output();
    for (const secret of [...secrets, adminSecret]) expect(output).not.toContain(secret);
    expect(output).toContain('"path":"/e/quiet/get/log"');
    const lines = output.split("\n").filter((line) => line.includes('"level"'));
    for (const line of lines) expect(JSON.parse(line).level, line).not.toBe("ERROR");
  });
});
