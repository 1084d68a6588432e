import fc from "fast-check";
import { expect } from "vitest";
import type { RecordStorage } from "../../src/community/records/record-storage.ts";
import { replayUnit } from "../../src/community/records/replay.ts";
import { createCommunity, steps, text } from "../community/chapter-lives.ts";
import { checkAsync, commandOrFault as command, wait } from "../community/random-requests.ts";
import type { TestEmulator } from "../support/emulators.ts";

const dayS = 86_400;
/** Real time [ms] of a simulated day at acceleration 8. */
const dayMs = (dayS * 1000) / 8;

/** Days full of commands, and restarts with other parameters and data among them. */
const lives = fc.array(
  fc.tuple(fc.nat(2 * dayMs), fc.array(fc.tuple(wait, command), { maxLength: 8 }), steps),
  {
    minLength: 3,
    maxLength: 7,
  },
);

/** What is told of the past, and what readings of it are made of, to the bit. */
async function tellAll(tested: TestEmulator, forgetsData: boolean): Promise<Map<string, unknown>> {
  const told = new Map<string, unknown>();
  const untilS = tested.emulator.recordUntil(tested.emulator.paceAt(tested.wallMs).nowS);
  const units = tested.storage.highestUnitNumber();
  for (const path of [
    "/data/output/indivLog.csv?to=999",
    "/data/output/summary.csv?to=999",
    "/commands?format=csv&to=999",
  ])
    told.set(path, await text(tested, path));
  const ofUnits = Array.from({ length: units }, (_, index) => `unit=E00${index + 1}`);
  for (const of of [...ofUnits, "map=rsoc", "unit=all"])
    for (const span of [
      "resolution=5400",
      `from=${dayS + 1234}&to=${2 * dayS}&resolution=600`,
      `from=${3 * dayS}&to=${6 * dayS}`,
    ])
      told.set(`${of} ${span}`, await text(tested, `/history?${of}&${span}`));
  if (forgetsData) return told;
  const chapters = tested.emulator.readChapters();
  for (let unit = 1; unit <= units; unit++)
    for (let fromS = 777.7; fromS < untilS; fromS += 1.61 * dayS) {
      const replay = replayUnit(tested.storage, chapters, unit, fromS, fromS + 2 * dayS);
      const readings = [0, 0.2, 0.7, 1.4].map((days) => replay.readAt(Math.min(untilS, fromS + days * dayS)));
      // What a state has of energies is what flowed since its last event, from which it runs again.
      const numbers = readings.map(
        (past) => past && { ...past, settings: { ...past.settings, finishedDays: 0 } },
      );
      told.set(`E00${unit} from ${fromS}`, numbers);
    }
  return told;
}

const keepAll = (storage: RecordStorage) => {
  storage.replaceEvents = () => false;
};

/** Lives the same twice, once with all states kept, and holds what is told of both against each other. */
export async function checkShortened(runs: number): Promise<void> {
  let shortened = 0;
  await checkAsync(
    fc.asyncProperty(lives, fc.boolean(), async (script, forgetsData) => {
      const live = async (keepsAll: boolean) => {
        const tested = createCommunity({ atEndOfData: "repeat" });
        if (keepsAll) keepAll(tested.storage);
        let parameters: Record<string, unknown> = { atEndOfData: "repeat" };
        for (const [daysMs, commands, restarts] of script) {
          for (const [waitMs, path] of commands) {
            tested.wallMs += waitMs;
            await tested.get(path);
          }
          for (const [waitMs, step] of restarts) {
            tested.wallMs += waitMs;
            if (typeof step === "string") await tested.get(step);
            else {
              parameters = { ...parameters, ...step.parameters, atEndOfData: "repeat" };
              tested.evict(parameters, step.data);
            }
          }
          tested.wallMs += daysMs;
          if (daysMs % 3 === 0) tested.evict(parameters);
          if (daysMs % 2 === 0) tested.emulator.recordUntil(tested.emulator.paceAt(tested.wallMs).nowS);
        }
        tested.wallMs += 9 * dayMs;
        await tested.get("/set/dcdc/E001?mode=0x0014&dvg=350&dig=1");
        if (forgetsData) {
          tested.data.delete("even");
          tested.evict(parameters, "sunny");
        }
        return tested;
      };
      const [whole, short] = [await live(true), await live(false)];
      const [wanted, told] = [await tellAll(whole, forgetsData), await tellAll(short, forgetsData)];
      for (const [what, of] of wanted) expect(told.get(what), what).toEqual(of);
      for (let unit = 1; unit <= short.storage.highestUnitNumber(); unit++)
        shortened += short.storage.readEvents(unit, 0, 1e9).filter(({ isWhole }) => !isWhole).length;
    }),
    runs,
  );
  expect(shortened).toBeGreaterThan(5 * runs);
}
