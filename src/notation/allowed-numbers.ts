/** What numbers a command may be given: requests are checked by it, and the screen says it in the reader's language. */
interface AllowedNumbers {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
}

const anyNumber: AllowedNumbers = { min: -1e9, max: 1e9, unit: "" };
const power: AllowedNumbers = { min: 0, max: 1e6, unit: "W" };

export const allowedNumbers = {
  rsoc: { min: 0, max: 100, unit: "%" },
  ups_output_power: power,
  pvc_charge_power: power,
  dvg: { min: 0, max: 1000, unit: "V" },
  drg: { min: 0, max: 100, unit: "%" },
  dig: { min: 0, max: 100, unit: "A" },
  /** Readings that follow from others: taken, echoed and computed anew. */
  charge_discharge_power: anyNumber,
  p1: anyNumber,
  p2: anyNumber,
  acceleration: { min: 0, max: 100_000, unit: "" },
  /** Homes that one command adds, or leaves. */
  count: { min: 1, max: 999, unit: "" },
  units: { min: 1, max: 1000, unit: "" },
} as const satisfies Record<string, AllowedNumbers>;
