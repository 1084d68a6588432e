import Papa from "papaparse";
import { expect, test } from "vitest";
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
