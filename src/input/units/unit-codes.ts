import type { TripCause } from "../../simulation/trip-causes.ts";
import type { ConverterMode, UpsMode } from "../../simulation/unit.ts";

/** Code of each converter mode on the wire (specification, section 7.1, `modes`). */
export const converterCodes = {
  waiting: "0x0000",
  discharging: "0x0002",
  gridAutonomy: "0x0014",
  charging: "0x0041",
} as const satisfies Record<ConverterMode, string>;

export type ConverterCode = (typeof converterCodes)[ConverterMode];

/** The mode that a code in either case means, or null. */
export function parseConverterCode(code: string): ConverterMode | null {
  const wanted = code.toLowerCase();
  const found = Object.entries(converterCodes).find(([, known]) => known === wanted);
  return found === undefined ? null : (found[0] as ConverterMode);
}

/** Alarm numbers on the wire of a converter that was protected, in the form of the published one, which is none of these. */
export const tripAlarms = {
  cannotGive: "9001 0000 0000",
  cannotTake: "9002 0000 0000",
  imax: "9003 0000 0000",
  ogv: "9011 0000 0000",
  ugv: "9012 0000 0000",
  cib: "9013 0000 0000",
  obv: "9014 0000 0000",
  ubv: "9015 0000 0000",
  fault: "9021 0000 0000",
  heavyFault: "9022 0000 0000",
} as const satisfies Record<TripCause, string>;

/** Code of what the UPS does on the wire (`ups_operation_mode.mode`). */
export const upsModeCodes = { battery: 2, bypass: 5 } as const satisfies Record<UpsMode, number>;
