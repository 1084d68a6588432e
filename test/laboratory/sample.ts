import { randomLcg } from "d3-random";
import type { CommunityData } from "../../src/laboratory/data.ts";

/** Data of so many homes as they might be: a sun by day, a demand with a peak in the evening. */
export function createData(homes: number, days: number, seed = 1): CommunityData {
  const random = randomLcg(seed);
  const hour = (index: number, perDay: number) => ((index % perDay) / perDay) * 24;
  const solar = Float64Array.from({ length: days * 24 }, (_, index) =>
    Math.max(0, Math.round(900 * random() * Math.sin(((hour(index, 24) - 6) / 12) * Math.PI))),
  );
  const demand = Array.from({ length: homes }, () =>
    Float64Array.from({ length: days * 48 }, (_, index) => {
      const isEvening = hour(index, 48) >= 18;
      return Math.round(100 + random() * (isEvening ? 1200 : 400));
    }),
  );
  return { solar, demand, firstDate: "2020-04-01" };
}
