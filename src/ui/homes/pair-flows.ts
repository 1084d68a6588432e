import type { UnitStateJson } from "../live/api.ts";
import { listTraders } from "./community-sums.ts";

/** What flows now from one home to another over the bus [W]. */
interface PairFlow {
  readonly giver: string;
  readonly taker: string;
  readonly powerW: number;
}

/** Those who take share those who give in proportion to their power, as deals are told; the strongest first. */
export function listPairFlows(units: readonly UnitStateJson[]): PairFlow[] {
  const { givers, takers } = listTraders(units);
  const takenW = takers.reduce((sum, { gridPowerW }) => sum + gridPowerW, 0);
  const pairs = givers.flatMap((giver) =>
    takers.map((taker) => ({
      giver: giver.id,
      taker: taker.id,
      powerW: (-giver.gridPowerW * taker.gridPowerW) / takenW,
    })),
  );
  return pairs.sort((a, b) => b.powerW - a.powerW);
}
