import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalServer } from "../support/local-server.ts";
import { runDeal } from "./deal.ts";
import { HttpClient } from "./http-client.ts";
import { passTimeBySteps } from "./quick-time.ts";
import { scram } from "./scram.ts";
import { seededChoice } from "./seeded-choice.ts";
import type { Session } from "./session.ts";
import { ConformanceError, StepLog } from "./step-log.ts";
import { UnitClient } from "./unit-client.ts";

const ids = ["E001", "E002", "E003"];

let server: Awaited<ReturnType<typeof startLocalServer>>;
let http: HttpClient;
beforeAll(async () => {
  server = await startLocalServer({ units: 3, acceleration: 200, args: ["--set", "protection=on"] });
  http = new HttpClient(server.url);
  await http.getText("/time/hold");
});
afterAll(async () => {
  http?.close();
  await server?.stop();
});

/** A deal of 1 A from E002 to E001; in its run `byHand` is commanded to a home. */
async function deal(byHand: string | null): Promise<Session> {
  for (const id of ids) await http.getText(`/set/emu/${id}?rsoc=60`);
  const passTime = passTimeBySteps(http);
  let polls = 0;
  const session: Session = {
    client: new UnitClient(http, new StepLog()),
    ids,
    pollMs: 5,
    secondsPerPoll: 60,
    async passTime(seconds, step) {
      if (byHand !== null && step === "run" && ++polls === 3) await http.getText(byHand);
      await passTime(seconds, step);
    },
    choose: seededChoice(1),
  };
  await runDeal(session, { charging: "E001", discharging: "E002", currentA: 1, energyWh: 50 });
  return session;
}

const statusOf = async (id: string) =>
  ((await http.getObject("/get/log"))[id] as { dcdc: { status: Record<string, string> } }).dcdc.status;

test("C10: with protection a deal of homes that can give and take passes every check of apis-main", async () => {
  expect((await deal(null)).client.log.steps.length).toBeGreaterThan(6);
});

test.each([
  ["a home that gives becomes empty", "/set/emu/E002?rsoc=0", "E002"],
  ["a home that takes becomes full", "/set/emu/E001?rsoc=100&ups_output_power=0", "E001"],
])("C10: apis-main notices where %s in a deal, and its scram is answered", async (_, byHand, tripped) => {
  const failed = await deal(byHand).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ConformanceError);
  expect((failed as ConformanceError).step).toBe("run");
  expect(await statusOf(tripped)).toMatchObject({
    operationMode: "Waiting",
    alarmState: "Light alarm",
    alarm: expect.stringMatching(/^900[12] 0000 0000$/),
  });
  const session: Session = {
    client: new UnitClient(http, new StepLog()),
    ids,
    pollMs: 5,
    secondsPerPoll: 60,
    passTime: passTimeBySteps(http),
    choose: seededChoice(1),
  };
  await scram(session, "E001", 10);
  // The mode that the scram sends ends the alarm.
  expect((await statusOf(tripped)).alarm).toBe("4010 0080 0000");
});
