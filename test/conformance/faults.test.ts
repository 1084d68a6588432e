import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type FaultKind, faultKindNames } from "../../src/input/faults/kinds.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { countOf } from "../support/counts.ts";
import { startLocalServer } from "../support/local-server.ts";
import { ClientFailure, HttpClient } from "./http-client.ts";
import { passTimeBySteps } from "./quick-time.ts";
import { activate, rampUp } from "./reference-steps.ts";
import { seededChoice } from "./seeded-choice.ts";
import { readLiveBus, type Session, settle } from "./session.ts";
import { ConformanceError, StepLog } from "./step-log.ts";
import { UnitClient } from "./unit-client.ts";

const reference = "E001";
const ids = [reference, "E002", "E003"];
/** In the place of the five seconds for which apis-main waits. */
const patienceMs = 250;

let server: Awaited<ReturnType<typeof startLocalServer>>;
let http: HttpClient;
let session: Session;

/** A deal runs on a held clock: E002 gives 1 A to E001, which holds the bus. */
beforeAll(async () => {
  server = await startLocalServer({ units: 3, acceleration: 200 });
  http = new HttpClient(server.url, patienceMs);
  await http.getText("/time/hold");
  for (const id of ids) await http.getText(`/set/emu/${id}?rsoc=60`);
  await startDeal();
});

afterEach(async () => {
  for (const { id } of (await http.getObject("/faults")).faults as { id: number }[])
    await http.getText(`/faults/end?id=${id}`);
  await startDeal();
  await readLiveBus(session, reference);
});

afterAll(async () => {
  http?.close();
  await server?.stop();
});

async function startDeal(): Promise<void> {
  for (const id of ids) await http.getText(`/set/dcdc/${id}?mode=0x0000&dvg=350&dig=2&drg=0`);
  session = {
    client: new UnitClient(http, new StepLog()),
    ids,
    pollMs: 5,
    secondsPerPoll: 60,
    passTime: passTimeBySteps(http),
    choose: seededChoice(1),
  };
  await activate(session, reference);
  await rampUp(session, reference);
  await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
}

const poll = () => readLiveBus(session, reference);
const lower = async () => {
  await session.client.setVoltage(reference, { dvg: 340, drg: 0 });
  await settle(session, reference, "vg", 340, 4);
};
const wake = () => session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
const revive = () => session.client.setConverter(reference, { mode: "0x0014", dvg: 350, dig: 2, drg: 0 });
const pollOften = async () => {
  for (let k = 0; k < 20; k++) {
    await session.passTime(60, "run");
    await poll();
  }
};

/** What apis-main does then, and what it finds; `null` where no check of a poll finds it. */
const noticed: readonly [kind: FaultKind, query: string, act: () => Promise<unknown>, finds: RegExp][] = [
  ["trip", "unit=E002", poll, /E002 in 0x0002/],
  ["trip", "unit=E001", poll, /E001 in 0x0014/],
  ["trip", "unit=E003&alarm=heavy&number=8010 0000 0000", poll, /alarmState/],
  ["trip", "unit=E002&alarm=heavy", () => session.client.setCurrent("E002", 1).then(poll), /alarmState/],
  ["trip", "unit=E002&for=60", wake, /E002\?.*status echoed as "0x0002"/],
  ["busCollapse", "for=30", poll, /E001 in 0x0014/],
  ["busCollapse", "", revive, /status echoed as "0x0014"/],
  ["ignoreCommands", "", lower, /dvg echoed as 340/],
  ["ignoreCommands", "path=/set/dcdc/current", () => session.client.setCurrent("E002", 2), /dig echoed as 2/],
  ["late", "ms=400&unit=E002", poll, /GET \/get\/unit\/E002 failed 3 times: no answer in 250 ms/],
  ["noAnswer", "ms=20&unit=E002", poll, /GET \/get\/unit\/E002 failed 3 times/],
  [
    "noAnswer",
    "ms=400&unit=E002&path=/get/dcdc/status",
    () => session.client.getStatus("E002"),
    /no answer in/,
  ],
  ["httpStatus", "status=503&unit=E003", poll, /GET \/get\/unit\/E003 failed 3 times: status 503/],
  ["httpStatus", "status=404&path=/set/dcdc/voltage", lower, /status 404/],
  ["meterStuck", "meter=vg", lower, /vg of E001 within 340 ± 4/],
  ["meterStuck", "meter=ig&value=0&unit=E002", poll, /ig of E002 = -1 ± 0.125/],
  ["meterStuck", "meter=vg&value=100", poll, /vg of E001 = dvg 350 ± 4 V/],
  ["meterOffset", "meter=vg&offset=-20&unit=E001", poll, /vg of E001 = dvg 350 ± 4 V/],
  ["meterOffset", "meter=ig&offset=0.5&unit=E001", poll, /currents that sum to 0/],
  ["meterOffset", "meter=vb&offset=-20&unit=E003", poll, /meter\.vb >=32/],
  ["meterOffset", "meter=ib&offset=30&unit=E003", poll, /meter\.ib <=20/],
  ["meterOffset", "meter=tmp&offset=30&unit=E003", poll, /meter\.tmp <=45/],
  ["meterNoisy", "meter=ig&deviation=0.4&unit=E002&seed=3", pollOften, /ig of E002|sum to 0/],
  ["meterNoisy", "meter=vg&deviation=6&unit=E001", pollOften, /vg of E001 = dvg 350/],
  ["batteryStatus", "unit=E002", poll, /battery_operation_status/],
  ["overTemperature", "unit=E002", poll, /meter\.tmp <=45/],
];

/** One of each kind, or all of them. */
const tried = noticed.slice(0, countOf(noticed.length, 0));
if (tried.length === 0)
  for (const kind of faultKindNames) tried.push(...noticed.filter(([of]) => of === kind).slice(0, 1));

test.each(tried)("C31: apis-main notices %s %s", async (kind, query, act, finds) => {
  await http.getText(`/faults/add?kind=${kind}&${query}`);
  const error = await act().catch((thrown: unknown) => thrown);
  expect(error instanceof ConformanceError || error instanceof ClientFailure, String(error)).toBe(true);
  expect(String(error)).toMatch(finds);
});

test("C31: every kind of fault is among these", () => {
  expect([...new Set(noticed.map(([kind]) => kind))].toSorted()).toEqual(faultKindNames.toSorted());
});

test("C32: a charge that is told wrongly stops a deal, as apis-main stops it", async () => {
  await http.getText("/faults/add?kind=meterStuck&meter=rsoc&value=19&unit=E002");
  const readings = await poll();
  expect(readings.map(({ emu }) => emu.rsoc)).toEqual([expect.any(Number), 19, expect.any(Number)]);
  expect(readings.find(({ oesunit }) => oesunit.id === "E002")?.emu.rsoc).toBeLessThan(20);
});

test("A62: what a meter told that got stuck while nobody looked is found by the local server too", async () => {
  const { timeS } = await http.getObject("/time");
  const at = (timeS as number) + 100.5;
  await http.getText(`/faults/add?kind=meterStuck&meter=rsoc&unit=E002&at=${at}`);
  await http.getText("/time/step?seconds=3600");
  const truth = async () => ((await http.getObject("/get/log")).E002 as UnitJson).emu.rsoc;
  const told = async () => ((await http.getObject("/get/unit/E002")) as unknown as UnitJson).emu.rsoc;
  const stuck = await told();
  expect(stuck).toBeGreaterThan(await truth());
  await http.getText("/set/emu/E002?rsoc=60");
  expect(await told()).toBe(stuck);
});

test("C33: an answer of one unit that is late or lost keeps no other waiting, nor its own to other paths", async () => {
  await http.getText("/faults/add?kind=late&ms=800&unit=E002&path=/get/unit");
  await http.getText("/faults/add?kind=noAnswer&ms=800&unit=E003&path=/get/unit");
  const patient = new HttpClient(server.url, 10_000);
  const done: string[] = [];
  const note = (name: string) => () => done.push(name);
  const late = patient.getObject("/get/unit/E002").then(note("late"));
  const lost = fetch(`${server.url}/get/unit/E003`)
    .then((response) => response.text())
    .catch(note("lost"));
  for (let k = 0; k < 20; k++) {
    await session.client.getUnit(reference);
    await session.client.getStatus("E002");
    await session.client.setCurrent("E003", 1);
  }
  done.push("others");
  await Promise.all([late, lost]);
  expect(done[0]).toBe("others");
  expect(done.slice(1).toSorted()).toEqual(["late", "lost"]);
  patient.close();
});
