import { Emulator } from "../../src/community/state/emulator.ts";
import type { CommunityRequest } from "../../src/community/state/request.ts";
import type { UnitChange } from "../../src/simulation/commands.ts";
import { type Figure, formatNumber, type Workspace } from "./figures.ts";
import { createSurroundings } from "./sample-world.ts";
import { median, timeRuns } from "./timing.ts";

/** What the published emulator takes for one at 100 units [ms]. */
const publishedMs = 80;
/** Between two commands: 50 simulated seconds at an acceleration of 10. */
const pauseMs = 5000;

/** The commands of a deal between two units, over and over. */
const deal: readonly (readonly [unitNumber: number, change: UnitChange])[] = [
  [1, { converterMode: "gridAutonomy", targetBusVoltageV: 350, dcGridCurrentLimitA: 2 }],
  [2, { converterMode: "charging", dcGridCurrentLimitA: 2 }],
  [2, { dcGridCurrentLimitA: 3 }],
  [1, { targetBusVoltageV: 360 }],
  [2, { converterMode: "waiting", dcGridCurrentLimitA: 0 }],
  [1, { converterMode: "waiting" }],
];
const dealsInARun = 100;

/** The core's time of one /set/dcdc, without HTTP and storage. */
export async function measureSetDcdc({ inputFolder }: Workspace): Promise<Figure[]> {
  const few = await timeCommand(inputFolder, 100);
  const many = await timeCommand(inputFolder, 1000);
  return [
    {
      name: "one /set/dcdc, 100 units",
      value: few,
      unit: "ms",
      target: { most: 0.2 },
      comparison: `${formatNumber(publishedMs / few)} × as fast as published (80 ms)`,
    },
    { name: "one /set/dcdc, 1,000 units", value: many, unit: "ms" },
    { name: "its ratio, 1,000 to 100 units", value: many / few, unit: "×", target: { most: 10 } },
  ];
}

async function timeCommand(inputFolder: string, units: number): Promise<number> {
  const emulator = new Emulator(await createSurroundings(inputFolder, units), 0);
  let wallMs = 0;
  const run = () => {
    for (let count = 0; count < dealsInARun; count++) {
      for (const [unitNumber, change] of deal) {
        wallMs += pauseMs;
        const request: CommunityRequest = { kind: "changeUnit", unitNumber, change, echo: {}, reply: "set" };
        if (!emulator.answer(request, wallMs).ok) throw new Error("A command was refused");
      }
    }
  };
  await timeRuns(3, run);
  return median(await timeRuns(7, run)) / (dealsInARun * deal.length);
}
