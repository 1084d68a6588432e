import * as v from "valibot";
import { batteryCapacityWh } from "../../input/homes/complete-home.ts";
import type { InParts } from "../../notation/in-parts.ts";
import { describe, number, ratio, text } from "../../notation/rows.ts";
import { formatDateTime, toCalendar } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { storedEnergyWh } from "../../simulation/battery.ts";
import { accounts, addLedger, createLedger, type Ledger } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { chapterBefore, listChapterEnds, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { replayUnit } from "./replay.ts";
import { summarize } from "./summary.ts";

/*
 * What came of a span: every account of the ledger over it, by hours, days or months of the calendar, for the community and for
 * each home. All are differences of the same integrals, so that bars add up to totals and homes to the community.
 */

/** What bins may be, from the shortest on. */
export const binNames = ["hour", "day", "month", "span"] as const;
type BinName = (typeof binNames)[number];

/** Most bins of one answer, and most bins times homes. */
const mostBins = 2000;
const mostHomeBins = 200_000;

const energiesOf = <S extends v.GenericSchema>(schema: S) =>
  v.object(Object.fromEntries(accounts.map((name) => [name, schema])) as Record<keyof Ledger, S>);

const sumsSchema = v.object({
  energies: describe(energiesOf(number), "every account of the ledger over the span"),
  selfSufficiency: describe(ratio, "share of the demand that did not come from AC, as in `/summary`"),
  selfConsumption: describe(ratio, "share of the sun that was not curtailed"),
  batteryCycles: describe(ratio, "full cycles: energy in and out over twice the capacity at the end"),
});

/** What `/results` tells. */
export const resultsSchema = v.object({
  fromS: describe(number, "the beginning of the span [simulated s]"),
  toS: describe(number, "its end, the present at the latest [simulated s]"),
  by: describe(v.picklist(binNames), "what each bin is; longer than asked for where there would be too many"),
  timeS: describe(v.array(number), "when each bin begins [simulated s]"),
  time: describe(v.array(text), "the same as dates"),
  lengthS: describe(v.array(number), "how long each is; the first and the last may be shorter [simulated s]"),
  isKnown: describe(
    v.boolean(),
    "false where the data of a part of the span are gone: what follows is of the rest",
  ),
  total: sumsSchema,
  energies: describe(energiesOf(v.array(number)), "every account, for each bin"),
  homes: v.array(v.object({ unit: text, ...sumsSchema.entries })),
});

export type Results = v.InferOutput<typeof resultsSchema>;
type Sums = v.InferOutput<typeof sumsSchema>;

interface ResultsSource {
  readonly storage: RecordStorage;
  readonly chapters: readonly OpenChapter[];
  readonly startTime: string;
}

interface Asked {
  /** Numbers of the homes whose energies are summed. */
  readonly units: readonly number[];
  readonly fromS: number;
  readonly toS: number;
  readonly by: BinName;
}

/** Energies of `units` from `fromS` to `toS`, which has come. */
export function* readResults(
  source: ResultsSource,
  { units, fromS, toS, by: asked }: Asked,
): InParts<Results> {
  const { chapters, startTime } = source;
  const { by, edgesS } = placeBins(startTime, fromS, toS, asked, units.length);
  const beginsS = edgesS.slice(0, -1);
  const sums = beginsS.map(createLedger);
  const homes: (Sums & { unit: string })[] = [];
  const last = chapterBefore(chapters, toS);
  let capacitiesWh = 0;
  for (const unit of units) {
    const ofBins = yield* readUnitBins(source, unit, edgesS);
    const total = createLedger();
    ofBins.forEach((ledger, index) => {
      addLedger(total, ledger);
      addLedger(sums[index] as Ledger, ledger);
    });
    const capacityWh = capacityIn(last, unit);
    capacitiesWh += capacityWh;
    homes.push({ unit: formatUnitId(unit), ...describeSums(total, capacityWh) });
  }
  const total = createLedger();
  for (const ledger of sums) addLedger(total, ledger);
  const endsS = listChapterEnds(chapters);
  return {
    fromS,
    toS,
    by,
    timeS: beginsS,
    time: beginsS.map((timeS) => formatDateTime(startTime, timeS)),
    lengthS: beginsS.map((beginS, index) => (edgesS[index + 1] as number) - beginS),
    isKnown: !chapters.some(
      (chapter, index) => chapter.world === null && chapter.fromS < toS && (endsS[index] as number) > fromS,
    ),
    total: describeSums(total, capacitiesWh),
    energies: mapAccounts((name) => sums.map((ledger) => ledger[name])),
    homes,
  };
}

/** Bins that are read of a home in one part. */
const binsAtOnce = 50;

function* readUnitBins(source: ResultsSource, unit: number, edgesS: readonly number[]): InParts<Ledger[]> {
  const { storage, chapters } = source;
  const firstS = edgesS[0] as number;
  const replay = replayUnit(storage, chapters, unit, firstS, edgesS.at(-1) as number, undefined, true);
  // What is done at an edge belongs to the bin that begins there; what is done at the very end is not told of.
  const read = (timeS: number) => {
    const now = replay.readComing(timeS);
    const reading = now?.reading;
    const storedWh = reading
      ? storedEnergyWh(reading.stateOfChargePercent, capacityIn(chapterBefore(chapters, timeS), unit))
      : 0;
    return { energies: now?.energies ?? replay.passedEnergies(), storedWh };
  };
  let before = read(firstS);
  if (firstS === chapters[0]?.fromS) before.storedWh = readBegunWh(source, unit, firstS);
  const ledgers: Ledger[] = [];
  for (let index = 1; index < edgesS.length; index++) {
    const after = read(edgesS[index] as number);
    const ledger = createLedger();
    for (const name of accounts) ledger[name] = after.energies[name] - before.energies[name];
    // What is not flow is not run again: it is what flows do not explain of what is stored.
    ledger.setByHandWh = after.storedWh - before.storedWh - ledger.batteryChangeWh;
    ledgers.push(ledger);
    before = after;
    if (index % binsAtOnce === 0) yield;
  }
  yield;
  return ledgers;
}

/** What a unit stored with which the run began, before anything was set by hand [Wh]; 0 where it came later. */
function readBegunWh({ storage, chapters }: ResultsSource, unit: number, beganS: number): number {
  const event = storage.readEvents(unit, beganS, beganS).findLast(({ timeS }) => timeS === beganS);
  const [first] = chapters;
  if (event?.isWhole !== true || event.state === null || !first?.world) return 0;
  const { stateOfChargePercent, today, finishedDays } = event.state;
  const begunWh = storedEnergyWh(stateOfChargePercent, capacityIn(first, unit));
  return begunWh - today.setByHandWh - finishedDays.setByHandWh;
}

/** Capacity of a unit's battery [Wh], 0 where the data are gone. Of a unit that came later no home may be loaded. */
function capacityIn({ world, config }: OpenChapter, unit: number): number {
  return world === null ? 0 : batteryCapacityWh(config, unit);
}

function describeSums(ledger: Ledger, capacityWh: number): Sums {
  const { ssr_real, sor } = summarize("", ledger, 0);
  const throughputWh = 2 * ledger.batteryChargedWh - ledger.batteryChangeWh;
  return {
    energies: { ...ledger },
    selfSufficiency: ssr_real,
    selfConsumption: sor,
    batteryCycles: capacityWh === 0 ? null : throughputWh / (2 * capacityWh),
  };
}

function mapAccounts<T>(tell: (name: keyof Ledger) => T): Record<keyof Ledger, T> {
  return Object.fromEntries(accounts.map((name) => [name, tell(name)])) as Record<keyof Ledger, T>;
}

/** The bins that were asked for, or longer ones where there would be too many, and where they begin and end [simulated s]. */
function placeBins(
  startTime: string,
  fromS: number,
  toS: number,
  asked: BinName,
  units: number,
): { by: BinName; edgesS: number[] } {
  const most = Math.min(mostBins, Math.max(1, Math.floor(mostHomeBins / Math.max(1, units))));
  for (const by of binNames.slice(binNames.indexOf(asked))) {
    const edgesS = [fromS];
    for (let nextS = nextEdge(startTime, fromS, by); nextS < toS; nextS = nextEdge(startTime, nextS, by)) {
      edgesS.push(nextS);
      if (edgesS.length > most) break;
    }
    if (edgesS.length <= most) return { by, edgesS: [...edgesS, toS] };
  }
  return { by: "span", edgesS: [fromS, toS] };
}

/** Where the bin ends that begins at or lies around `timeS`. */
function nextEdge(startTime: string, timeS: number, by: BinName): number {
  if (by === "span") return Number.POSITIVE_INFINITY;
  const lengthS = by === "hour" ? 3600 : secondsPerDay;
  const nextS = (Math.floor(timeS / lengthS) + 1) * lengthS;
  if (by !== "month") return nextS;
  const { year, month } = toCalendar(startTime, timeS);
  return (Date.UTC(year, month) - Date.parse(`${startTime}Z`)) / 1000;
}
