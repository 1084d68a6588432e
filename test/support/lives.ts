import fc from "fast-check";
import { readUnits, type TestEmulator } from "./emulators.ts";

const halfHourMs = 1_800_000;
const command = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((rsoc) => `/set/emu/E001?rsoc=${rsoc}`),
  fc.integer({ min: 0, max: 5000 }).map((power) => `/set/emu/E002?pvc_charge_power=${power}`),
  fc
    .constantFrom("0x0000", "0x0002", "0x0014", "0x0041")
    .map((mode) => `/set/dcdc/E001?mode=${mode}&dvg=350&dig=2`),
  fc.constantFrom("0x0002", "0x0014", "0x0041").map((mode) => `/set/dcdc/E002?mode=${mode}&dvg=340&dig=1`),
  fc.constantFrom("/add/unit", "/remove/unit", "/restart", "/save", "/get/last"),
);
/** Requests at wall times [ms] within three days. */
export const commands = fc.array(fc.tuple(fc.integer({ min: 0, max: 259_200_000 }), command), {
  maxLength: 25,
});

/** Runs three days at acceleration 1, and notes the units' charges at every half hour. */
export async function live(tested: TestEmulator, timed: [number, string][]): Promise<number[][]> {
  const charges: number[][] = [];
  const waiting = timed.toSorted(([a], [b]) => a - b);
  for (let wallMs = 0; wallMs <= 3 * 86_400_000; wallMs += halfHourMs) {
    while (waiting[0] !== undefined && waiting[0][0] <= wallMs) {
      const [at, path] = waiting.shift() as [number, string];
      tested.wallMs = at;
      await tested.get(path);
    }
    charges.push(readUnits(tested, wallMs).map((unit) => unit.stateOfChargePercent));
  }
  return charges;
}
