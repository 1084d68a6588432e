/** Units of a value in a file: of power, of energy in a step, and both for each square metre. */
const units = {
  W: { factor: 1, isEnergy: false, isIrradiance: false },
  kW: { factor: 1000, isEnergy: false, isIrradiance: false },
  MW: { factor: 1e6, isEnergy: false, isIrradiance: false },
  Wh: { factor: 1, isEnergy: true, isIrradiance: false },
  kWh: { factor: 1000, isEnergy: true, isIrradiance: false },
  "W/m2": { factor: 1, isEnergy: false, isIrradiance: true },
  "kW/m2": { factor: 1000, isEnergy: false, isIrradiance: true },
  "Wh/m2": { factor: 1, isEnergy: true, isIrradiance: true },
  "kWh/m2": { factor: 1000, isEnergy: true, isIrradiance: true },
  "J/m2": { factor: 1 / 3600, isEnergy: true, isIrradiance: true },
  "kJ/m2": { factor: 1 / 3.6, isEnergy: true, isIrradiance: true },
  "MJ/m2": { factor: 1000 / 3.6, isEnergy: true, isIrradiance: true },
} as const;

export type UnitName = keyof typeof units;

export const unitNames = Object.keys(units) as UnitName[];

/** The unit that is written so, whatever its case and however its square is written; null if none is. */
export function findUnit(text: string): UnitName | null {
  const plain = text.trim().replace("²", "2").replace("^", "").replaceAll(/\s/g, "").replace(/m-2$/i, "/m2");
  return (
    unitNames.find((name) => name === plain) ??
    unitNames.find((name) => name.toLowerCase() === plain.toLowerCase()) ??
    null
  );
}

/** The unit that some words name: `Consumption [kWh]`, `KWH/hh (per half hour)`, `power_w`; null if none does. */
export function findUnitIn(words: string): UnitName | null {
  const text = words.replace("²", "2").replace("^", "");
  const area = /([kKmM]?[wWjJ])(h|H)?[\s_]*(?:\/|per|_)?[\s_]*m(?:2\b|-2\b|\*\*2)/.exec(text);
  if (area !== null) return findUnit(`${area[1]}${area[2] ?? ""}/m2`);
  const found = /(?:^|[\s_([\-,/.])(kwh|kw|wh|mw|w|watts?|kilowatts?)(?=$|[\s_)\]\-,/.])/i.exec(text);
  if (found === null) return null;
  const name = (found[1] as string)
    .toLowerCase()
    .replace(/^watts?$/, "w")
    .replace(/^kilowatts?$/, "kw");
  return findUnit(name);
}

/** W (or W/m²) for one `unit` in a step of `stepMinutes`. */
export function wattsPer(unit: UnitName, stepMinutes: number): number {
  const { factor, isEnergy } = units[unit];
  return isEnergy ? (factor * 60) / stepMinutes : factor;
}

export function isEnergy(unit: UnitName): boolean {
  return units[unit].isEnergy;
}

export function isIrradiance(unit: UnitName): boolean {
  return units[unit].isIrradiance;
}
