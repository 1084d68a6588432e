import { expect, test } from "vitest";
import { createTestEmulator } from "../support/emulators.ts";

const homes = { default: {}, homes: [1, 2].map(() => ({ converter: { currentLimitA: 5 } })) };

test("S45: two units share over HTTP, vg tells the voltage and drg is echoed as sent, an eviction changes nothing", async () => {
  const tested = createTestEmulator({ busModel: "droop", homes, acceleration: 121 });
  const get = async (path: string) => (await tested.get(path)).json();
  expect((await get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2&drg=2")).vdis).toEqual({ dvg: 350, drg: 2 });
  await get("/set/dcdc/E002?mode=0x0014&dvg=350&dig=2&drg=4");
  expect((await get("/set/dcdc/E003?mode=0x0041&dvg=350&dig=3")).meter).toMatchObject({ vg: 347.2, ig: 3 });
  tested.evict();
  const { E001, E002 } = await get("/get/log");
  expect([E001.dcdc.meter, E002.dcdc.meter]).toMatchObject([
    { vg: 347.2, ig: -2 },
    { vg: 347.2, ig: -1 },
  ]);
});

test("S45: a droop without a greatest current, or too small a one, is refused by name, by a command and in a step, and changes nothing", async () => {
  const tested = createTestEmulator({ busModel: "droop", homes, acceleration: 0 });
  const refused = await tested.get("/set/dcdc/voltage/E003?dvg=350&drg=0.039");
  expect(refused.status).toBe(400);
  expect((await refused.json()).error).toMatchObject({
    code: "invalid_parameter",
    parameter: "drg",
    message: expect.stringContaining("drg is 0.039; allowed: 0 for E003"),
  });
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ seconds: 1, actions: [{ unit: "E003", set: { drg: 1 } }] });
  const step = await tested.get("/step", { method: "POST", headers, body });
  expect((await step.json()).error).toMatchObject({ parameter: "actions[0].set.drg" });
  expect((await tested.get("/set/dcdc/voltage/E001?dvg=350&drg=0.039")).status).toBe(200);
  expect((await tested.get("/set/dcdc/voltage/E003?dvg=350&drg=0")).status).toBe(200);
  const small = await tested.get("/set/dcdc/voltage/E001?dvg=350&drg=0.009");
  expect(small.status).toBe(400);
  expect((await small.json()).error.message).toContain("drg is 0.009; allowed: 0 or 0.01 to 100");
});
