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

/** Code of what the UPS does on the wire (`ups_operation_mode.mode`). */
export const upsModeCodes = { battery: 2, bypass: 5 } as const satisfies Record<UpsMode, number>;
