import fc from "fast-check";
import type { GivenStep } from "../../src/laboratory/index.ts";

const modes = fc.constantFrom("0x0000", "0x0002", "0x0014", "0x0041", "0X0041");
const action = fc.record({
  unit: fc.constantFrom("E001", "E002", "E003"),
  set: fc.oneof(
    fc.record({ mode: modes, dvg: fc.constantFrom(350, 380), dig: fc.constantFrom(0, 2, 3.7, "1.5") }),
    fc.record({ rsoc: fc.double({ min: 0, max: 100, noNaN: true }) }),
    fc.record({ pvc_charge_power: fc.integer({ min: 0, max: 3000 }) }),
  ),
});
const target: fc.Arbitrary<GivenStep> = fc.oneof(
  fc.record({ seconds: fc.oneof(fc.constantFrom(0, 1, 900, 3600), fc.integer({ min: 0, max: 40_000 })) }),
  fc.record({
    event: fc.constantFrom("full", "empty", "upsSwitch", "acCharging", "busUp", "dayEnd", [
      "dayEnd",
      "full",
    ]) as fc.Arbitrary<"full">,
    seconds: fc.constantFrom(5000, 50_000),
  }),
);
/** Steps of three homes: some with actions, some to an event. */
export const givenStep: fc.Arbitrary<GivenStep> = fc
  .tuple(target, fc.array(action, { maxLength: 3 }))
  .map(([target, actions]) => ({ ...target, actions }));
