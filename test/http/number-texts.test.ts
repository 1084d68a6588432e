import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ConverterJson } from "../../src/input/units/unit-json.ts";
import { createTestEmulator } from "../support/emulators.ts";
import { ask, readUnit } from "./api.ts";

type SetReply = Pick<ConverterJson, "status" | "vdis"> & { param: { dig: number } };

/** Texts as Java's `Double.toString`, JavaScript and people write them. */
const texts: [string, number][] = [
  ["350.0", 350],
  ["0.29999995", 0.29999995],
  ["1.0E-4", 0.0001],
  ["1.0e-4", 0.0001],
  ["2.5E1", 25],
  ["2.5E+1", 25],
  ["+1.5", 1.5],
  ["0", 0],
  ["-0.0", 0],
  ["-0", 0],
  ["0.039", 0.039],
  [".5", 0.5],
  ["5.", 5],
  ["007", 7],
  ["1.0000000000000002", 1.0000000000000002],
];

describe("numbers as clients write them", () => {
  test.each(texts)("A5: %s is read as a number and echoed as such", async (text, value) => {
    const tested = createTestEmulator();
    const given = encodeURIComponent(text);
    const byVoltage = await ask<SetReply>(tested, `/set/dcdc/voltage/E001?dvg=${given}`);
    expect(byVoltage.vdis.dvg).toBe(value);
    if (value > 100) return;
    const path = `/set/dcdc/E001?mode=0x0041&dvg=${given}&dig=${given}&drg=${given}`;
    const { vdis, param } = await ask<SetReply>(tested, path);
    expect([vdis.dvg, vdis.drg, param.dig]).toEqual([value, value, value]);
  });

  test("A5: a number may be written out at any length that a number can have, and no longer", async () => {
    const tested = createTestEmulator();
    const least = `0.${"0".repeat(323)}5`;
    expect(
      (await ask<{ param: { dig: number } }>(tested, `/set/dcdc/current/E001?dig=${least}`)).param.dig,
    ).toBe(Number(least));
    const paths = ["/set/dcdc/current/E001?dig=", "/set/acc/"];
    for (const path of paths)
      for (const text of [
        "1".repeat(16_000),
        `${"1".repeat(16_000)}x`,
        "0".repeat(60_000),
        `${"1".repeat(60_000)}x`,
      ])
        expect(
          (await tested.get(`${path}${text}`)).status,
          `${path}${text.slice(0, 9)}`,
        ).toBeGreaterThanOrEqual(400);
  });

  test("A5: the text of a reply never holds −0 or an exponent that a client could not read", async () => {
    const tested = createTestEmulator();
    const path = "/set/dcdc/E001?mode=0x0041&dvg=-0.0&dig=-0.0&drg=-0.0";
    const text = await (await tested.get(path)).text();
    expect(text).toContain('"vdis":{"dvg":0,"drg":0}');
    expect(text).toContain('"param":{"dig":0}');
    expect(await (await tested.get("/get/log")).text()).not.toMatch(/:-0[,}]/);
  });

  test.each(["0x0014", "0X0014", "0x0041", "0X0041", "0x0002", "0x0000"])(
    "A5: mode %s is known in either case and answered in lower case",
    async (mode) => {
      const reply = await ask<SetReply>(createTestEmulator(), `/set/dcdc/E001?mode=${mode}&dvg=350&dig=1`);
      expect(reply.status.status).toBe(mode.toLowerCase());
    },
  );

  test("A5: a droop that is blank or left out stays as it is", async () => {
    const tested = createTestEmulator();
    const drg = async (path: string) => (await ask<SetReply>(tested, path)).vdis.drg;
    expect(await drg("/set/dcdc/voltage/E001?dvg=350&drg=0.039")).toBe(0.039);
    expect(await drg("/set/dcdc/voltage/E001?dvg=350&drg=")).toBe(0.039);
    expect(await drg("/set/dcdc/voltage/E001?dvg=350")).toBe(0.039);
    expect(await drg("/set/dcdc/E001?mode=0x0041&dvg=350&dig=1&drg=")).toBe(0.039);
    expect(await drg("/set/dcdc/E001?mode=0x0000&dvg=350&dig=2")).toBe(0.039);
    expect(await drg("/set/dcdc/E001?mode=0x0000&dvg=350&dig=2&drg=0")).toBe(0);
  });

  test("A5: the browser controller's stop, without a droop, stops a unit", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=1&drg=0.2");
    const reply = await ask<SetReply>(tested, "/set/dcdc/E001?mode=0x0000&dvg=350&dig=2");
    expect(reply).toMatchObject({
      status: { status: "0x0000", operationMode: "Waiting" },
      meter: { vg: 0, ig: 0, wg: 0 },
      vdis: { dvg: 350, drg: 0.2 },
      param: { dig: 2 },
    });
  });
});

describe("echo", () => {
  test("A6: dvg, drg and dig are echoed exactly in every reply that holds them", async () => {
    const among = (min: number, max: number) =>
      fc.double({ min, max, noNaN: true }).map((value) => value + 0);
    const values = fc.tuple(among(0, 1000), among(0, 100), among(0, 100));
    await fc.assert(
      fc.asyncProperty(values, async ([dvg, drg, dig]) => {
        const tested = createTestEmulator();
        const all = { vdis: { dvg, drg }, param: { dig } };
        const set = `/set/dcdc/E002?mode=0x0041&dvg=${dvg}&dig=${dig}&drg=${drg}`;
        expect(await ask(tested, set.replaceAll("+", "%2B"))).toMatchObject(all);
        expect(await ask(tested, "/get/unit/E002")).toMatchObject({ dcdc: all });
        expect(await ask(tested, "/get/dcdc/E002")).toMatchObject(all);
        const voltage = `/set/dcdc/voltage/E001?dvg=${dvg}&drg=${drg}`;
        expect(await ask(tested, voltage.replaceAll("+", "%2B"))).toMatchObject({ vdis: { dvg, drg } });
        const current = `/set/dcdc/current/E001?dig=${dig}`;
        expect(await ask(tested, current.replaceAll("+", "%2B"))).toMatchObject({ param: { dig } });
        expect((await readUnit(tested, "E001")).dcdc).toMatchObject(all);
        tested.evict();
        expect((await readUnit(tested, "E001")).dcdc).toMatchObject(all);
      }),
      { seed: 20200101, numRuns: 100 },
    );
  });
});
