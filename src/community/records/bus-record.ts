import type { BusState } from "../../simulation/dc-bus.ts";

const numbers = ["rampStartS", "rampEndS", "startVoltageV", "targetVoltageV"] as const;

/** The bus as numbers: its ramp, then the units in grid autonomy in their order. */
export function packBus(bus: BusState): Float64Array<ArrayBuffer> {
  return Float64Array.from([...numbers.map((name) => bus[name]), ...bus.autonomyOrder]);
}

/** @throws RangeError if these are no such numbers */
export function unpackBus(packed: Float64Array): BusState {
  if (packed.length < numbers.length) throw new RangeError("a bus is not whole");
  const ramp = Object.fromEntries(numbers.map((name, index) => [name, packed[index]]));
  return { autonomyOrder: [...packed.subarray(numbers.length)], ...ramp } as unknown as BusState;
}
