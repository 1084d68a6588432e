import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, form, type HostedServer, outcomeOf, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
let keyOfA: string;
let keyOfB: string;

beforeAll(async () => {
  hosted = await startHostedServer();
  keyOfA = await hosted.createCommunity("a");
  keyOfB = await hosted.createCommunity("b");
});
afterAll(() => hosted?.stop());

const unauthorized = [401, "unauthorized"];
const notFound = [404, "not_found"];
const forbidden = [403, "forbidden"];
const listNames = async () =>
  (await hosted.administer<{ communities: { name: string }[] }>("GET", "")).communities.map(
    ({ name }) => name,
  );

describe("addresses", () => {
  test("Y1: host and path lead to the same community, and each has a state of its own", async () => {
    const headers = bearer(keyOfA);
    await hosted.get("/set/emu/E001?rsoc=77", { host: "a.localhost", headers });
    expect(JSON.parse((await hosted.get("/e/a/get/emu/E001", { headers })).text).rsoc).toBe(77);
    expect(JSON.parse((await hosted.get("/get/emu/E001")).text).rsoc).not.toBe(77);
    const ofB = await hosted.get("/get/emu/E001", { host: "b.localhost", headers: bearer(keyOfB) });
    expect(JSON.parse(ofB.text).rsoc).not.toBe(77);
  });

  test("Y1: an unknown community is 404 and creates nothing", async () => {
    const before = await listNames();
    for (const host of ["nobody.localhost", "x.y.localhost", "xn--a.localhost"])
      expect(outcomeOf(await hosted.get("/add/unit", { host }))).toEqual(notFound);
    for (const path of [
      "/e/nobody/add/unit",
      "/e/A/add/unit",
      "/e//add/unit",
      "/e/__proto__/get/log",
      "/e/a%00/get/log",
    ])
      expect(outcomeOf(await hosted.get(path)), path).toEqual(notFound);
    expect(await listNames()).toEqual(before);
  });

  test("Y1: without the final slash the screen is found too", async () => {
    const answer = await hosted.get("/e/a?x=1");
    expect([answer.status, answer.headers.location]).toEqual([308, "/e/a/?x=1"]);
  });

  test("Y2: no header but Host chooses a community", async () => {
    const forged = {
      "x-forwarded-host": "a.localhost",
      forwarded: "host=a.localhost",
      "x-original-url": "/e/a/get/emu/E001",
      "x-rewrite-url": "/e/a/get/emu/E001",
      "x-forwarded-prefix": "/e/a",
      "x-host": "a.localhost",
      "x-http-method-override": "DELETE",
    };
    const plain = await hosted.get("/get/emu/E001");
    expect((await hosted.get("/get/emu/E001", { headers: forged })).text).toBe(plain.text);
    const withKey = { ...forged, ...bearer(keyOfA) };
    expect(outcomeOf(await hosted.get("/get/emu/E001", { host: "b.localhost", headers: withKey }))).toEqual(
      unauthorized,
    );
  });

  test("Y2: dots and encoded signs in a path cross to no other community", async () => {
    const headers = bearer(keyOfA);
    for (const path of [
      "/e/a/../b/get/log",
      "/e/a/%2e%2e/b/get/log",
      "/e/a/..\\b/get/log",
      "/e/a/./../b/get/log",
      "/e/b/get/log",
      "/e/b/ui/main.js",
      "/e/b/input/manifest.json",
    ])
      expect(outcomeOf(await hosted.get(path, { headers })), path).toEqual(unauthorized);
    for (const path of [
      "/e/a/..%2fb/get/log",
      "/e/a/%2e%2e%2fb/get/log",
      "/e/a/e/b/get/log",
      "/e/a/admin/api/communities",
    ])
      expect(outcomeOf(await hosted.get(path, { headers })), path).toEqual(notFound);
  });

  test("Y3: a name that anybody can point here is not served on this machine's own server", async () => {
    for (const host of ["evil.example", "localhost.evil.example"])
      expect(outcomeOf(await hosted.get("/get/log", { host }))).toEqual(notFound);
    expect((await hosted.get("/get/acc", { host: "host.docker.internal" })).status).toBe(200);
  });
});

describe("who may do what", () => {
  test("Y4: strangers see nothing of a closed community, holders of its key everything", async () => {
    const paths = [
      "/",
      "/get/log",
      "/state",
      "/live",
      "/ui/main.js",
      "/data/output/summary.csv",
      "/add/unit",
      "/nowhere",
    ];
    for (const path of paths) {
      const refused = await hosted.get(path, { host: "a.localhost" });
      expect(outcomeOf(refused), path).toEqual(unauthorized);
      expect(refused.headers["www-authenticate"]).toMatch(/^Bearer /);
    }
    for (const path of ["/", "/get/log", "/state", "/ui/main.js", "/data/output/summary.csv"])
      expect((await hosted.get(path, { host: "a.localhost", headers: bearer(keyOfA) })).status, path).toBe(
        200,
      );
  });

  test("Y4: in a read-open community anyone looks and key holders change", async () => {
    const key = await hosted.createCommunity("shown", "read-open");
    expect((await hosted.get("/e/shown/get/log")).status).toBe(200);
    for (const path of ["/e/shown/add/unit", "/e/shown/get/last", "/e/shown/set/acc/5", "/e/shown/restart/"])
      expect(outcomeOf(await hosted.get(path)), path).toEqual(unauthorized);
    expect(outcomeOf(await hosted.get("/e/shown/add/unit", { method: "POST" }))).toEqual(unauthorized);
    const put = { method: "PUT", body: '[{"battery":{"capacityWh":9000}}]' };
    expect(outcomeOf(await hosted.get("/e/shown/homes", put))).toEqual(unauthorized);
    const kept = await hosted.get("/e/shown/homes", { ...put, headers: bearer(key) });
    expect([kept.status, JSON.parse(kept.text).homes[0].battery.capacityWh]).toEqual([200, 9000]);
    expect((await hosted.get("/e/shown/add/unit", { headers: bearer(key) })).status).toBe(200);
  });

  test("Y4: the key of another community, the administrator's secret and half a key open nothing", async () => {
    for (const key of [
      keyOfB,
      keyOfA.slice(1),
      `${keyOfA}0`,
      keyOfA.toUpperCase(),
      "correct horse battery staple",
    ])
      expect(outcomeOf(await hosted.get("/e/a/get/log", { headers: bearer(key) }))).toEqual(unauthorized);
    const basic = { authorization: `Basic ${Buffer.from(`x:${keyOfA}`).toString("base64")}` };
    expect(outcomeOf(await hosted.get("/e/a/get/log", { headers: basic }))).toEqual(unauthorized);
    expect(outcomeOf(await hosted.get(`/e/a/get/log?key=${keyOfA}`))).toEqual(unauthorized);
  });

  test("Y6: a listed address needs no key, and none is believed that a client only claims", async () => {
    await hosted.createCommunity("listed");
    const claims = {
      "cf-connecting-ip": "192.0.2.9",
      "x-forwarded-for": "192.0.2.9",
      "x-real-ip": "192.0.2.9",
      "mf-cf-blob": JSON.stringify({ clientIp: "192.0.2.9:4000" }),
    };
    await hosted.administer("POST", "/listed/policy", { addresses: ["192.0.2.0/24"] });
    expect(outcomeOf(await hosted.get("/e/listed/get/acc", { headers: claims }))).toEqual(unauthorized);
    await hosted.administer("POST", "/listed/policy", { addresses: ["127.0.0.0/8", "::1"] });
    expect((await hosted.get("/e/listed/set/acc/3")).status).toBe(200);
  });

  test("Y10: a rotated or revoked key opens nothing any more, at once", async () => {
    const old = await hosted.createCommunity("turning");
    const { key } = await hosted.administer<{ key: string }>("POST", "/turning/keys/first/rotate");
    const open = async (tried: string) =>
      (await hosted.get("/e/turning/get/acc", { headers: bearer(tried) })).status;
    expect([await open(old), await open(key)]).toEqual([401, 200]);
    await hosted.administer("DELETE", "/turning/keys/first");
    expect(await open(key)).toBe(401);
  });
});

describe("sessions", () => {
  const logIn = (path: string, key: string, headers = {}) =>
    hosted.get(path, { method: "POST", headers: { ...form, ...headers }, body: `key=${key}` });
  const cookieOf = (headers: { "set-cookie"?: string[] | undefined }) =>
    (headers["set-cookie"]?.[0] ?? "").split(";")[0] ?? "";

  test("Y7: a person logs in with a key, works, and logs out", async () => {
    const page = await hosted.get("/e/a/", { headers: { accept: "text/html", "accept-language": "ja" } });
    expect([page.status, page.headers["content-type"]]).toEqual([401, "text/html; charset=utf-8"]);
    expect(page.text).toContain('lang="ja"');
    const entered = await logIn("/e/a/login", keyOfA);
    expect([entered.status, entered.headers.location]).toEqual([303, "/e/a/"]);
    expect(entered.headers["set-cookie"]?.[0]).toMatch(
      /; Path=\/e\/a; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    const headers = { cookie: cookieOf(entered.headers) };
    expect((await hosted.get("/e/a/set/acc/2", { headers })).status).toBe(200);
    const left = await hosted.get("/e/a/logout", { method: "POST", headers });
    expect(left.headers["set-cookie"]?.[0]).toMatch(/^apis-session=; Path=\/e\/a; Max-Age=0/);
  });

  test("Y7: the cookie of one community opens no other, by path or by host", async () => {
    const headers = { cookie: cookieOf((await logIn("/e/a/login", keyOfA)).headers) };
    for (const [path, host] of [
      ["/e/b/get/log", "localhost"],
      ["/get/log", "b.localhost"],
      ["/e/b/get/log", "a.localhost"],
    ] as const)
      expect(outcomeOf(await hosted.get(path, { host, headers }))).toEqual(unauthorized);
    expect(outcomeOf(await hosted.get("/admin/api/communities", { headers }))).toEqual(unauthorized);
  });

  test("Y7: a session ends with its key", async () => {
    const key = await hosted.createCommunity("ending");
    const headers = { cookie: cookieOf((await logIn("/e/ending/login", key)).headers) };
    expect((await hosted.get("/e/ending/get/acc", { headers })).status).toBe(200);
    await hosted.administer("POST", "/ending/keys/first/rotate");
    expect(outcomeOf(await hosted.get("/e/ending/get/acc", { headers }))).toEqual(unauthorized);
  });

  test("Y5: a page of another origin logs nobody in", async () => {
    const foreign = { origin: "http://evil.example" };
    expect(outcomeOf(await logIn("/e/a/login", keyOfA, foreign))).toEqual(forbidden);
  });
});

describe("pages of other origins", () => {
  test("Y5: they change nothing, by GET or POST, and open no WebSocket", async () => {
    const state = async () => (await hosted.get("/get/acc")).text;
    const before = await state();
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "http://a.localhost" },
      { origin: "null" },
      { referer: "http://evil.example/" },
    ] as Record<string, string>[]) {
      for (const path of ["/set/acc/9", "/restart", "/remove/unit", "/get/last"])
        expect(outcomeOf(await hosted.get(path, { headers })), path).toEqual(forbidden);
      expect(outcomeOf(await hosted.get("/set/acc/9", { method: "POST", headers }))).toEqual(forbidden);
      const socket = { ...headers, upgrade: "websocket", connection: "Upgrade" };
      expect(outcomeOf(await hosted.get("/live", { headers: socket }))).toEqual(forbidden);
    }
    expect(await state()).toBe(before);
    expect((await hosted.get("/get/acc", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
    expect((await hosted.get("/set/acc/0", { headers: { "sec-fetch-site": "same-origin" } })).status).toBe(
      200,
    );
  });

  describe("of a browser that does not say which page asks, as over plain HTTP", () => {
    const agent = {
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    };
    const person = { ...agent, accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };
    const host = "emulator.test";
    const rate = async () => (await hosted.get("/get/acc", { host })).text;

    test("Y20: what shows no page changes nothing, and opens no WebSocket", async () => {
      const before = await rate();
      for (const accept of [
        "*/*",
        "image/avif,image/webp,*/*;q=0.8",
        "text/css,*/*;q=0.1",
        "text/event-stream",
      ])
        for (const path of ["/set/acc/9", "/remove/unit", "/e/default/restart"]) {
          const headers = { ...agent, accept };
          expect(outcomeOf(await hosted.get(path, { host, headers })), path).toEqual(forbidden);
        }
      for (const method of ["POST", "PUT", "HEAD"])
        expect((await hosted.get("/set/acc/9", { method, host, headers: person })).status).toBe(403);
      const socket = { ...agent, upgrade: "websocket", connection: "Upgrade" };
      expect(outcomeOf(await hosted.get("/live", { host, headers: socket }))).toEqual(forbidden);
      expect((await hosted.get("/get/log", { host, headers: agent })).status).toBe(200);
      expect((await hosted.get("/", { host, headers: person })).status).toBe(200);
      expect(await rate()).toBe(before);
    });

    test("Y20: a person is shown a page, in English or Japanese, whose button sends the same", async () => {
      const before = await rate();
      const path = "/set/emu/E001?rsoc=61&p2=5";
      const shown = await hosted.get(path, { host, headers: person });
      expect([shown.status, shown.headers["content-type"]]).toEqual([403, "text/html; charset=utf-8"]);
      expect(shown.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(shown.text.match(/<button/g)).toHaveLength(1);
      expect(shown.text).toContain('<form method="post" action="/set/emu/E001?rsoc=61&amp;p2=5">');
      const odd = await hosted.get(`/set/acc/9?&quot;<'">`, { host, headers: person });
      expect(odd.text).toContain(`action="/set/acc/9?&amp;quot;%3C%27%22%3E"`);
      const japanese = { ...person, "accept-language": "ja,en;q=0.5" };
      const below = await hosted.get("/e/default/set/acc/9", { host, headers: japanese });
      expect(below.text).toContain('<html lang="ja">');
      expect(below.text).toContain('action="/e/default/set/acc/9"');
      expect(below.text).toContain('href="/e/default/ui/admin.css"');
      expect(await rate()).toBe(before);
      const origin = `http://${host}:${hosted.server.port}`;
      const sent = await hosted.get(path, { method: "POST", host, headers: { ...person, origin } });
      expect(sent.status, sent.text).toBe(200);
      expect(JSON.parse((await hosted.get("/get/emu/E001", { host })).text).rsoc).toBe(61);
    });

    test("Y20: a stranger is asked for a key and not whether the change was meant", async () => {
      const shown = await hosted.get("/e/a/set/acc/9", { host, headers: person });
      expect([shown.status, shown.text.includes('action="/e/a/login"')]).toEqual([401, true]);
    });

    test("Y20: who is no browser changes what it likes", async () => {
      for (const headers of [{}, { "user-agent": "curl/8.5.0" }, { "user-agent": "Java/21" }])
        expect((await hosted.get("/set/acc/0", { host, headers })).status).toBe(200);
    });
  });

  test("Y11: every answer carries the headers, and none allows another origin", async () => {
    const asked: [string, string][] = [
      ["GET", "/"],
      ["GET", "/get/log"],
      ["HEAD", "/get/log"],
      ["GET", "/ui/main.js"],
      ["GET", "/nowhere"],
      ["GET", "/e/a"],
      ["GET", "/e/a/get/log"],
      ["GET", "/e/a/login"],
      ["GET", "/admin"],
      ["GET", "/data/output/summary.csv"],
      ["OPTIONS", "/get/log"],
    ];
    for (const [method, path] of asked) {
      const { headers } = await hosted.get(path, { method, headers: { origin: hosted.server.url } });
      const policy = headers["content-security-policy"] ?? "";
      expect(policy, path).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("same-origin");
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});
