import { afterAll, beforeAll, expect, test } from "vitest";
import { samples, textOf } from "../input/import-samples.ts";
import { adminSecret, bearer, type HostedServer, outcomeOf, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
beforeAll(async () => {
  hosted = await startHostedServer();
});
afterAll(() => hosted?.stop());

const api = "/admin/api/communities";
const asAdmin = bearer(adminSecret);
const json = { ...asAdmin, "content-type": "application/json" };
const textFor = (name: string) =>
  textOf(samples.find(({ layout }) => layout === name) as (typeof samples)[number]);
const boundary = "end-of-part";
const form = `${["days", "epw"]
  .map(
    (name) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}.csv"\r\n\r\n${textFor(name)}\r\n`,
  )
  .join("")}--${boundary}--\r\n`;
const put = (name: string, headers: Record<string, string> = {}) =>
  hosted.get(`/e/${name}/data`, {
    method: "PUT",
    headers: { "content-type": `multipart/form-data; boundary=${boundary}`, ...headers },
    body: form,
  });
const list = async (name: string) => JSON.parse((await hosted.get(`/e/${name}/data`)).text).data;

test("I47: data of its own go with a branch, a backup and a restore, and are gone with their community", async () => {
  await hosted.createCommunity("own", "open");
  const { id } = JSON.parse((await put("own")).text);
  await hosted.get("/e/own/time/step?seconds=5000");
  expect(outcomeOf(await hosted.get(`/e/own/data/use?id=${id}`))).toEqual([200, undefined]);
  await hosted.get("/e/own/time/step?seconds=50000");
  const told = (await hosted.get("/e/own/get/log")).text;
  expect(await list("own")).toMatchObject([{ id, used: "now", homes: 2 }]);
  const branch = { method: "POST", headers: json, body: '{"name":"twig"}' };
  expect(outcomeOf(await hosted.get(`${api}/own/branch`, branch))).toEqual([201, undefined]);
  await hosted.administer("POST", "/twig/policy", { policy: "open" });
  expect([await list("twig"), (await hosted.get("/e/twig/get/log")).text]).toEqual([await list("own"), told]);
  const { text: body } = await hosted.get(`${api}/own/backup`, { headers: asAdmin });
  await hosted.createCommunity("again", "open");
  const lines = { ...asAdmin, "content-type": "application/x-ndjson" };
  const restored = await hosted.get(`${api}/again/restore`, { method: "POST", headers: lines, body });
  expect(outcomeOf(restored), restored.text).toEqual([200, undefined]);
  expect(
    (await hosted.get("/e/again/get/log")).text,
    (await hosted.get("/e/again/log?level=ERROR")).text,
  ).toBe(told);
  expect((await hosted.get(`/e/again/data/report?id=${id}`)).text).toBe(
    (await hosted.get(`/e/own/data/report?id=${id}`)).text,
  );
  await hosted.administer("DELETE", "/own");
  await hosted.createCommunity("own", "open");
  expect(await list("own")).toEqual([]);
  expect(await list("twig")).toMatchObject([{ id, used: "now" }]);
});

test("I47: whoever may only look cannot bring data, and what is beyond dataBytes is refused by its name", async () => {
  await hosted.createCommunity("seen", "read-open");
  expect(outcomeOf(await put("seen"))[0]).toBe(401);
  await hosted.createCommunity("small", "open");
  await hosted.administer("POST", "/small/limits", { dataBytes: 1000 });
  const refused = await put("small");
  expect(outcomeOf(refused)).toEqual([413, "too_large"]);
  expect(refused.text).toContain("allowed: 1000 bytes of data in all (dataBytes)");
  expect(await list("small")).toEqual([]);
});

test("Y9: data that are deleted, and a backup, make room for commands at once", async () => {
  await hosted.createCommunity("narrow", "open");
  const bytes = async () =>
    Number(/^apis_storage_bytes (\d+)$/m.exec((await hosted.get("/e/narrow/metrics")).text)?.[1]);
  const { text: small } = await hosted.get(`${api}/narrow/backup`, { headers: asAdmin });
  const before = await bytes();
  const row = (step: number) => `${new Date(1.6e12 + step * 900_000).toISOString().slice(0, 16)},0.1,0.2,0.3`;
  const body = `time,a,b,c\n${Array.from({ length: 35_040 }, (_, step) => row(step)).join("\n")}\n`;
  const bring = async () =>
    JSON.parse((await hosted.get("/e/narrow/data?name=load.csv", { method: "PUT", body })).text).id;
  const command = async () => outcomeOf(await hosted.get("/e/narrow/set/acc/3"));
  await bring();
  expect(await bytes()).toBeGreaterThan(before + 300_000);
  await hosted.administer("POST", "/narrow/limits", { storageBytes: before + 200_000 });
  expect(await command()).toEqual([409, "conflict"]);
  const lines = { ...asAdmin, "content-type": "application/x-ndjson" };
  const restored = await hosted.get(`${api}/narrow/restore`, { method: "POST", headers: lines, body: small });
  expect(outcomeOf(restored), restored.text).toEqual([200, undefined]);
  expect(await command()).toEqual([200, undefined]);
  const id = await bring();
  expect(await command()).toEqual([409, "conflict"]);
  expect(outcomeOf(await hosted.get(`/e/narrow/data/delete?id=${id}`))).toEqual([200, undefined]);
  expect(await command()).toEqual([200, undefined]);
});

test("I42: others are served while an upload is read, and nothing of what runs is another", async () => {
  await hosted.createCommunity("busy", "open");
  const steps = 20_000;
  const rows = Array.from({ length: steps }, (_, step) => {
    const moment = new Date(Date.UTC(2021, 0, 1) + step * 900_000).toISOString().slice(0, 16);
    return `${moment},${Array.from({ length: 20 }, (_, home) => ((step + home) % 9) / 10).join(",")}`;
  });
  const body = `time,${Array.from({ length: 20 }, (_, home) => `home ${home}`).join(",")}\n${rows.join("\n")}\n`;
  const before = (await hosted.get("/e/busy/get/log")).text;
  let isDone = false;
  const sent = hosted.get("/e/busy/data?name=load.csv", { method: "PUT", body }).finally(() => {
    isDone = true;
  });
  let served = 0;
  while (!isDone) {
    const { status, text } = await hosted.get("/e/busy/get/log");
    expect([status, text]).toEqual([200, before]);
    served++;
  }
  expect((await sent).status).toBe(200);
  expect(served).toBeGreaterThan(3);
  expect(await list("busy")).toMatchObject([{ homes: 20, used: "never" }]);
});
