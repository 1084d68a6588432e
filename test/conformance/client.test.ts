import { afterEach, describe, expect, test } from "vitest";
import { runDeal } from "./deal.ts";
import { type Defects, FakeEmulator } from "./fake-emulator.ts";
import { enterAndLeave, handOver } from "./hand-over.ts";
import { ClientFailure, HttpClient } from "./http-client.ts";
import { doubleText, droopText, floatText } from "./number-text.ts";
import { activate, rampUp } from "./reference-steps.ts";
import { scram } from "./scram.ts";
import { seededChoice } from "./seeded-choice.ts";
import type { Session } from "./session.ts";
import { ConformanceError, StepLog } from "./step-log.ts";
import { UnitClient } from "./unit-client.ts";

const ids = ["E001", "E002", "E003", "E004"];
const deal = { charging: "E001", discharging: "E002", currentA: 2.3, energyWh: 50 };
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function startSession(defects: Defects = {}): Promise<{ fake: FakeEmulator; session: Session }> {
  const fake = new FakeEmulator(defects);
  const http = new HttpClient(await fake.listen(), 200);
  cleanUps.push(
    () => http.close(),
    () => fake.stop(),
  );
  const passTime = async (seconds: number) => {
    fake.timeS += seconds;
  };
  const client = new UnitClient(http, new StepLog());
  const session = { client, ids, pollMs: 1, secondsPerPoll: 5, passTime, choose: seededChoice(1) };
  return { fake, session };
}

async function failureOf(defects: Defects, setUp: Partial<Session> = {}): Promise<unknown> {
  const { session } = await startSession(defects);
  return runDeal({ ...session, ...setUp }, deal).catch((error: unknown) => error);
}

/** Replaces `text` by `other` in the replies to requests that start with `path`. */
function replacing(path: string, text: string | RegExp, other: string): Defects {
  return { rewrite: (request, body) => (request.startsWith(path) ? body.replace(text, other) : body) };
}

describe("a faithful emulator", () => {
  test("passes a whole deal", async () => {
    const { fake, session } = await startSession();
    const steps = await runDeal(session, deal);
    expect(steps.map(({ step }) => step)).toEqual([
      "activate",
      "ramp up",
      "authorise",
      "warm up",
      "compensate",
      "run",
      "stop discharging",
      "stop reference",
    ]);
    expect(steps[1]?.measured).toEqual({ firstVg: 0, vg: 350, seconds: 120 });
    expect(steps[5]?.measured.energyWh).toBeCloseTo(51, 0);
    expect(fake.requests).toContain("/set/dcdc/E001?mode=0x0014&dvg=350.0&dig=2.3&drg=0");
    expect(fake.requests.filter((path) => path.startsWith("/set/dcdc/current/E002"))).toEqual([
      "/set/dcdc/current/E002?dig=1.0",
      "/set/dcdc/current/E002?dig=2.0",
      "/set/dcdc/current/E002?dig=2.3",
      "/set/dcdc/current/E002?dig=0.0",
    ]);
  });

  test("passes hand-overs and a scram", async () => {
    const { session } = await startSession();
    await startBus(session);
    await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
    await enterAndLeave(session, "E001", "E003");
    await handOver(session, { from: "E001", to: "E003", leaveAs: "charging" });
    await handOver(session, { from: "E003", to: "E004", leaveAs: "discharging" });
    const steps = await handOver(session, { from: "E004", to: "E001", leaveAs: "waiting" });
    expect(steps.at(-1)?.measured).toEqual({ E001: 2, E002: -1, E003: -1, E004: 0 });
    await scram(session, "E001", 1);
  });
});

async function startBus(session: Session): Promise<void> {
  await activate(session, "E001");
  await rampUp(session, "E001");
}

describe("the transport gives up after three attempts at once", () => {
  const broken: [string, Defects, RegExp][] = [
    ["NaN", replacing("/get/unit", /"tmp":[\d.]+/, '"tmp":NaN'), /not JSON/],
    ["an array", { rewrite: () => "[]" }, /not a JSON object/],
    ["status 500", answering(500), /status 500/],
    ["a redirect", answering(302), /status 302/],
    ["a hang", { takeOver: () => true }, /no answer in 200 ms/],
  ];
  test.each(broken)("on %s", async (_, defects, message) => {
    const { fake, session } = await startSession(defects);
    const error = await session.client.getUnit("E001").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ClientFailure);
    expect((error as Error).message).toMatch(/^GET \/get\/unit\/E001 failed 3 times/);
    expect((error as Error).message).toMatch(message);
    expect(fake.requests).toHaveLength(3);
  });

  test("but not on a single failure", async () => {
    let failures = 0;
    const takeOver: Defects["takeOver"] = (_, response) => {
      if (failures++ > 1) return false;
      response.destroy();
      return true;
    };
    const { session } = await startSession({ takeOver });
    expect((await session.client.getUnit("E001")).oesunit.id).toBe("E001");
  });
});

function answering(status: number): Defects {
  return {
    takeOver: (_, response) => {
      response.writeHead(status, { location: "/" }).end("{}");
      return true;
    },
  };
}

describe("a reply that apis-main could not read", () => {
  const unreadable: [string, Defects, RegExp][] = [
    ["text for a number", replacing("/get/unit", /"vg":[\d.]+/, '"vg":"0.0"'), /dcdc\.meter\.vg number/],
    ["a missing field", replacing("/get/unit", /"rsoc":[\d.]+,/, ""), /emu\.rsoc/],
    [
      "a fault of the battery",
      replacing("/get/unit", '"rsoc"', '"battery_operation_status":0,"rsoc"'),
      /battery_op/,
    ],
    ["a reading out of range", replacing("/get/unit", /"tmp":[\d.]+/, '"tmp":45.1'), /tmp <=45/],
    ["a heavy alarm", replacing("/get/unit", "Light alarm", "Heavy alarm"), /alarmState/],
    ["an unknown mode", replacing("/get/unit", "0x0000", "0x0001"), /status\.status/],
    ["a word for another mode", replacing("/get/unit", '"Waiting"', '"Grid Autonomy"'), /operationMode/],
    ["a time in another format", replacing("/get/unit", "2020/01/01-", "2020-01-01T"), /time/],
    ["a time that does not exist", replacing("/get/unit", "2020/01/01", "2020/13/01"), /time/],
    [
      "a key too many",
      replacing("/set/dcdc/voltage", '"vdis"', '"param":{"dig":2.3},"vdis"'),
      /authorise.*param/,
    ],
    ["a key too few", replacing("/set/dcdc/current", /,"param".*\}\}/, "}"), /warm up.*param/],
    [
      "voltage echoed in whole volts",
      replacing("/set/dcdc/E002", '"dvg":380', '"dvg":379.98'),
      /dvg echoed as 380/,
    ],
    ["current echoed rounded", replacing("/set/dcdc/current", '"dig":2.3', '"dig":2'), /dig echoed as 2.3/],
    ["mode echoed late", replacing("/set/dcdc/E001", /0x0014(.*)Grid Autonomy/, "0x0000$1Waiting"), /0x0014/],
  ];
  test.each(unreadable)("is noticed: %s", async (_, defects, message) => {
    const error = await failureOf(defects);
    expect(error).toBeInstanceOf(ConformanceError);
    expect((error as Error).message).toMatch(message);
  });
});

describe("a deal that apis-main would break off", () => {
  const broken: [string, string, Defects, Partial<Session>?][] = [
    ["a ramp that never comes", "ramp up", { rampS: 1e9 }],
    ["a ramp of more than 180 s", "ramp up", { rampS: 200 }],
    ["time that stands still", "ramp up", {}, { passTime: async () => {} }],
    ["a voltage step of 3 s", "authorise", { voltageDelayMs: 3000 }, { pollMs: 100 }],
    [
      "a current that cannot be trimmed",
      "compensate",
      replacing("/get/dcdc/status/E001", /"ig":[\d.]+/, '"ig":2.34'),
    ],
    ["a bus alive before the deal", "activate", replacing("/get/unit", '"vg":0', '"vg":350')],
    ["a bus that stays alive", "stop reference", stayingAlive()],
    ["an empty battery", "run", replacing("/get/unit/E002", /"rsoc":[\d.]+/, '"rsoc":19.9')],
    ["a full battery", "run", replacing("/get/unit/E001", /"rsoc":[\d.]+/, '"rsoc":95.1')],
  ];
  test.each(broken)("is noticed: %s (%s)", async (_, step, defects, setUp) => {
    const error = await failureOf(defects, setUp);
    expect(error).toBeInstanceOf(ConformanceError);
    expect((error as ConformanceError).step).toBe(step);
  });

  test("is noticed: currents that do not sum to zero", async () => {
    const { session } = await startSession({ surplusA: 0.6 });
    const failure = runDeal(session, { ...deal, currentA: 1 });
    await expect(failure).rejects.toThrow(/^run: expected currents that sum to 0 ± 0.5 A/);
  });

  test("is noticed: the reference stays with the unit that entered first", async () => {
    const { session } = await startSession({ firstIsReference: true });
    await startBus(session);
    await session.client.setConverter("E002", { mode: "0x0002", dvg: 380, dig: 1, drg: 0 });
    const failure = handOver(session, { from: "E001", to: "E003", leaveAs: "waiting" });
    await expect(failure).rejects.toThrow(/^enter: expected ig of E001 = 0/);
  });

  test("is noticed: a unit that ignores the scram", async () => {
    const { session } = await startSession(
      replacing("/get/unit/E002", /0x0000(.*)Waiting/, "0x0014$1Grid Autonomy"),
    );
    await expect(scram(session, "E001", 1)).rejects.toThrow(/^scram: expected E002 in 0x0000/);
  });
});

function stayingAlive(): Defects {
  let isStopped = false;
  return {
    rewrite: (path, body) => {
      isStopped ||= path.startsWith("/set/dcdc/E001?mode=0x0000");
      return isStopped ? body.replace('"vg":0', '"vg":349') : body;
    },
  };
}

test("numbers are written as Java writes them", () => {
  const floats = [350, 1.3 - 1, Math.fround(1.3) - 1, 1e-4, -0, 0, 0.039, 2.3, 1e7, 12345678, 0.001];
  expect(floats.map(floatText).join(" ")).toBe(
    "350.0 0.3 0.29999995 1.0E-4 -0.0 0.0 0.039 2.3 1.0E7 1.2345678E7 0.001",
  );
  const doubles = [350, 0.1 + 0.2, 1.5e-4, -0, 1e7];
  expect(doubles.map(doubleText).join(" ")).toBe("350.0 0.30000000000000004 1.5E-4 -0.0 1.0E7");
  expect([0, 0.039].map(droopText)).toEqual(["0", "0.039"]);
});
