import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startLocalServer } from "../support/local-server.ts";
import { runDeal } from "./deal.ts";
import { enterAndLeave, handOver } from "./hand-over.ts";
import { HttpClient } from "./http-client.ts";
import { passTimeBySteps, passTimeQuickly } from "./quick-time.ts";
import { activate, authorise, rampUp } from "./reference-steps.ts";
import { scram } from "./scram.ts";
import { seededChoice } from "./seeded-choice.ts";
import { readAll, readLiveBus, type Session } from "./session.ts";
import { StepLog } from "./step-log.ts";
import { UnitClient } from "./unit-client.ts";
import { readReply } from "./unit-reader.ts";

const ids = ["E001", "E002", "E003", "E004"];
const reference = "E001";
const highestRampAcceleration = 120;

describe.each([1, 10, 200])("at acceleration %i", (acceleration) => {
  let server: Awaited<ReturnType<typeof startLocalServer>>;
  let http: HttpClient;

  beforeAll(async () => {
    server = await startLocalServer({ units: 4, acceleration });
    http = new HttpClient(server.url);
    for (const id of ids) await http.getText(`/set/emu/${id}?rsoc=${id === reference ? 50 : 80}`);
  });

  afterEach(async () => {
    for (const id of ids) await http.getText(`/set/dcdc/${id}?mode=0x0000&dvg=350&dig=2&drg=0`);
  });

  afterAll(async () => {
    http?.close();
    await server?.stop();
  });

  function createSession(): Session {
    return {
      client: new UnitClient(http, new StepLog()),
      ids,
      pollMs: 100,
      secondsPerPoll: 5 * acceleration,
      passTime: passTimeQuickly(http, acceleration),
      choose: seededChoice(acceleration),
    };
  }

  async function startBus(session: Session): Promise<void> {
    await activate(session, reference);
    await rampUp(session, reference);
    await authorise(session, reference);
  }

  test.each([1, 2.3])("C1: a whole deal of %f A passes every check of apis-main", async (currentA) => {
    const deal = { charging: reference, discharging: "E002", currentA, energyWh: 50 };
    const steps = await runDeal(createSession(), deal);
    const measured = Object.fromEntries(steps.map((logged) => [logged.step, logged.measured]));
    expect(measured.compensate).toEqual({ ig: currentA, trims: 0 });
    expect(measured.run?.energyWh).toBeGreaterThanOrEqual(50);
  });

  test("C2: a dead bus is seen to ramp, unless time passes too quickly to see it", async () => {
    const session = createSession();
    await startBus(session);
    const ramp = session.client.log.steps[1]?.measured;
    if (acceleration <= highestRampAcceleration) {
      expect(ramp?.firstVg).toBeLessThan(290);
      expect(ramp?.seconds).toBeGreaterThanOrEqual(110);
    } else {
      expect(ramp?.firstVg).toBe(350);
    }
  });

  test("C3: the voltage reference passes from unit to unit on a live bus", async () => {
    const session = createSession();
    await startBus(session);
    await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
    await enterAndLeave(session, "E001", "E003");
    await handOver(session, { from: "E001", to: "E003", leaveAs: "charging" });
    await handOver(session, { from: "E003", to: "E004", leaveAs: "discharging" });
    const steps = await handOver(session, { from: "E004", to: "E001", leaveAs: "waiting" });
    expect(steps.at(-1)?.measured).toEqual({ E001: 2, E002: -1, E003: -1, E004: 0 });
  });

  test("C4: a scram is answered in a ramp, on a dead bus and with two units in grid autonomy", async () => {
    const session = createSession();
    await activate(session, reference);
    await scram(session, reference, 100);
    await scram(session, reference, 100);
    await startBus(session);
    await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
    await session.client.setConverter("E003", { mode: "0x0014", dvg: 350, dig: 2.3, drg: 0.039 });
    await scram(session, reference, 100);
  });

  test("C5: the number texts of Java are taken, and echoed as the numbers that they are", async () => {
    const { client } = createSession();
    for (const dig of [2.3, Math.fround(1.3) - 1, 1e-4, -0, 1]) await client.setCurrent("E004", dig);
    for (const dvg of [359.98, 350.123456, 350]) await client.setVoltage("E004", { dvg, drg: 0.039 });
    await client.setConverter("E004", { mode: "0x0000", dvg: 349.95, dig: 0.7, drg: 1e-4 });
  });

  test.each([
    ["blank", "/set/dcdc/E004?mode=0x0000&dvg=350&dig=2&drg="],
    ["left out", "/set/dcdc/E004?mode=0x0000&dvg=350&dig=2"],
  ])("C6: drg %s means unchanged", async (_, path) => {
    const { client } = createSession();
    await client.setConverter("E004", { mode: "0x0000", dvg: 349, dig: 1, drg: 0.039 });
    const reply = readReply("set", await http.getObject(path), client.log, path);
    expect(reply).toMatchObject({ vdis: { dvg: 350, drg: 0.039 }, param: { dig: 2 } });
  });

  test("C8: Reset in a deal fails the next check of apis-main, and Remove Unit its next read, as Help says", async () => {
    const session = createSession();
    await startBus(session);
    await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
    await http.getText("/remove/unit");
    await expect(readLiveBus(session, reference)).rejects.toThrow(/E004/);
    await http.getText("/add/unit");
    await readLiveBus(session, reference);
    await http.getText("/restart");
    await expect(readLiveBus(session, reference)).rejects.toThrow(/E001 in 0x0014/);
    const units = Object.keys(await http.getObject("/get/log"));
    expect(units).toHaveLength(6);
    for (const _ of ["E006", "E005"]) await http.getText("/remove/unit");
    for (const id of ids) await http.getText(`/set/emu/${id}?rsoc=${id === reference ? 50 : 80}`);
  });

  test("C9: on a held clock nothing fails and no energy flows; by steps alone a whole deal passes every check", async () => {
    await http.getText("/time/hold");
    const session = { ...createSession(), passTime: passTimeBySteps(http) };
    await runDeal(session, { charging: reference, discharging: "E002", currentA: 1, energyWh: 50 });
    await startBus(session);
    await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
    const first = JSON.stringify(await readLiveBus(session, reference));
    await sleep(1000);
    expect(JSON.stringify(await readLiveBus(session, reference))).toBe(first);
    await session.client.setVoltage(reference, { dvg: 345, drg: 0 });
    const [now] = await readAll(session);
    expect(now?.dcdc.meter.vg).toBe(345);
    await http.getText("/time/run");
  });

  test("C7: the five connections of apis-main are answered at once", async () => {
    const { client } = createSession();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) => client.getStatus(ids[i % 4] as string)),
    );
    expect(replies).toHaveLength(50);
  });
});
