import fc from "fast-check";
import { expect, test } from "vitest";
import { balanceResidualWh, createLedger, type Ledger } from "../../src/simulation/ledger.ts";
import { comesIn, goesOut, totalOf } from "../../src/ui/results/energy-parts.ts";

const names = Object.keys(createLedger()) as (keyof Ledger)[];

test("U70: Both sides of the flows differ by what an account misses in its balance, whatever homes have", () => {
  const amount = fc.double({ min: 0, max: 1e5, noNaN: true });
  const ledgers = fc.record(
    Object.fromEntries(names.map((name) => [name, amount])) as Record<keyof Ledger, typeof amount>,
  );
  fc.assert(
    fc.property(ledgers, (ledger) => {
      expect(totalOf(comesIn, ledger) - totalOf(goesOut, ledger)).toBeCloseTo(balanceResidualWh(ledger), 4);
    }),
  );
});
