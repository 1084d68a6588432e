import { expect, test } from "vitest";
import type { HomeSpec } from "../../src/input/homes/home-schema.ts";
import { createTestEmulator, evenInput, type TestEmulator } from "../support/emulators.ts";

const put = (tested: TestEmulator, body: string) => tested.get("/homes", { method: "PUT", body });
const tell = async (tested: TestEmulator) => JSON.stringify(await (await tested.get("/homes")).json());

/** A hundred homes that all differ, as CSV and as JSON. */
const hundred = Array.from({ length: 100 }, (_, index) => ({
  id: `home-${index + 1}`,
  name: `Home number ${index + 1}`,
  battery: { capacityWh: 3000 + 50 * index, floorPercent: index % 20, chargeLimitW: 1500 + index },
  pv: { areaM2: 10 + index / 4 },
  ac: { importLimitW: 4000 + 10 * index },
}));
const columns = [
  "id",
  "name",
  "battery.capacityWh",
  "battery.floorPercent",
  "battery.chargeLimitW",
  "pv.areaM2",
  "ac.importLimitW",
];
const hundredAsCsv = [
  columns.join(","),
  ...hundred.map(({ id, name, battery, pv, ac }) =>
    [
      id,
      name,
      battery.capacityWh,
      battery.floorPercent,
      battery.chargeLimitW,
      pv.areaM2,
      ac.importLimitW,
    ].join(","),
  ),
].join("\r\n");

test("HM1: a hundred homes by a file, as JSON or as CSV of any separator, are the same, and /homes tells them complete", async () => {
  const told: string[] = [];
  for (const body of [
    JSON.stringify(hundred),
    JSON.stringify({ homes: hundred }),
    hundredAsCsv,
    `\ufeff${hundredAsCsv.replaceAll(",", ";")}\r\n\r\n`,
    hundredAsCsv.replaceAll(",", "\t"),
    hundredAsCsv
      .replaceAll(",", ";")
      .replaceAll(".25", ",25")
      .replaceAll(".5", ",5")
      .replaceAll(".75", ",75"),
  ]) {
    const tested = createTestEmulator({ units: 100 });
    const response = await put(tested, body);
    expect(response.status, await response.clone().text()).toBe(200);
    expect(JSON.stringify(await response.json())).toBe(await tell(tested));
    told.push(await tell(tested));
  }
  expect(new Set(told).size).toBe(1);
  const { homes } = JSON.parse(told[0] as string);
  expect(homes).toHaveLength(100);
  expect(homes[40]).toMatchObject(hundred[40] as object);
  expect(homes[40].battery).toMatchObject({ ceilingPercent: 100, chargeEfficiency: 1, selfDischargeW: 0 });
  expect(homes[40].battery).not.toHaveProperty("dischargeLimitW");
});

test("HM1: a file in the encoding of a Japanese or a Unicode spreadsheet is read as well, and one home is told alone", async () => {
  const sheet = "id,name\r\na,Ohta 太田\r\n";
  const utf16 = new Uint8Array(Uint16Array.from(`\ufeff${sheet}`, (sign) => sign.charCodeAt(0)).buffer);
  const shiftJis = new Uint8Array(
    [..."id,name\r\na,Ohta "].map((sign) => sign.charCodeAt(0)).concat([0x91, 0xbe, 0x93, 0x63, 13, 10]),
  );
  for (const body of [sheet, utf16, shiftJis]) {
    const tested = createTestEmulator({ units: 2 });
    expect((await tested.get("/homes", { method: "PUT", body })).status).toBe(200);
    const { homes } = await (await tested.get("/homes?unit=a")).json();
    expect(homes).toMatchObject([{ id: "a", name: "Ohta 太田" }]);
    expect((await tested.get("/homes?unit=E003")).status).toBe(404);
  }
});

test("HM2: what /homes tells can be put again, and changes nothing that is told", async () => {
  const tested = createTestEmulator({ units: 4, batterySize: { E002: 9600 }, pvc_sol_reg: { E003: 2.5 } });
  const before = await tell(tested);
  expect((await put(tested, before)).status).toBe(200);
  expect(await tell(tested)).toBe(before);
});

test("HM2: so it can be with more units than the data have homes, a charge off its range, and a restart that a battery cannot reach", async () => {
  const tested = createTestEmulator({ units: 7, initialCharge: { default: 5, E002: 40 } });
  await put(
    tested,
    JSON.stringify([
      { battery: { floorPercent: 33, ceilingPercent: 36 } },
      { battery: { floorPercent: 10 }, ups: { restartPercent: 12 } },
    ]),
  );
  const before = await tell(tested);
  const { homes } = JSON.parse(before);
  expect(homes.map(({ ups }: HomeSpec) => ups?.restartPercent).slice(0, 3)).toEqual([36, 15, 35]);
  expect(homes.map(({ battery }: HomeSpec) => battery?.initialPercent).slice(0, 3)).toEqual([
    undefined,
    40,
    5,
  ]);
  expect(homes.map(({ data }: HomeSpec) => data?.demandHome)).toEqual(
    Array.from({ length: 7 }, (_, index) => (index % evenInput.homes) + 1),
  );
  const response = await put(tested, before);
  expect(response.status, await response.clone().text()).toBe(200);
  expect(await tell(tested)).toBe(before);
});

test("HM3: a wrong file is refused with home, field, what was given and what is allowed, and changes nothing", async () => {
  const tested = createTestEmulator({ units: 4 });
  await put(tested, '[{"battery":{"capacityWh":5000}}]');
  const before = [await tell(tested), tested.storage.readChapters().length, tested.storage.lastCommandId()];
  const bad: [body: string, message: RegExp][] = [
    ["", /homes, row 1: the file is empty/],
    ["{", /this is no JSON/],
    ["[5]", /homes\[0\] \(E001\): it is 5; allowed: an object/],
    ["[[]]", /homes\[0\] \(E001\): it is \[\]; allowed: an object/],
    ['[{"battery":[]}]', /homes\[0\] \(E001\): battery is \[\]; allowed: an object/],
    [
      '[{},{"battery":{"capacityWh":"big"}}]',
      /homes\[1\] \(E002\): battery\.capacityWh is "big"; allowed: 1 to 1000000000/,
    ],
    ['[{"battery":{"capacityWh":0}}]', /battery\.capacityWh is 0; allowed: 1 to/],
    ['[{"battery":{"capacityWh":null}}]', /battery\.capacityWh is null; allowed: .*leave it out/],
    ['[{"battery":{"size":5}}]', /"battery\.size" is no field of a home; allowed: capacityWh, /],
    ['[{"batery":{}}]', /"batery" is no field of a home; allowed: id, name, battery/],
    ['{"house":[]}', /"house" is no part of homes; allowed: default, homes/],
    [
      '[{"battery":{"floorPercent":40}}]',
      /homes\[0\] \(E001\): battery\.floorPercent is 40; allowed: below UPS_TRIGGER_BATT_ON, 35/,
    ],
    [
      '[{"battery":{"ceilingPercent":30}}]',
      /battery\.ceilingPercent is 30; allowed: from UPS_TRIGGER_BATT_ON, 35/,
    ],
    [
      '[{"battery":{"floorPercent":90,"ceilingPercent":80}}]',
      /battery\.floorPercent is 90; allowed: below ceilingPercent, 80/,
    ],
    [
      '[{"battery":{"floorPercent":20},"ups":{"restartPercent":20}}]',
      /ups\.restartPercent is 20; allowed: above floorPercent, 20/,
    ],
    [
      '[{"battery":{"ceilingPercent":90},"ups":{"restartPercent":95}}]',
      /ups\.restartPercent is 95; allowed: .* up to ceilingPercent, 90/,
    ],
    [
      '[{"battery":{"floorPercent":20,"initialPercent":10}}]',
      /battery\.initialPercent is 10; allowed: from floorPercent, 20/,
    ],
    [
      '[{"pv":{"peakPowerW":5000,"areaM2":20}}]',
      /pv\.peakPowerW is 5000 beside pv\.areaM2; allowed: one of them/,
    ],
    ['[{"id":"a"},{"id":"a"}]', /homes\[1\] \(E002\): id is "a", as of homes\[0\]/],
    ...["..", ".", " a", "a ", "a/b", "", "a\u0007", "\ud800", "a".repeat(65)].map((id): [string, RegExp] => [
      JSON.stringify([{ id }]),
      /\(E001\): id is ".*"; allowed: 1 to 64 letters, without \/, no blanks at its ends, and not \. or \.\./,
    ]),
    ...["", "  ", "\ud800", "a\n"].map((name): [string, RegExp] => [
      JSON.stringify([{ name }]),
      /\(E001\): name is ".*"; allowed: 1 to 100 letters/,
    ]),
    ['[{"id":"E002"}]', /id is "E002", the ID of another unit; allowed: E001/],
    ['[{"battery":{"capacityWh":1e999}}]', /battery\.capacityWh is beyond all numbers; allowed: 1 to/],
    [
      '{"default":{"name":"All"}}',
      /default: "name" is no field of what all homes have; allowed: battery, pv/,
    ],
    ["id,name\ndefault,All", /default: "name" is no field of what all homes have; allowed: battery, pv/],
    ["id,ac.importLimitW\ndefault,5\na,\ndefault,6", /row 4: default stands there twice; allowed: once/],
    ["id;battery.capacityWh\na;x", /row 2: battery\.capacityWh is "x"/],
    ["id,battery.size\na,1", /row 1, column 2: "battery\.size" is no field of a home; allowed: id, /],
    ["id,id\na,b", /row 1, column 2: id stands there twice/],
    ["id,battery.capacityWh\na,5000,7", /row 2, column 3: a value beyond the 2 columns/],
    ["id,battery.capacityWh\na,5000\n,\nb,6000", /row 3: blank line between rows/],
  ];
  for (const [body, message] of bad) {
    const response = await put(tested, body);
    const { error } = await response.json();
    expect([response.status, error.code], body).toEqual([400, "invalid_parameter"]);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\n/);
    expect([
      await tell(tested),
      tested.storage.readChapters().length,
      tested.storage.lastCommandId(),
    ]).toEqual(before);
  }
});

test("HM10: a file that is too long is refused, and so is a body that is no text", async () => {
  const tested = createTestEmulator({ units: 2 });
  const long = await put(tested, `[${" ".repeat(5_000_000)}]`);
  expect([long.status, (await long.json()).error.code]).toEqual([413, "too_large"]);
  const packed = await tested.get("/homes", { method: "PUT", body: Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0) });
  expect([packed.status, (await packed.json()).error.message]).toEqual([
    400,
    expect.stringMatching(/workbook or a packed file/),
  ]);
  expect(tested.storage.readChapters()).toHaveLength(1);
});

test("HM4: one home is changed by its unit's ID or its own, field by field, and a blank value leaves one out again", async () => {
  const tested = createTestEmulator({ units: 4 });
  const before = await tell(tested);
  const set = async (path: string, init?: RequestInit) => {
    const response = await tested.get(path, init);
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()).homes;
  };
  const [first] = await set("/set/home/E001?battery.capacityWh=9600&id=north%20house");
  expect(first).toMatchObject({ id: "north house", battery: { capacityWh: 9600 } });
  const posted = await set("/set/home/north%20house", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"battery.chargeLimitW":1000,"pv.peakPowerW":4000}',
  });
  expect(posted[0]).toMatchObject({
    battery: { capacityWh: 9600, chargeLimitW: 1000 },
    pv: { peakPowerW: 4000 },
  });
  expect((await set("/set/home/E001?pv.areaM2=20"))[0].pv).toEqual({
    areaM2: 20,
    yield: 0.19,
    performanceRatio: 0.9,
  });
  const { param } = await (await tested.get("/get/dcdc/E001")).json();
  await set("/set/home/E001?converter.gridOvervoltageV=390");
  const limited = await (await tested.get("/get/dcdc/E001")).json();
  expect(limited.param).toEqual({ ...param, ogv: 390 });
  await set(
    "/set/home/E001?converter.gridOvervoltageV=&id=&battery.capacityWh=&battery.chargeLimitW=&pv.areaM2=",
  );
  expect(await tell(tested)).toBe(before);
  for (const [path, code] of [
    ["/set/home/E001", "missing_parameter"],
    ["/set/home/E001?battery.capacityWh=x", "invalid_parameter"],
    ["/set/home/E001?battery.floorPercent=50", "invalid_parameter"],
    ["/set/home/E001?colour=red", "invalid_parameter"],
    ["/set/home/E009?battery.capacityWh=5000", "unknown_unit"],
    ["/set/home/nobody?battery.capacityWh=5000", "unknown_unit"],
  ] as const)
    expect((await (await tested.get(path)).json()).error.code, path).toBe(code);
  const wrong = await tested.get("/set/home/E001?battery.floorPercent=20&ups.restartPercent=10");
  expect((await wrong.json()).error.parameter).toBe("ups.restartPercent");
  expect(await tell(tested)).toBe(before);
});
