import exchange from "../../docs/examples/exchange.js";
import { Community, type CommunityData, type Energies, type GivenStep } from "../../src/laboratory/index.ts";
import { villageCalendar } from "../village-data/village.ts";
import { configurationOf, dataOf, outages, type Variant } from "./variants.ts";

/** What of a year is kept: every account of all homes together in each month, and of each home over the year. */
export interface VariantResult extends Variant {
  readonly months: readonly Sums[];
  /** The accounts in each outage, from its beginning to its end. */
  readonly outages: readonly Sums[];
  readonly homes: { readonly [account: string]: readonly number[] };
  readonly commands: number;
  /** How often a converter was protected. */
  readonly trips: number;
}

/** Every account of all homes together, mostly energies [Wh]. */
export type Sums = { readonly [account: string]: number };

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
  let commands = 0;
  let trips = 0;
  const goTo = (endS: number) => {
    while (community.timeS < endS) {
      const { actions }: GivenStep = variant.exchanges ? exchange(community) : {};
      commands += actions?.length ?? 0;
      const untilS = variant.exchanges ? Math.min(endS, community.timeS + stepS) : endS;
      const { events } = community.step({ ...(actions && { actions }), untilS });
      trips += events.filter(({ kind }) => kind === "trip").length;
    }
    return community.ledger();
  };
  const ledgers = new Map([[0, community.ledger()]]);
  const between = (startS: number, endS: number) =>
    sumsBetween(ledgers.get(startS) as Energies, ledgers.get(endS) as Energies);
  const endS = monthEndsS[months - 1] as number;
  const told = variant.hasOutages ? outages.filter((outage) => outage.endS <= endS) : [];
  const moments = [...monthEndsS.slice(0, months), ...told.flatMap(({ startS, endS }) => [startS, endS])];
  for (const momentS of moments.toSorted((a, b) => a - b)) ledgers.set(momentS, goTo(momentS));
  const homes = Object.entries(community.ledger()).map(([account, column]) => [account, Array.from(column)]);
  return {
    ...variant,
    months: monthEndsS
      .slice(0, months)
      .map((monthEndS, index) => between(monthEndsS[index - 1] ?? 0, monthEndS)),
    outages: told.map(({ startS, endS }) => between(startS, endS)),
    homes: Object.fromEntries(homes),
    commands,
    trips,
  };
}

function sumsBetween(before: Energies, after: Energies): Sums {
  const sums = Object.entries(after).map(([account, column]) => {
    const since = before[account as keyof Energies];
    return [account, column.reduce((sum, energy, home) => sum + (energy - (since[home] as number)), 0)];
  });
  return Object.fromEntries(sums);
}
