import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWorker, type WorkerHarness } from "../support/worker-harness.ts";
import { bearer } from "./hosted-server.ts";

const secret = "of the administrator";
const api = "http://localhost/admin/api/communities";
const json = { "content-type": "application/json" };

async function codeOf(response: Response): Promise<[number, string | undefined]> {
  const text = await response.text();
  return [response.status, response.ok ? undefined : JSON.parse(text).error.code];
}

describe("a fresh deployment", () => {
  let worker: WorkerHarness;
  beforeAll(async () => {
    worker = await startWorker({ defaultAccess: "closed", place: "platform" });
  });
  afterAll(() => worker?.stop());

  test("Y4: it is closed, and without a secret nothing can be administered", async () => {
    for (const path of ["/", "/get/log", "/state", "/input/manifest.json", "/set/acc/3"])
      expect(await codeOf(await worker.get(path)), path).toEqual([401, "unauthorized"]);
    for (const headers of [{}, bearer(""), bearer("undefined"), bearer("null")] as Record<string, string>[]) {
      const body = JSON.stringify({ name: "a" });
      const answer = await worker.get(api, { method: "POST", headers: { ...headers, ...json }, body });
      expect(await codeOf(answer)).toEqual([401, "unauthorized"]);
    }
    const login = {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "key=",
    };
    expect((await worker.get("/admin/login", login)).status).toBe(401);
    expect((await worker.get("/login", login)).status).toBe(401);
    expect(await worker.queryDirectory("SELECT name FROM community")).toEqual([{ name: "default" }]);
  });
});

describe("a deployment whose secret is too short", () => {
  let worker: WorkerHarness;
  const short = "nineteen characters";
  beforeAll(async () => {
    worker = await startWorker({ ADMIN_SECRET: short, place: "platform" });
  });
  afterAll(() => worker?.stop());

  test("Y21: all is refused in one line, also what is open", async () => {
    for (const path of ["/", "/get/acc", "/set/acc/3", api, "/admin/login"]) {
      const answer = await worker.get(path, { headers: bearer(short) });
      const { error } = (await answer.json()) as { error: { message: string } };
      expect(answer.status, path).toBe(500);
      expect(error.message).toMatch(/^ADMIN_SECRET is too short; allowed: at least 20 characters .*$/);
    }
    const logged = worker.takeLogs().join("\n");
    expect(logged).toContain("ADMIN_SECRET is too short");
    expect(logged).not.toContain(short);
  });
});

describe("a deployment with an administrator", () => {
  let worker: WorkerHarness;
  beforeAll(async () => {
    worker = await startWorker({ ADMIN_SECRET: secret, place: "platform", baseDomain: "energy.example" });
  });
  afterAll(() => worker?.stop());

  async function administer<T>(method: string, path: string, body?: object): Promise<T> {
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await worker.get(`${api}${path}`, {
      method,
      headers: { ...bearer(secret), ...json },
      ...given,
    });
    const text = await response.text();
    expect(response.status, text).toBeLessThan(300);
    return JSON.parse(text) as T;
  }
  const readDirectory = () => worker.queryDirectory("SELECT * FROM community ORDER BY name");
  const objectKeyOf = async (name: string) =>
    (await readDirectory()).find((row) => row.name === name)?.object_key as string;

  test("Y1: the base domain of the configuration counts", async () => {
    await administer("POST", "", { name: "a", policy: "open" });
    expect((await worker.get("http://a.energy.example/get/acc")).status).toBe(200);
    expect((await worker.get("http://b.energy.example/get/acc")).status).toBe(404);
    // Another host is the bare host, which has no need of the base domain.
    expect((await worker.get("http://apis.example.workers.dev/get/acc")).status).toBe(200);
  });

  test("Y1: a file's redirect stays in the community", async () => {
    const answer = await worker.get("/e/a/index.html", { redirect: "manual" });
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "/e/a/"]);
  });

  test("Y10: neither reading nor asking for what is not there writes to the directory", async () => {
    await administer("POST", "", { name: "read", policy: "open" });
    const before = await readDirectory();
    for (const path of [
      "/e/read/get/log",
      "/e/read/state",
      "/e/nobody/get/log",
      "/e/nobody/add/unit",
      "/get/log",
    ])
      await (await worker.get(path)).text();
    expect(await readDirectory()).toEqual(before);
  });

  test("Y10: a rename moves no data, and a deletion leaves none and lets none come again", async () => {
    await administer("POST", "", { name: "old", policy: "open" });
    const objectKey = await objectKeyOf("old");
    await worker.get("/e/old/set/acc/3");
    await administer("POST", "/old/rename", { to: "new" });
    expect(await objectKeyOf("new")).toBe(objectKey);
    expect(await (await worker.get("/e/new/get/acc")).text()).toBe("3");
    await administer("DELETE", "/new");
    expect((await worker.get("/e/new/get/acc")).status).toBe(404);
    const tables = "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'";
    expect(await worker.query(tables, objectKey)).toEqual([]);
    for (const request of [{ kind: "log" }, { kind: "addUnit" }] as const)
      expect(await worker.askObject(objectKey, request)).toMatchObject({
        ok: false,
        refusal: { code: "not_found" },
      });
    expect(await worker.query(tables, objectKey)).toEqual([]);
  });

  test("Y4: keys are kept as hashes only", async () => {
    await administer("POST", "", { name: "keyed" });
    const { key } = await administer<{ key: string }>("POST", "/keyed/keys", { name: "k" });
    const kept = JSON.stringify(await readDirectory());
    expect(kept).not.toContain(key);
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
    expect(kept).toContain(Buffer.from(bytes).toString("hex"));
  });

  test("R5: a command is told with the name of its key, and of its sender nothing else is kept", async () => {
    await administer("POST", "", { name: "told", policy: "open" });
    const { key } = await administer<{ key: string }>("POST", "/told/keys", { name: "lab" });
    const person = { "user-agent": "Browser of a person", "cf-connecting-ip": "192.0.2.77" };
    await worker.get("/e/told/set/emu/E001?rsoc=60", { headers: { ...person, ...bearer(key) } });
    await worker.get("/e/told/set/emu/E001?rsoc=61", { headers: person });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const login = { method: "POST", headers: form, body: `key=${key}`, redirect: "manual" } as const;
    const cookie = (await worker.get("/e/told/login", login)).headers.get("set-cookie")?.split(";")[0] ?? "";
    await worker.get("/e/told/set/emu/E001?rsoc=62", { headers: { ...person, cookie } });
    const text = await (await worker.get("/e/told/commands")).text();
    const { commands } = JSON.parse(text) as { commands: { source: string }[] };
    expect(commands.map(({ source }) => source)).toEqual(["lab", "", "lab"]);
    const stored = await worker.query("SELECT * FROM command", await objectKeyOf("told"));
    expect(JSON.stringify(stored)).not.toMatch(/192\.0\.2|person/);
  });

  test("Y6: on the platform its own header names the client", async () => {
    await administer("POST", "", { name: "listed", policy: "closed" });
    await administer("POST", "/listed/policy", { addresses: ["192.0.2.0/24"] });
    const from = (address: string) =>
      worker.get("/e/listed/get/acc", { headers: { "cf-connecting-ip": address } });
    expect([(await from("192.0.2.9")).status, (await from("192.0.3.9")).status]).toEqual([200, 401]);
  });
});
