import type { Segment, Walk } from "./flow.ts";
import { at, type LimitedFlow, valueAt } from "./limited-powers.ts";
import { type Bill, nextPriceS, priceAt, type Tariff } from "./tariff.ts";

/*
 * What AC energy costs a home (docs/model.md, 3.9). A price that changes is no event, since no power follows it: the walk goes on,
 * and its bill notes what the part that ends there cost.
 */

/** A bill that begins nowhere yet, where AC energy has a price. */
export function allocateBill({ limited, world }: Pick<Segment, "limited" | "world">): Bill | null {
  if (limited === null || world.tariff === undefined) return null;
  const nothing = { importCost: 0, exportIncome: 0, solarWs: 0, demandWs: 0 };
  return { ...nothing, sinceS: 0, importPrice: 0, exportPrice: 0, nextPriceS: Number.NEGATIVE_INFINITY };
}

/** Begins the bill of `walk` where its segment begins. */
export function beginBill({ timeS, segment: { world } }: Readonly<Walk>, bill: Bill): void {
  bill.importCost = 0;
  bill.exportIncome = 0;
  bill.sinceS = timeS;
  bill.solarWs = 0;
  bill.demandWs = 0;
  if (!(bill.nextPriceS > timeS)) setPrices(bill, world.tariff as Tariff, timeS);
}

function setPrices(bill: Bill, tariff: Tariff, timeS: number): void {
  bill.importPrice = priceAt(tariff.importPrices, timeS);
  bill.exportPrice = priceAt(tariff.exportPrices, timeS);
  bill.nextPriceS = nextPriceS(tariff, timeS);
}

/** Notes in the bill of `walk`, which has come to where a price changes, what the part before cost. */
export function passPrice(walk: Readonly<Walk>, bill: Bill): void {
  const { timeS, solarWs, demandWs } = walk;
  const { importCost, exportIncome } = sumBill(walk, bill);
  bill.importCost = importCost;
  bill.exportIncome = exportIncome;
  bill.sinceS = timeS;
  bill.solarWs = solarWs;
  bill.demandWs = demandWs;
  setPrices(bill, walk.segment.world.tariff as Tariff, timeS);
}

/** What the home has paid and earned from its last event to where `walk` is. */
export function sumBill(walk: Readonly<Walk>, bill: Readonly<Bill>) {
  const { powers, hasSurplus } = walk.segment.limited as LimitedFlow;
  const hours = (walk.timeS - bill.sinceS) / 3600;
  const solarWh = (walk.solarWs - bill.solarWs) / 3600;
  const demandWh = (walk.demandWs - bill.demandWs) / 3600;
  const boughtWh = valueAt(powers, at.acIntake, hours, solarWh, demandWh);
  const soldWh = hasSurplus ? valueAt(powers, at.sold, hours, solarWh, demandWh) : 0;
  return {
    importCost: bill.importCost + (boughtWh * bill.importPrice) / 1000,
    exportIncome: bill.exportIncome + (soldWh * bill.exportPrice) / 1000,
  };
}
