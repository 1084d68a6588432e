import { afterAll, beforeAll, expect, test } from "vitest";
import { adminSecret, bearer, type HostedServer, outcomeOf, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
beforeAll(async () => {
  hosted = await startHostedServer();
});
afterAll(() => hosted?.stop());

const api = "/admin/api/communities";
const asAdmin = bearer(adminSecret);
const lines = { ...asAdmin, "content-type": "application/x-ndjson" };
const json = { ...asAdmin, "content-type": "application/json" };
const read = async (path: string) => (await hosted.get(path)).text;

test("Y15: a community restored from a backup of another is as that one was; the other goes on", async () => {
  for (const name of ["one", "two"]) await hosted.createCommunity(name, "open");
  await read("/e/one/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  await read("/e/one/add/unit");
  const wanted = [await read("/e/one/get/log"), await read("/e/one/commands")];
  const backup = await hosted.get(`${api}/one/backup`, { headers: asAdmin });
  expect(backup.headers["content-type"]).toBe("application/x-ndjson");
  const restored = await hosted.get(`${api}/two/restore`, {
    method: "POST",
    headers: lines,
    body: backup.text,
  });
  expect(outcomeOf(restored)).toEqual([200, undefined]);
  const commandsOf = (text: string) => JSON.parse(text).commands;
  expect(await read("/e/two/get/log")).toBe(wanted[0]);
  expect(commandsOf(await read("/e/two/commands"))).toEqual(commandsOf(wanted[1] as string));
  await read("/e/two/set/emu/E001?rsoc=1");
  expect(await read("/e/one/get/log")).toBe(wanted[0]);
});

test("Y15: a wrong backup is refused with its line, and changes nothing; strangers neither read nor restore", async () => {
  await hosted.createCommunity("kept", "open");
  const before = await read("/e/kept/get/log");
  const wrong = {
    method: "POST",
    headers: lines,
    body: '{"format":"apis-emulator backup","version":2}\n["unit",{}]\n',
  };
  const refused = await hosted.get(`${api}/kept/restore`, wrong);
  expect(outcomeOf(refused)).toEqual([400, "invalid_parameter"]);
  expect(refused.text).toContain("Line 2");
  expect(outcomeOf(await hosted.get(`${api}/none/restore`, wrong))).toEqual([404, "not_found"]);
  expect(outcomeOf(await hosted.get(`${api}/kept/restore`, { ...wrong, headers: {} }))[0]).toBe(401);
  expect(outcomeOf(await hosted.get(`${api}/kept/backup`))[0]).toBe(401);
  expect(await read("/e/kept/get/log")).toBe(before);
});

test("Y15: a backup of more units than the community may have is refused, and changes nothing", async () => {
  for (const name of ["large", "small"]) await hosted.createCommunity(name, "open");
  await read("/e/large/restart?units=5");
  await read("/e/small/restart?units=2");
  const limits = { method: "POST", headers: json, body: JSON.stringify({ units: 4 }) };
  expect(outcomeOf(await hosted.get(`${api}/small/limits`, limits))).toEqual([200, undefined]);
  const { text: body } = await hosted.get(`${api}/large/backup`, { headers: asAdmin });
  const before = await read("/e/small/get/log");
  const refused = await hosted.get(`${api}/small/restore`, { method: "POST", headers: lines, body });
  expect(outcomeOf(refused)).toEqual([400, "invalid_parameter"]);
  expect(refused.text).toContain("The backup has 5 units; allowed: 4");
  expect(await read("/e/small/get/log")).toBe(before);
});

test("Y15: where the platform keeps no earlier states, going back is refused, and a wrong time is named", async () => {
  await hosted.createCommunity("now", "open");
  const rewind = (to: unknown) =>
    hosted.get(`${api}/now/rewind`, { method: "POST", headers: json, body: JSON.stringify({ to }) });
  expect(outcomeOf(await rewind("2026-01-31T12:00:00Z"))).toEqual([409, "conflict"]);
  expect(outcomeOf(await rewind("yesterday"))).toEqual([400, "invalid_parameter"]);
  expect((await hosted.get("/e/now/get/acc")).status).toBe(200);
});
