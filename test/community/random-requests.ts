import fc from "fast-check";
import type { WorldInput } from "../../src/input/config/create-world.ts";

/** Four days of sun and demand that differ at every point and in every home. */
export const variedInput: WorldInput = {
  homes: 3,
  days: 4,
  solar: {
    stepS: 3600,
    values: Float64Array.from(
      { length: 96 },
      (_, i) => Math.max(0, Math.sin(((i - 6) * Math.PI) / 12)) * (900 + i),
    ),
  },
  demandOf: (home) => ({
    stepS: 1800,
    values: Float64Array.from({ length: 192 }, (_, i) => 150 + ((i * (7 + 4 * home)) % 23) * 40),
  }),
};

const id = fc
  .oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 99 }) },
  )
  .map((number) => `E${String(number).padStart(3, "0")}`);
const wrongText = fc.constantFrom("", "abc", "NaN", "Infinity", "-1", "1e999", "0x10", "%00", "350V");
const numberFrom = (values: number[], max: number) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...values).map(String) },
    {
      weight: 3,
      arbitrary: fc.double({ min: 0, max, noNaN: true }).map((value) => encodeURIComponent(value)),
    },
    { weight: 1, arbitrary: wrongText },
  );
const mode = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("0x0000", "0x0002", "0x0014", "0x0041", "0X0014") },
  { weight: 1, arbitrary: wrongText },
);
const voltage = numberFrom([0, 289, 300, 350, 350.75, 380], 400);
const current = numberFrom([0, 0.5, 1, 2.3], 10);
const droop = numberFrom([0, 0.039], 100);
const charge = numberFrom([0, 20, 24.9, 25, 30, 35, 50, 99, 100], 100);
const power = numberFrom([0, 1, 400, 3000, 1e6], 10_000);

const onUnits = fc.oneof(
  fc.tuple(id, mode, voltage, current, droop).map(([unit, m, v, c, d]) => {
    return `/set/dcdc/${unit}?mode=${m}&dvg=${v}&dig=${c}&drg=${d}`;
  }),
  fc.tuple(id, mode).map(([unit, m]) => `/set/dcdc/${unit}?mode=${m}&dvg=350&dig=2`),
  fc.tuple(id, voltage, droop).map(([unit, v, d]) => `/set/dcdc/voltage/${unit}?dvg=${v}&drg=${d}`),
  fc.tuple(id, current).map(([unit, c]) => `/set/dcdc/current/${unit}?dig=${c}`),
  fc.tuple(id, charge).map(([unit, c]) => `/set/emu/${unit}?rsoc=${c}`),
  fc.tuple(id, power).map(([unit, p]) => `/set/emu/${unit}?ups_output_power=${p}`),
  fc.tuple(id, power, charge).map(([unit, p, c]) => `/set/emu/${unit}?pvc_charge_power=${p}&rsoc=${c}&p2=1`),
);
const faultKind = fc.constantFrom(
  "trip",
  "trip&alarm=heavy",
  "trip&number=4010%200080%200001",
  "ignoreCommands",
  "batteryStatus",
);
/** Those that change what is told of a meter are left out: of these no answer is true. */
const onFaults = fc.oneof(
  fc
    .tuple(
      faultKind,
      fc.option(id),
      fc.option(fc.nat(300_000)),
      fc.option(fc.integer({ min: 1, max: 90_000 })),
    )
    .map(([kind, unit, atS, lastsS]) => {
      const times = `${atS === null ? "" : `&at=${atS}`}${lastsS === null ? "" : `&for=${lastsS}`}`;
      return `/faults/add?kind=${kind}${unit === null ? "" : `&unit=${unit}`}${times}`;
    }),
  fc.nat(300_000).map((atS) => `/faults/add?kind=busCollapse&at=${atS}&for=600`),
  fc.integer({ min: 1, max: 6 }).map((number) => `/faults/end?id=${number}`),
);
const onCommunity = fc.constantFrom("/add/unit", "/remove/unit", "/save", "/get/last", "/restart");
export const rates = [0, 1, 10, 100, 1000, 0.1];
const onClock = fc.oneof(
  fc.constantFrom("/restart?clock=start", "/time/hold", "/time/run"),
  fc.constantFrom(...rates).map((rate) => `/set/acc/${rate}`),
);

export const query: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("/get/log", "/state", "/get/acc", "/time"),
  fc
    .tuple(fc.constantFrom("unit", "emu", "dcdc", "dcdc/status"), id)
    .map(([part, unit]) => `/get/${part}/${unit}`),
);

const garbage = fc.oneof(
  fc.webPath().map((path) => (path.startsWith("/") ? path : `/${path}`)),
  fc.tuple(id, fc.webQueryParameters()).map(([unit, text]) => `/set/emu/${unit}?${text}`),
  fc.tuple(id, fc.webQueryParameters()).map(([unit, text]) => `/set/dcdc/${unit}?${text}`),
  fc.webSegment().map((text) => `/set/acc/${text}`),
  fc.webSegment().map((text) => `/get/unit/${text}`),
);

/** A command that a client may send, now and then with a wrong value, the clock's left out. */
export const command: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: onUnits },
  { weight: 1, arbitrary: onCommunity },
);

/** The same, with faults of the hardware. */
export const commandOrFault: fc.Arbitrary<string> = fc.oneof(
  { weight: 16, arbitrary: command },
  { weight: 1, arbitrary: onFaults },
);

/** Anything that a client may send. */
export const anyRequest: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: commandOrFault },
  { weight: 3, arbitrary: query },
  { weight: 1, arbitrary: onClock },
  { weight: 1, arbitrary: garbage },
);

/** Wall time [ms] until the next request: none, a moment, minutes or hours. */
export const wait: fc.Arbitrary<number> = fc.oneof(
  fc.constant(0),
  fc.nat(1000),
  fc.nat(60_000),
  fc.nat(4_000_000),
  fc.constantFrom(12_000, 180_000, 360_000),
);

/** Checks an asynchronous property with the same cases each time; a failure names its seed. */
export async function checkAsync<T>(property: fc.IAsyncProperty<T>, numRuns: number): Promise<void> {
  const { PROPERTY_SEED: seed = "20200101", PROPERTY_RUNS: factor = "1" } = process.env;
  await fc.assert(property, { seed: Number(seed), numRuns: Math.ceil(numRuns * Number(factor)) });
}
