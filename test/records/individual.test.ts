import Papa from "papaparse";
import { expect, test } from "vitest";
import type { IndividualRow } from "../../src/community/records/individual.ts";
import type { UnitJson } from "../../src/input/units/unit-json.ts";
import { createTestEmulator } from "../support/emulators.ts";

const columns =
  "id,time,oesunit_id,emu_rsoc,emu_pvc_charge_power,emu_ups_output_power,charge_discharge_power,dcdc_meter_wg,dcdc_powermeter_p2,dcdc_meter_wb";

test("R19: a reading has the published emulator's columns, then wb, with what /get/log showed at its moment", async () => {
  const tested = createTestEmulator({ acceleration: 1, units: 3 });
  tested.wallMs = 900_000;
  await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=2");
  tested.wallMs = 2_000_500;
  await tested.get("/set/dcdc/E002?mode=0x0041&dvg=350&dig=2");
  const shown = (await (await tested.get("/get/log")).json()) as Record<string, UnitJson>;
  tested.wallMs += 1000;
  const text = await (await tested.get("/data/output/indivLog.csv")).text();
  expect(text.split("\r\n")[0]).toBe(columns);
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  for (const row of data) expect(row.time).toMatch(/^2020-01-01 \d\d:\d\d:\d\d$/);
  expect(data.filter(({ id }) => id === "E001").map(({ time }) => time)).toContain("2020-01-01 00:30:00");
  for (const id of ["E001", "E002"]) {
    const { emu, dcdc, oesunit } = shown[id] as UnitJson;
    expect(data.find((row) => row.id === id && row.time === "2020-01-01 00:33:20")).toEqual({
      id,
      time: "2020-01-01 00:33:20",
      oesunit_id: oesunit.display,
      emu_rsoc: String(emu.rsoc),
      emu_pvc_charge_power: String(emu.pvc_charge_power),
      emu_ups_output_power: String(emu.ups_output_power),
      charge_discharge_power: String(emu.charge_discharge_power),
      dcdc_meter_wg: String(dcdc.meter.wg),
      dcdc_powermeter_p2: String(dcdc.powermeter.p2),
      dcdc_meter_wb: String(dcdc.meter.wb),
    });
  }
  expect(data.some((row) => Number(row.dcdc_meter_wb) > 600)).toBe(true);
  const json = await (await tested.get("/data/output/indivLog.csv?format=json")).json();
  expect(json).toHaveLength(data.length);
});

test("R19: of a dark house the log says what /get/log shows: its UPS gives nothing", async () => {
  const outages = [{ from: 0, until: 7200 }] as const;
  const tested = createTestEmulator({ acceleration: 1, units: 2, outages });
  tested.wallMs = 1_000_000;
  await tested.get("/set/emu/E001?rsoc=0");
  tested.wallMs = 2_000_500;
  const { emu } = (await (await tested.get("/get/unit/E001")).json()) as UnitJson;
  expect(emu.ups_output_power).toBe(0);
  const json = await (await tested.get("/data/output/indivLog.csv?format=json")).json();
  const rows = (json as IndividualRow[]).filter(({ id }) => id === "E001");
  expect(rows.at(-1)?.emu_ups_output_power).toBe(0);
  expect(rows[0]?.emu_ups_output_power).toBeGreaterThan(0);
});

test("R19: a reading keeps the display name that its unit had, whatever units are called later", async () => {
  const tested = createTestEmulator({ acceleration: 1, units: 2 });
  const { lastSave } = tested.files;
  const units = lastSave.units.map(({ settings, template }, index) => ({
    settings,
    template: { ...template, oesunit: { ...template.oesunit, display: `House ${index + 1}` } },
  }));
  tested.files = { ...tested.files, lastSave: { ...lastSave, units } };
  tested.evict();
  const namesOf = async (query: string) => {
    const json = await (await tested.get(`/data/output/indivLog.csv?format=json&${query}`)).json();
    const rows = (json as IndividualRow[]).filter(({ id }) => id === "E001");
    return rows.map(({ time, oesunit_id }) => [time.slice(0, 13), oesunit_id]);
  };
  tested.wallMs = 90_000_000;
  const before = await namesOf("to=1");
  await tested.get("/get/last");
  tested.wallMs = 180_000_000;
  await tested.get("/set/emu/E001?rsoc=50");
  expect((await namesOf("to=1")).slice(0, before.length - 1)).toEqual(before.slice(0, -1));
  expect(new Set(before.map(([, name]) => name))).toEqual(new Set(["Sample_E001"]));
  expect(new Set((await namesOf("from=2")).map(([, name]) => name))).toEqual(new Set(["House 1"]));
  const ofThatDay = await namesOf("from=1&to=1");
  expect(ofThatDay.find(([time]) => time === "2020-01-02 00")?.[1]).toBe("Sample_E001");
  expect(ofThatDay.find(([time]) => time === "2020-01-02 02")?.[1]).toBe("House 1");
});
