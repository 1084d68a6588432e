import type { Segment, Walk } from "./flow.ts";
import { at, type LimitedFlow, valueAt } from "./limited-powers.ts";
import { type Bill, nextPriceS, priceAt, type Tariff } from "./tariff.ts";

/*
 * What AC energy costs a home (docs/model.md, 3.9). A price that changes is no event, since no power follows it: the walk goes on,
 * and its bill notes what was taken and sold until then.
 */

/** A bill that begins nowhere yet, where AC energy has a price. */
export function allocateBill({ limited, world }: Pick<Segment, "limited" | "world">): Bill | null {
  if (limited === null || world.tariff === undefined) return null;
  return {
    acIntakeWh: 0,
    soldWh: 0,
    importCost: 0,
    exportIncome: 0,
    importPrice: 0,
    exportPrice: 0,
    nextPriceS: Number.NEGATIVE_INFINITY,
  };
}

/** Begins the bill of `walk` where its segment begins. */
export function beginBill({ timeS, segment: { world } }: Readonly<Walk>, bill: Bill): void {
  bill.acIntakeWh = 0;
  bill.soldWh = 0;
  bill.importCost = 0;
  bill.exportIncome = 0;
  if (!(bill.nextPriceS > timeS)) setPrices(bill, world.tariff as Tariff, timeS);
}

/** Notes in the bill of a walk, which has come to `timeS` where a price changes, what was taken and sold until there. */
export function passPrice(
  bill: Bill,
  segment: Readonly<Segment>,
  { powers, hasSurplus }: LimitedFlow,
  timeS: number,
  solarWs: number,
  demandWs: number,
): void {
  const hours = (timeS - segment.unit.timeS) / 3600;
  const solarWh = solarWs / 3600;
  const demandWh = demandWs / 3600;
  const acIntakeWh = valueAt(powers, at.acIntake, hours, solarWh, demandWh);
  const soldWh = hasSurplus ? valueAt(powers, at.sold, hours, solarWh, demandWh) : 0;
  bill.importCost = costOf(bill, acIntakeWh);
  bill.exportIncome = incomeOf(bill, soldWh);
  bill.acIntakeWh = acIntakeWh;
  bill.soldWh = soldWh;
  setPrices(bill, segment.world.tariff as Tariff, timeS);
}

/** What a home pays since its last event that has taken `acIntakeWh` since then. */
export function costOf(bill: Readonly<Bill>, acIntakeWh: number): number {
  return bill.importCost + ((acIntakeWh - bill.acIntakeWh) * bill.importPrice) / 1000;
}

/** What a home earns since its last event that has sold `soldWh` since then. */
export function incomeOf(bill: Readonly<Bill>, soldWh: number): number {
  return bill.exportIncome + ((soldWh - bill.soldWh) * bill.exportPrice) / 1000;
}

function setPrices(bill: Bill, tariff: Tariff, timeS: number): void {
  bill.importPrice = priceAt(tariff.importPrices, timeS);
  bill.exportPrice = priceAt(tariff.exportPrices, timeS);
  bill.nextPriceS = nextPriceS(tariff, timeS);
}
