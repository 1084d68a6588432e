import { afterAll, beforeAll, expect, test } from "vitest";
import { adminSecret, bearer, type HostedServer, outcomeOf, startHostedServer } from "./hosted-server.ts";

let hosted: HostedServer;
beforeAll(async () => {
  hosted = await startHostedServer();
});
afterAll(() => hosted?.stop());

const api = "/admin/api/communities";
const headers = { ...bearer(adminSecret), "content-type": "application/json" };
const read = async (path: string) => (await hosted.get(path)).text;
const branch = (of: string, body: object) =>
  hosted.get(`${api}/${of}/branch`, { method: "POST", headers, body: JSON.stringify(body) });
const open = (name: string) =>
  hosted.get(`${api}/${name}/policy`, { method: "POST", headers, body: '{"policy":"open"}' });

async function tell(name: string): Promise<unknown[]> {
  const paths = [
    "/get/log",
    "/homes",
    "/faults",
    "/get/unit/E002",
    "/history?resolution=3600",
    "/data/output/indivLog.csv",
    "/data/output/summary.csv",
  ];
  return Promise.all(paths.map((path) => read(`/e/${name}${path}`)));
}

const further = [
  "/time/step?seconds=40000",
  "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1",
  "/time/until?event=dayEnd",
  "/set/emu/E001?rsoc=33",
  "/set/home/E001?battery.capacityWh=7000",
  "/time/step?seconds=5000",
];

async function goOn(name: string): Promise<unknown[]> {
  for (const path of further) expect((await hosted.get(`/e/${name}${path}`)).status, path).toBe(200);
  return tell(name);
}

test("Y22: a branch goes on to the bit as the community does, from its present and from a snapshot; each by itself", async () => {
  await hosted.createCommunity("trunk", "open");
  for (const path of [
    "/time/step?seconds=90000",
    "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
    "/set/home/E002?battery.capacityWh=9000",
    "/faults/add?kind=meterNoisy&unit=E002&meter=vg&deviation=2",
    "/faults/add?kind=trip&unit=E002&alarm=heavy&number=4010%200080%200000&at=120000.5&for=3000",
    "/snapshots/keep?name=fork",
    "/time/step?seconds=1000",
    "/faults/add?kind=batteryStatus",
  ])
    await hosted.get(`/e/trunk${path}`);
  await hosted.get("/e/trunk/snapshots/restore?name=fork");
  const present = await tell("trunk");
  const made = await branch("trunk", { name: "left" });
  expect(outcomeOf(made)).toEqual([201, undefined]);
  expect(JSON.parse(made.text)).toMatchObject({ name: "left", keys: [], limits: {} });
  await open("left");
  expect(await tell("left")).toEqual(present);
  const told = await goOn("trunk");
  expect(await tell("left")).toEqual(present);
  expect(await goOn("left")).toEqual(told);
  expect(outcomeOf(await branch("trunk", { name: "right", snapshot: "fork" }))).toEqual([201, undefined]);
  await open("right");
  expect(await tell("right")).toEqual(present);
  expect(await goOn("right")).toEqual(told);
  const { run } = JSON.parse(await read("/e/right/commands"));
  expect(run.branchOf).toMatchObject({ community: "trunk", timeS: 90_000 });
  expect(await read("/e/left/log")).toContain("This community is a branch of trunk from here on");
});

test("Y22: a branch keeps what Save All kept, from its present and from a snapshot, and so does a branch of it", async () => {
  await hosted.createCommunity("saved", "open");
  const chargeOf = (log: string) => JSON.parse(log).E001.emu.rsoc;
  for (const path of ["/set/emu/E001?rsoc=77", "/save", "/set/emu/E001?rsoc=20", "/snapshots/keep?name=low"])
    await hosted.get(`/e/saved${path}`);
  for (const [of, body] of [
    ["saved", { name: "heir" }],
    ["heir", { name: "grandheir" }],
    ["saved", { name: "lowheir", snapshot: "low" }],
    ["lowheir", { name: "lowgrandheir" }],
  ] as const) {
    expect(outcomeOf(await branch(of, body))).toEqual([201, undefined]);
    await open(body.name);
  }
  for (const name of ["grandheir", "lowgrandheir", "heir", "lowheir", "saved"]) {
    expect(chargeOf(await read(`/e/${name}/get/log`)), name).toBe(20);
    expect(chargeOf(await read(`/e/${name}/get/last`)), name).toBe(77);
  }
});

test("Y22: a branch that cannot be made is refused by name, and leaves nothing behind", async () => {
  await hosted.createCommunity("stem", "open");
  expect(outcomeOf(await branch("none", { name: "a" }))).toEqual([404, "not_found"]);
  expect(outcomeOf(await branch("stem", { name: "stem" }))).toEqual([409, "conflict"]);
  expect(outcomeOf(await branch("stem", { name: "a b" }))).toEqual([400, "invalid_parameter"]);
  expect(outcomeOf(await branch("stem", { name: "a", snapshot: "none" }))).toEqual([404, "not_found"]);
  expect(outcomeOf(await hosted.get(`${api}/a`, { headers }))).toEqual([404, "not_found"]);
  const stranger = { method: "POST", headers: { "content-type": "application/json" }, body: '{"name":"a"}' };
  expect(outcomeOf(await hosted.get(`${api}/stem/branch`, stranger))).toEqual([401, "unauthorized"]);
});

test("Y22: a snapshot of another run begins a branch, which goes on to the bit as that run did", async () => {
  await hosted.createCommunity("old", "open");
  for (const path of [
    "/time/step?seconds=90000",
    "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2",
    "/snapshots/keep?name=then",
  ])
    await hosted.get(`/e/old${path}`);
  const chargesOf = async (name: string) => {
    const { units } = JSON.parse(await read(`/e/${name}/state`));
    const log = JSON.parse(await read(`/e/${name}/get/log`));
    return [units, log.E001.time, log.E001.emu];
  };
  const now = await chargesOf("old");
  for (const path of further) await hosted.get(`/e/old${path}`);
  const later = await chargesOf("old");
  await hosted.get("/e/old/time/start?at=2020-01-01");
  expect((await hosted.get("/e/old/snapshots/restore?name=then")).status).toBe(409);
  expect(outcomeOf(await branch("old", { name: "again", snapshot: "then" }))).toEqual([201, undefined]);
  await open("again");
  expect(await chargesOf("again")).toEqual(now);
  for (const path of further) await hosted.get(`/e/again${path}`);
  expect(await chargesOf("again")).toEqual(later);
  expect(JSON.parse(await read("/e/again/summary")).rows).toHaveLength(1);
  expect((await hosted.get("/e/again/data/output/indivLog.csv")).status).toBe(200);
});

test("Y22: a snapshot is uploaded as it was downloaded, and begins a branch elsewhere; a wrong one is refused by name", async () => {
  for (const name of ["from", "to"]) await hosted.createCommunity(name, "open");
  await hosted.get("/e/from/time/step?seconds=50000");
  await hosted.get("/e/from/set/emu/E001?rsoc=77");
  await hosted.get("/e/from/snapshots/keep?name=gift");
  const file = await read("/e/from/snapshots/file?name=gift");
  const upload = (body: string) =>
    hosted.get("/e/to/snapshots/upload", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  const { snapshots } = JSON.parse((await upload(file)).text);
  expect(snapshots).toMatchObject([{ name: "gift", timeS: 50_000, reason: "uploaded", restorable: false }]);
  expect(outcomeOf(await upload(file))).toEqual([409, "conflict"]);
  expect((await hosted.get("/e/to/snapshots/restore?name=gift")).status).toBe(409);
  expect(outcomeOf(await branch("to", { name: "given", snapshot: "gift" }))).toEqual([201, undefined]);
  await open("given");
  expect(JSON.parse(await read("/e/given/get/log"))).toEqual(JSON.parse(await read("/e/from/get/log")));
  const json = JSON.parse(file);
  for (const [wrong, parameter] of [
    ["{", "body"],
    ["[]", "format"],
    [JSON.stringify({ ...json, format: "x" }), "format"],
    [JSON.stringify({ ...json, version: 99 }), "snapshot"],
    [JSON.stringify({ ...json, name: "before-x" }), "name"],
    [JSON.stringify({ ...json, name: "x", snapshot: { ...json.snapshot, units: [] } }), "snapshot"],
    [
      JSON.stringify({
        ...json,
        name: "x",
        snapshot: { ...json.snapshot, bus: { ...json.snapshot.bus, autonomyOrder: [1] } },
      }),
      "snapshot",
    ],
  ] as const) {
    const refused = await upload(wrong);
    expect(outcomeOf(refused), wrong.slice(0, 100)).toEqual([400, "invalid_parameter"]);
    expect(JSON.parse(refused.text).error.parameter).toBe(parameter);
  }
});
