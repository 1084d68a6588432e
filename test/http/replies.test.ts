import { describe, expect, test } from "vitest";
import type { CommunityColumnsJson, CommunityJson } from "../../src/api/wire/community-json.ts";
import { readColumns } from "../../src/ui/live/read-columns.ts";
import { createTestEmulator } from "../support/emulators.ts";
import { ask, type LogJson, listPaths, readLog } from "./api.ts";

const under = (part: string, names: string) => names.split(" ").map((name) => `${part}.${name}`);

const emu = [
  "battery_current battery_rsoc battery_voltage charge_discharge_power pvc_charge_current pvc_charge_power",
  "pvc_charge_voltage rsoc ups_input_voltage ups_operation_schedule ups_output_current",
  "ups_output_frequency ups_output_power ups_output_voltage",
]
  .join(" ")
  .split(" ")
  .concat(under("system_time", "year month day hour minute"))
  .concat(under("ups_operation_mode", "mode parameter stop_mode"))
  .concat(under("dischargeable_time", "hour minute"));
const meter = under("meter", "wg tmp vb wb vg ib ig");
const shortStatus = under("status", "status alarmState operationMode");
const vdis = under("vdis", "dvg drg");
const set = [...shortStatus, ...meter, ...vdis, "param.dig"];
const converter = [
  ...under("status", "status statusName alarm alarmState runningState operationMode"),
  ...under("powermeter", "p1 p2 v1 i1 kwh1 kwh2"),
  ...meter,
  ...vdis,
  ...under("param", "dig ogv ugv cib obv ubv"),
];
const oesunit = under("oesunit", "on id display ip ipv6_ll ipv6_g mac sn budo");
const inParts = (part: string, paths: string[]) => paths.map((path) => `${part}.${path}`);
const whole = [...inParts("emu", emu), ...inParts("dcdc", converter), ...oesunit, "time"];
const unit = [...inParts("emu", emu), ...inParts("dcdc", set), ...oesunit, "time"];

const shapes: [string, string[]][] = [
  ["/get/unit/E002", unit],
  ["/get/dcdc/status/E002", [...shortStatus, ...meter]],
  ["/get/dcdc/E002", converter],
  ["/get/emu/E002", emu],
  ["/set/dcdc/E002?mode=0x0014&dvg=350&dig=1&drg=0", set],
  ["/set/dcdc/voltage/E002?dvg=340&drg=0", [...meter, ...vdis]],
  ["/set/dcdc/current/E002?dig=1.5", [...meter, "param.dig"]],
];
const logs = [
  "/get/log",
  "/set/emu/E002?rsoc=55",
  "/save",
  "/get/last",
  "/restart",
  "/add/unit",
  "/remove/unit",
];

describe("reply shapes", () => {
  test.each(shapes)("A2: %s answers exactly its fields", async (path, fields) => {
    expect(listPaths(await ask(createTestEmulator(), path))).toEqual([...fields].sort());
  });

  test.each(logs)("A2: %s answers the log of all units with every field", async (path) => {
    const tested = createTestEmulator();
    const answer = await ask<LogJson>(tested, path);
    expect(Object.keys(answer)).toEqual(Object.keys(await readLog(tested)));
    expect(Object.keys(answer).length).toBeGreaterThan(2);
    for (const [id, json] of Object.entries(answer)) {
      expect(listPaths(json)).toEqual([...whole].sort());
      expect(json.oesunit).toMatchObject({ id, display: `Sample_${id}` });
    }
  });

  test("A2: the acceleration is a bare number", async () => {
    const tested = createTestEmulator({ acceleration: 12.5 });
    expect(await (await tested.get("/get/acc")).text()).toBe("12.5");
    expect(await (await tested.get("/set/acc/3")).text()).toBe("3");
  });

  test("A2: each part of a unit is the same in every reply that holds it", async () => {
    const tested = createTestEmulator();
    await ask(tested, "/set/dcdc/E001?mode=0x0014&dvg=350&dig=2&drg=0");
    tested.wallMs = 3_333_333;
    await ask(tested, "/set/dcdc/E002?mode=0x0041&dvg=350&dig=1.25&drg=0");
    tested.wallMs += 777;
    const logged = (await readLog(tested)).E002;
    expect(await ask(tested, "/get/unit/E002")).toMatchObject({
      emu: logged?.emu,
      dcdc: { meter: logged?.dcdc.meter, vdis: logged?.dcdc.vdis },
      oesunit: logged?.oesunit,
      time: logged?.time,
    });
    expect(await ask(tested, "/get/dcdc/E002")).toEqual(logged?.dcdc);
    expect(await ask(tested, "/get/emu/E002")).toEqual(logged?.emu);
    expect(await ask(tested, "/get/dcdc/status/E002")).toMatchObject({ meter: logged?.dcdc.meter });
    expect(logged?.dcdc.meter.ig).toBe(1.25);
  });

  test("A2: the four modes carry their words", async () => {
    const tested = createTestEmulator();
    const words = [
      ["0x0000", "Waiting", "Waiting", "off"],
      ["0x0002", "Heteronomy CV Discharging", "Heteronomy CV", "discharge"],
      ["0x0014", "Grid Autonomy Mode", "Grid Autonomy", "discharge"],
      ["0x0041", "Heteronomy CV Charging - grid current limited", "Heteronomy CV", "charge"],
    ];
    for (const [status, statusName, operationMode, runningState] of words) {
      const reply = await ask(tested, `/set/dcdc/E001?mode=${status}&dvg=350&dig=1`);
      expect(reply).toMatchObject({ status: { status, operationMode } });
      const { dcdc } = (await readLog(tested)).E001 ?? {};
      expect(dcdc?.status).toMatchObject({ status, statusName, operationMode, runningState });
    }
  });

  test("A2: /state/columns tells what /state tells, a value for each unit in each column", async () => {
    const tested = createTestEmulator({ units: 3 });
    await ask(tested, "/set/dcdc/E002?mode=0x0014&dvg=350&dig=2");
    tested.wallMs = 40_000_000;
    const state = await ask<CommunityJson>(tested, "/state");
    const columns = await ask<CommunityColumnsJson>(tested, "/state/columns");
    expect(readColumns(columns)).toEqual(state);
    expect(columns.units.id).toEqual(["E001", "E002", "E003"]);
  });

  test("A2: no answer may be kept by a cache", async () => {
    const tested = createTestEmulator();
    for (const path of ["/get/log", "/get/unit/E099", "/add/unit"]) {
      expect((await tested.get(path)).headers.get("cache-control"), path).toBe("no-store");
    }
  });
});
