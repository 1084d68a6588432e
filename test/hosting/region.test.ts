import { afterAll, beforeAll, expect, test } from "vitest";
import { stubOf } from "../../src/hosting/directory/community-stub.ts";
import { adminSecret, bearer, type HostedServer, outcomeOf, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
beforeAll(async () => {
  hosted = await startHostedServer();
});
afterAll(() => hosted?.stop());

const create = (body: object) =>
  hosted.get("/admin/api/communities", {
    method: "POST",
    headers: { ...bearer(adminSecret), "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("Y19: a location is kept from the beginning, and the community serves as others do", async () => {
  const made = await create({ name: "near", policy: "open", location: "weur" });
  expect(JSON.parse(made.text)).toMatchObject({ jurisdiction: null, location: "weur" });
  await hosted.administer("POST", "/near/policy", { policy: "read-open" });
  expect(await hosted.administer("GET", "/near")).toMatchObject({ jurisdiction: null, location: "weur" });
  expect((await hosted.get("/e/near/get/log")).status).toBe(200);
});

test("Y19: what is no region, and a jurisdiction where there are none, are refused by name and create nothing", async () => {
  for (const [region, parameter, allowed] of [
    [{ location: "moon" }, "location", "wnam, enam, sam, weur, eeur, apac, oc, afr, me, or null"],
    [{ jurisdiction: "moon" }, "jurisdiction", "eu, fedramp, or null"],
    [{ jurisdiction: "eu" }, "jurisdiction", "null"],
  ] as const) {
    const answer = await create({ name: "nowhere", ...region });
    expect(outcomeOf(answer)).toEqual([400, "invalid_parameter"]);
    const { error } = JSON.parse(answer.text);
    expect(error.parameter).toBe(parameter);
    expect(error.message).toContain(`allowed: ${allowed}`);
  }
  expect(outcomeOf(await hosted.get("/e/nowhere/get/log"))).toEqual([404, "not_found"]);
});

test("Y19: the object is looked for in its jurisdiction, and told its location", () => {
  const asked: unknown[] = [];
  const namespace = (within: string | null) => ({
    jurisdiction: namespace,
    getByName: (...given: unknown[]) => asked.push([within, ...given]),
  });
  const env = { COMMUNITY: namespace(null) } as never;
  stubOf(env, { objectKey: "a", jurisdiction: null, location: null });
  stubOf(env, { objectKey: "b", jurisdiction: "eu", location: "weur" });
  expect(asked).toEqual([
    [null, "a", {}],
    ["eu", "b", { locationHint: "weur" }],
  ]);
});
