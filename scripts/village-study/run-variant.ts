import exchange from "../../docs/examples/exchange.js";
import { Community, type CommunityData, type Energies, type GivenStep } from "../../src/laboratory/index.ts";
import { villageCalendar } from "../village-data/village.ts";
import { configurationOf, dataOf, type Variant } from "./variants.ts";

/** What of a year is kept: energies [Wh] of all homes together in each month, and of each home over the year. */
export interface VariantResult extends Variant {
  readonly months: readonly Sums[];
  readonly homes: { readonly [account: string]: readonly number[] };
  readonly commands: number;
}

type Sums = { readonly [account: string]: number };

const stepS = 900;
const daySeconds = 86_400;

/** The second at which each month ends. */
const monthEndsS = Array.from(
  { length: 12 },
  (_, index) => villageCalendar.filter(({ month }) => month <= index + 1).length * daySeconds,
);

/** Runs the first `months` months of a variant. */
export function runVariant(data: CommunityData, variant: Variant, months = 12): VariantResult {
  const community = Community.create({
    data: dataOf(data, variant),
    configuration: configurationOf(variant),
  });
  const told: Sums[] = [];
  let before = community.ledger();
  let commands = 0;
  for (const endS of monthEndsS.slice(0, months)) {
    while (community.timeS < endS) {
      const step: GivenStep = variant.exchanges ? exchange(community) : {};
      commands += step.actions?.length ?? 0;
      community.step({
        ...(step.actions && { actions: step.actions }),
        seconds: variant.exchanges ? stepS : daySeconds,
      });
    }
    const ledger = community.ledger();
    told.push(sumsBetween(before, ledger));
    before = ledger;
  }
  const homes = Object.entries(before).map(([account, column]) => [account, Array.from(column)]);
  return { ...variant, months: told, homes: Object.fromEntries(homes), commands };
}

function sumsBetween(before: Energies, after: Energies): Sums {
  const sums = Object.entries(after).map(([account, column]) => {
    const since = before[account as keyof Energies];
    return [account, column.reduce((sum, energy, home) => sum + (energy - (since[home] as number)), 0)];
  });
  return Object.fromEntries(sums);
}
