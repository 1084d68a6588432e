import { InputFileError } from "../series/input-file-error.ts";
import { minutesPerDay } from "../series/input-series.ts";
import { findStep, guessLabels, sortOrder, stepOfCount } from "./find-step.ts";
import { commonDays, Grid } from "./grid.ts";
import type { ImportOptions } from "./import-options.ts";
import type { Labels, Understanding } from "./layout.ts";
import type { Quantity } from "./quantity.ts";
import type { ReadingList } from "./readings.ts";
import { addParts, type SettledSeries } from "./settled-series.ts";
import { isIrradiance, type UnitName, wattsPer } from "./units.ts";

/** How a whole file was understood in the end. */
export interface SettledFile {
  readonly unit: UnitName;
  readonly isUnitAssumed: boolean;
  readonly labels: Labels;
  readonly stepMinutes: number;
  readonly series: readonly SettledSeries[];
  /** What was done or assumed, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Lays the readings of a file on a grid of whole days. @throws InputFileError if they have no step that divides a day, no
 * common day, or what the options refuse. `rest` lets others have their turn.
 */
export async function settle(
  file: string,
  lists: readonly ReadingList[],
  understood: Understanding,
  offsets: ReadonlySet<number>,
  options: ImportOptions,
  rest: () => Promise<unknown>,
): Promise<SettledFile> {
  if (lists.length === 0) throw new InputFileError(file, null, null, "no readings of the homes wanted");
  const notes = [...understood.notes];
  const orders = lists.map(sortOrder);
  const stepMinutes = understood.isCounted ? stepOfCount(file, lists, notes) : findStep(file, lists, orders);
  const labels = options.labels ?? understood.labels ?? guessLabels(lists, orders, stepMinutes);
  const { unit, isUnitAssumed } = findUnit(lists, understood, options);
  const grid = new Grid(file, stepMinutes, labels, understood, offsets, options, notes);
  const isMixed = new Set(lists.map((list) => list.quantity === "irradiance")).size > 1;
  const groups = new Map<Quantity, ReadingList[]>();
  for (const list of lists) {
    const quantity = isMixed ? list.quantity : quantityOf(list, unit);
    groups.set(quantity, [...(groups.get(quantity) ?? []), list]);
  }
  const series: SettledSeries[] = [];
  for (const [quantity, group] of groups) {
    const unitOfGroup = isIrradiance(unit) === (quantity === "irradiance") ? unit : usualUnit(quantity);
    const laid: ReturnType<typeof grid.lay>[] = [];
    for (const list of group) {
      laid.push(grid.lay(list));
      await rest();
    }
    const range = commonDays(file, quantity, laid, minutesPerDay / stepMinutes);
    const watts = wattsPer(unitOfGroup, stepMinutes);
    const settled: SettledSeries[] = [];
    for (const one of laid) {
      settled.push(grid.finish(one, range, quantity, watts, unitOfGroup));
      await rest();
    }
    series.push(...addParts(settled));
  }
  return { unit, isUnitAssumed, labels, stepMinutes, series, notes };
}

function findUnit(lists: readonly ReadingList[], understood: Understanding, options: ImportOptions) {
  const isSun = lists.every(({ quantity }) => quantity === "irradiance");
  const said = options.unit ?? understood.unit;
  return { unit: said ?? (isSun ? "W/m2" : "kW"), isUnitAssumed: said === null } as const;
}

function usualUnit(quantity: Quantity): UnitName {
  return quantity === "irradiance" ? "W/m2" : "kW";
}

/** The unit has the last word on whether the series of a file are irradiance, where they are not of both kinds. */
function quantityOf({ quantity }: ReadingList, unit: UnitName): Quantity {
  if (isIrradiance(unit)) return "irradiance";
  return quantity === "irradiance" ? "pv" : quantity;
}
