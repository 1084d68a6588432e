import { afterAll, beforeAll, expect, test } from "vitest";
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

const ask = async (path: string, body?: unknown) => {
  const headers = { ...bearer(adminSecret), "content-type": "application/json" };
  const method = body === undefined ? "GET" : "POST";
  return hosted.get(`/admin/api${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
};

interface Made {
  readonly name: string;
  readonly link: string;
  readonly key?: { readonly name: string; readonly key: string };
  readonly invitation?: { readonly name: string; readonly link: string; readonly endMs: number };
}
const make = async (body: object): Promise<Made[]> => {
  const { status, text } = await ask("/class", body);
  expect(status, text).toBe(201);
  return JSON.parse(text).communities;
};
const pathOf = (link: string) => link.replace(/^http:\/\/[^/]+/, "");
const join = (link: string, accept = "application/json") =>
  hosted.get(pathOf(link).replace(/\?.*/, ""), {
    method: "POST",
    headers: { ...form, accept },
    body: pathOf(link).replace(/.*\?/, ""),
  });

test("Y41: many communities are made from a list with limits and keys, all or none", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `pupil-${index + 1}`);
  const made = await make({
    communities: names.map((name, index) => ({ name, ...(index === 3 && { limits: { units: 5 } }) })),
    limits: { units: 20, clientRequestsPerMinute: 600 },
    key: "pupil",
  });
  expect(made.map(({ name }) => name)).toEqual(names);
  for (const { name, link, key } of [made[0], made[39]] as Made[]) {
    expect(link).toBe(`http://127.0.0.1:${hosted.server.port}/e/${name}/`);
    expect((await hosted.get(`/e/${name}/get/acc`, { headers: bearer(key?.key ?? "") })).status).toBe(200);
    expect((await hosted.get(`/e/${name}/get/acc`)).status).toBe(401);
  }
  expect(await hosted.administer("GET", "/pupil-4")).toMatchObject({
    limits: { units: 5, clientRequestsPerMinute: 600 },
    keys: [{ name: "pupil" }],
  });
  for (const [communities, parameter] of [
    [[{ name: "new-1" }, { name: "pupil-7" }], undefined],
    [[{ name: "new-1" }, { name: "Not A Name" }], "communities"],
    [[{ name: "new-1" }, { name: "new-1" }], "communities"],
    [[], "communities"],
    [[{ name: "new-1", limits: { units: 0 } }], "communities"],
  ] as const) {
    const { status, text } = await ask("/class", { communities });
    expect(status, text).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(text).error.parameter).toBe(parameter);
  }
  expect((await ask("/communities/new-1")).status).toBe(404);
});

test("Y42: an invitation is good once and for its time, shows nothing to who only looks, and gives a key and a session", async () => {
  const [made] = await make({ communities: [{ name: "invited" }], invitation: "guest" });
  const { link, endMs } = made?.invitation ?? { link: "", endMs: 0 };
  expect(endMs - Date.now()).toBeGreaterThan(167 * 3_600_000);
  // A program that follows links takes nothing.
  for (let look = 0; look < 3; look++) expect((await hosted.get(pathOf(link))).status).toBe(200);
  expect(await hosted.administer("GET", "/invited")).toMatchObject({
    keys: [],
    invitations: [{ name: "guest", endMs }],
  });
  const both = await Promise.all([join(link), join(link)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  const joined = both.find(({ status }) => status === 200);
  const { key } = JSON.parse(joined?.text ?? "{}");
  expect((await hosted.get("/e/invited/get/acc", { headers: bearer(key) })).status).toBe(200);
  const cookie = String(joined?.headers["set-cookie"]).split(";")[0] as string;
  expect((await hosted.get("/e/invited/get/acc", { headers: { cookie } })).status).toBe(200);
  const again = await join(link, "text/html");
  expect([again.status, again.text]).toEqual([401, expect.stringContaining("not good any more")]);
  const shown = await hosted.administer("GET", "/invited");
  expect(shown).toMatchObject({ keys: [{ name: "guest" }], invitations: [] });
  expect(JSON.stringify(shown)).not.toContain(key);
});

test("Y42: one that has expired or was withdrawn is good for nothing, and a page says so", async () => {
  await hosted.createCommunity("asked");
  const invite = (body: object) => hosted.administer<{ link: string }>("POST", "/asked/invitations", body);
  const short = await invite({ name: "short", hours: 0.0001 });
  const drawn = await invite({ name: "drawn" });
  await hosted.administer("DELETE", "/asked/invitations/drawn");
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const { link } of [short, drawn]) expect(outcomeOf(await join(link))).toEqual([401, "unauthorized"]);
  const clash = await ask("/communities/asked/invitations", { name: "first" });
  expect(outcomeOf(clash)).toEqual([409, "conflict"]);
  for (const hours of [0, -1, 9000, "1"])
    expect(outcomeOf(await ask("/communities/asked/invitations", { name: "x", hours }))).toEqual([
      400,
      "invalid_parameter",
    ]);
  const log = (await ask("/communities/asked")).text;
  expect(log).not.toContain("join");
});

test("Y43: one look at all tells homes, time and who was last seen; the same command goes to all, and what one refuses harms no other", async () => {
  await make({
    communities: ["one", "two", "three"].map((name) => ({ name: `seen-${name}` })),
    policy: "open",
  });
  const communities = ["seen-one", "seen-two", "seen-three"];
  interface Seen {
    readonly name: string;
    readonly units?: number;
    readonly held?: boolean;
    readonly time?: string;
    readonly lastSeenMs: number | null;
  }
  const look = async (): Promise<Seen[]> =>
    JSON.parse((await ask("/overview")).text).communities.filter(({ name }: Seen) =>
      communities.includes(name),
    );
  expect(await look()).toEqual(
    ["seen-one", "seen-three", "seen-two"].map((name) => ({
      name,
      link: expect.any(String),
      lastSeenMs: null,
    })),
  );
  const command = async (body: object) => {
    const { status, text } = await ask("/time", { communities, ...body });
    expect(status, text).toBe(200);
    return JSON.parse(text).communities as { name: string; error?: { code: string } }[];
  };
  await command({ command: "hold" });
  await command({ command: "restart", units: 6 });
  await expect.poll(async () => (await look()).map(({ units }) => units)).toEqual([6, 6, 6]);
  const started = await look();
  expect(new Set(started.map(({ time }) => time)).size).toBe(1);
  expect(started.every(({ held }) => held)).toBe(true);
  await hosted.get("/e/seen-two/time/hold?claim=somebody&claimSeconds=600");
  const answers = await command({ command: "run" });
  expect(answers.filter(({ error }) => error !== undefined)).toMatchObject([
    { name: "seen-two", error: { code: "conflict" } },
  ]);
  expect((await look()).map(({ held }) => held)).toEqual([false, false, true]);
  const beforeMs = Date.now();
  await hosted.get("/e/seen-one/get/log");
  const seen = Object.fromEntries((await look()).map(({ name, lastSeenMs }) => [name, lastSeenMs]));
  expect(seen["seen-one"]).toBeGreaterThanOrEqual(beforeMs);
  expect(seen["seen-three"]).toBeLessThan(beforeMs);
  for (const [body, status] of [
    [{ command: "stop" }, 400],
    [{ command: "start" }, 400],
    [{ command: "start", at: "2020-13-01" }, 400],
    [{ command: "restart", units: 0 }, 400],
    [{ command: "accelerate" }, 400],
    [{ command: "hold", communities: ["nobody"] }, 404],
  ] as const)
    expect((await ask("/time", body)).status, JSON.stringify(body)).toBe(status);
  expect((await hosted.get("/admin/api/overview")).status).toBe(401);
});
