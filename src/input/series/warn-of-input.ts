import type { Manifest } from "./compiled-input.ts";
import { describePlace } from "./input-file-error.ts";
import { type Cell, leastSolar, type OddHome, type SolarUnit } from "./input-series.ts";

/** What the sun gives at the ground [W/m²], and what panels of a home give [W], at most. */
const highestSolar: Readonly<Record<SolarUnit, number>> = { "W/m2": 1500, W: 50_000 };
/** Sun that is never above this is given in another unit [W/m² or W]. */
const lowestSolar = 20;

/**
 * What of the data can hardly be meant, or was not read as it stands: a line each, with file and cell. None of it
 * stops anything.
 */
export function warnOfInput({ solar, demand, pv }: Manifest, unit: SolarUnit): string[] {
  const ofSolar = (cell: Cell, text: string) =>
    `${describePlace(solar.file, cell.row, cell.column)}: ${text}`;
  const ofHome = ({ highest }: OddHome, text: string) =>
    `${describePlace(demand.file, highest.row, highest.column)}: ${text}`;
  const lines: string[] = [];
  if (solar.hasHeader)
    lines.push(`${describePlace(solar.file, 1, null)}: a header that counts its columns, not read as data`);
  if (solar.lowest !== null)
    lines.push(ofSolar(solar.lowest, describeNegatives(solar.negatives, solar.lowest, unit)));
  const { highest } = solar;
  const [name, shown] = unit === "W" ? ["PV power", "W"] : ["irradiance", "W/m²"];
  const said = `the highest ${name} is ${round(highest.value)} ${shown}`;
  if (highest.value > highestSolar[unit])
    lines.push(
      ofSolar(highest, `${said}, more than ${highestSolar[unit]}; is the unit right (solarUnit = ${unit})?`),
    );
  // Where homes have PV power of their own there may be no irradiance.
  if (highest.value <= lowestSolar && pv?.file !== solar.file)
    lines.push(
      ofSolar(
        highest,
        `${said}, never above ${lowestSolar}; is the file in ${unit === "W" ? "kW" : "kW/m² or MJ/m²"}?`,
      ),
    );
  if (demand.high !== null)
    lines.push(ofHome(demand.high, `${describeHome(demand.high)}; is the file in W, not kW?`));
  if (demand.low !== null) lines.push(ofHome(demand.low, `${describeHome(demand.low)}; is the file in kW?`));
  return lines;
}

function describeNegatives(count: number, lowest: Cell, unit: SolarUnit): string {
  const many = count === 1 ? "1 negative value" : `${count} negative values, ${lowest.value} the lowest,`;
  const one = count === 1 ? ` (${lowest.value})` : "";
  const beyond =
    lowest.value < leastSolar[unit] ? `, though below ${leastSolar[unit]} it is no sensor's zero` : "";
  return `${many}${one} read as 0${beyond}`;
}

function describeHome({ home, meanW, highest, others }: OddHome): string {
  const more = others === 0 ? "" : ` (and ${others} more ${others === 1 ? "home" : "homes"} like it)`;
  return `home ${home}${more} has a mean demand of ${describePower(meanW)}, at most ${describePower(highest.value)}`;
}

function describePower(powerW: number): string {
  return powerW >= 1000 ? `${round(powerW / 1000)} kW` : `${round(powerW)} W`;
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
