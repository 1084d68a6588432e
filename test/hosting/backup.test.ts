import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
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

test("P8: 12 backups taken beside writing clients all restore, and each is the state of one moment", async () => {
  for (const name of ["busy", "copy"]) await hosted.createCommunity(name, "open");
  await read("/e/busy/restart?units=40");
  let isWriting = true;
  const write = async (client: number) => {
    for (let round = 0; isWriting; round++) {
      await read(`/e/busy/set/emu/E0${10 + client}?rsoc=${round % 100}`);
      if (round % 7 === client) await read(round % 2 === 0 ? "/e/busy/add/unit" : "/e/busy/remove/unit");
    }
  };
  const writers = [0, 1, 2].map(write);
  for (let count = 0; count < 12; count++) {
    const { text: body } = await hosted.get(`${api}/busy/backup`, { headers: asAdmin });
    const restored = await hosted.get(`${api}/copy/restore`, { method: "POST", headers: lines, body });
    expect(outcomeOf(restored), restored.text).toEqual([200, undefined]);
    const again = await hosted.get(`${api}/copy/backup`, { headers: asAdmin });
    expect(again.text).toBe(body);
  }
  isWriting = false;
  await Promise.all(writers);
});

test("P8: a backup of an earlier release restores with a warning", async () => {
  for (const name of ["now-made", "taken-up"]) await hosted.createCommunity(name, "open");
  await read("/e/now-made/set/emu/E001?rsoc=12");
  const { text } = await hosted.get(`${api}/now-made/backup`, { headers: asAdmin });
  const body = text.replace(',"hasEnd":true', "").replace(/\["end".*\n$/, "");
  const restored = await hosted.get(`${api}/taken-up/restore`, { method: "POST", headers: lines, body });
  expect(outcomeOf(restored)).toEqual([200, undefined]);
  expect(JSON.parse(restored.text).warning).toContain("no checksum");
  expect(await read("/e/taken-up/get/log")).toBe(await read("/e/now-made/get/log"));
});

test("P8: a community that cannot be opened says why, and is archived, restored and deleted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "apis-broken-"));
  let broken = await startHostedServer([], folder);
  await broken.createCommunity("broken", "open");
  await broken.get("/e/broken/set/emu/E001?rsoc=77");
  const wanted = (await broken.get("/e/broken/get/log")).text;
  const { text: body } = await broken.get(`${api}/broken/backup`, { headers: asAdmin });
  const breakIt = async () => {
    await broken.stop();
    expect(await breakCommunity(folder)).toBe(1);
    broken = await startHostedServer([], folder);
  };
  try {
    await breakIt();
    const refused = await broken.get("/e/broken/get/log");
    expect(outcomeOf(refused)).toEqual([500, "internal"]);
    expect(refused.text).toContain("This community cannot be opened: ");
    for (const archived of [true, false]) await broken.administer("POST", "/broken/archive", { archived });
    const wrong = { method: "POST", headers: lines, body: body.replace("77", "1e9") };
    expect(outcomeOf(await broken.get(`${api}/broken/restore`, wrong))).toEqual([400, "invalid_parameter"]);
    const restored = await broken.get(`${api}/broken/restore`, { method: "POST", headers: lines, body });
    expect(outcomeOf(restored), restored.text).toEqual([200, undefined]);
    expect((await broken.get("/e/broken/get/log")).text).toBe(wanted);
    await breakIt();
    await broken.administer("DELETE", "/broken");
    await broken.createCommunity("broken", "open");
    expect((await broken.get("/e/broken/get/log")).status).toBe(200);
  } finally {
    await broken.stop();
    await rm(folder, { recursive: true });
  }
});

/** Spoils what is stored of each community whose E001 was set to 77 %. */
async function breakCommunity(folder: string): Promise<number> {
  let count = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(folder, name));
    const has = (query: string) => database.prepare(query).all().length > 0;
    if (
      has("SELECT 1 FROM sqlite_master WHERE name = 'command'") &&
      has("SELECT 1 FROM command WHERE path LIKE '%rsoc=77%'")
    ) {
      database.exec("UPDATE unit SET body = '{'");
      count++;
    }
    database.close();
  }
  return count;
}
