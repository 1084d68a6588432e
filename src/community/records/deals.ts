import * as v from "valibot";
import { columnsOf, describe, number, ratio, text } from "../../notation/rows.ts";
import { formatDateTime } from "../../notation/simulated-time.ts";
import { formatUnitId } from "../../notation/unit-id.ts";
import { voltageReferenceOf } from "../../simulation/dc-bus.ts";
import { createWalk } from "../../simulation/segment.ts";
import type { UnitState } from "../../simulation/unit.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import { chapterAt, type OpenChapter } from "./chapter.ts";
import type { RecordStorage } from "./record-storage.ts";
import { openPast } from "./replay.ts";
import { passEvent } from "./unit-event.ts";

/*
 * Who gave to whom. On a bus with several givers there are no pairs: at each moment those who take share those who give in
 * proportion to their power. A deal is a longest stretch of time in which one of these flows is above zero. Powers on the
 * bus are constant between what is recorded of units, so that deals follow from the records alone and add up to the ledgers.
 */

/** A deal as it is told, within the span that was asked for. */
export const dealSchema = v.object({
  begin: describe(text, "when it began, or the beginning of the span that was asked for"),
  end: describe(v.nullable(text), "when it ended; null where it goes on at the end of the span"),
  fromS: describe(number, "`begin` [simulated s]"),
  toS: describe(number, "`end`, or the end of the span [simulated s]"),
  giver: text,
  taker: text,
  holder: describe(text, "who held the voltage meanwhile, one after the other"),
  meanCurrentA: describe(number, "mean current of this flow on the bus"),
  meanVoltageV: describe(number, "mean voltage of the bus"),
  transferredWh: describe(
    number,
    "what flowed over the bus: the ledgers' `fromDcGridWh` is the sum of these",
  ),
  givenWh: describe(
    ratio,
    "what it took from the giver's side: transferred + the share of the giver's converter loss; null where the data of that time are gone",
  ),
  gotWh: describe(
    ratio,
    "what came to the taker's side: transferred − the share of the taker's converter loss",
  ),
  lossesWh: describe(ratio, "`givenWh` − `gotWh`"),
  efficiency: describe(ratio, "`gotWh` / `givenWh`"),
});

export type Deal = Readonly<v.InferOutput<typeof dealSchema>>;

export const dealColumns = columnsOf(dealSchema);

interface DealSource {
  readonly storage: RecordStorage;
  readonly chapters: readonly OpenChapter[];
  readonly startTime: string;
}

/** A unit's part in what flows over the bus for a while. */
interface Flow {
  readonly number: number;
  readonly fromS: number;
  readonly toS: number;
  /** From the bus into the unit. */
  readonly powerW: number;
  readonly voltageV: number;
  /** Of its converter; NaN where the data are gone. */
  readonly lossW: number;
}

interface OpenDeal {
  readonly giver: number;
  readonly taker: number;
  readonly fromS: number;
  toS: number;
  readonly holders: Set<number>;
  chargeAs: number;
  energyWs: number;
  givenLossWs: number;
  takenLossWs: number;
}

/**
 * Deals of the first `units` from `fromS` to `toS`, which has come, in the order in which they ended and cut at the ends of the
 * span; some at a time, mostly none, so that others may have their turn between.
 */
export function* listDeals(source: DealSource, units: number, fromS: number, toS: number): Generator<Deal[]> {
  const open = new Map<string, OpenDeal>();
  for (let beginS = fromS; beginS < toS; ) {
    const endS = Math.min(toS, (Math.floor(beginS / secondsPerDay) + 1) * secondsPerDay);
    const holderChanges = source.storage.readBusEvents(beginS, endS).map(({ timeS, bus }) => ({
      timeS,
      holder: voltageReferenceOf(bus),
    }));
    const flows: Flow[] = [];
    if (holderChanges.some(({ holder }) => holder !== null)) {
      for (let number = 1; number <= units; number++) {
        for (const flow of listFlows(source, number, beginS, endS)) flows.push(flow);
        yield [];
      }
    }
    const ended = shareOut(flows, holderChanges, open, endS);
    yield ended.map((deal) => tell(deal, source.startTime, false));
    beginS = endS;
  }
  const last = [...open.values()].map((deal) => tell(deal, source.startTime, deal.toS === toS));
  yield last;
}

/** What flows over the converter of a unit from `fromS` to `toS`, where anything does. */
function* listFlows(
  { storage, chapters }: DealSource,
  number: number,
  fromS: number,
  toS: number,
): Generator<Flow> {
  const past = openPast(storage, chapters, number, fromS, toS);
  let unit = past.unit;
  let beginS = fromS;
  for (const event of past.later) {
    if (event.timeS >= toS) break;
    yield* flowOf(chapters, unit, beginS, event.timeS);
    unit = passEvent(event, unit);
    beginS = event.timeS;
  }
  yield* flowOf(chapters, unit, beginS, toS);
}

function* flowOf(
  chapters: readonly OpenChapter[],
  unit: UnitState | null,
  beginS: number,
  toS: number,
): Generator<Flow> {
  if (unit === null || unit.dcGridCurrentA === 0) return;
  const fromS = Math.max(beginS, unit.dcGridFlowFromS);
  const { world } = chapterAt(chapters, beginS);
  if (fromS >= toS || world?.powerFlowEnabled === false) return;
  const { number, dcGridCurrentA, dcGridVoltageV: voltageV } = unit;
  const lossW = world === null ? Number.NaN : createWalk(unit, world).segment.converterLossW;
  yield { number, fromS, toS, powerW: dcGridCurrentA * voltageV, voltageV, lossW };
}

/** Adds what flowed until `endS` to the deals that are open; gives those that ended before, which are open no more. */
function shareOut(
  flows: readonly Flow[],
  holderChanges: readonly { readonly timeS: number; readonly holder: number | null }[],
  open: Map<string, OpenDeal>,
  endS: number,
): OpenDeal[] {
  const ended: OpenDeal[] = [];
  const coming = flows.toSorted((a, b) => a.fromS - b.fromS);
  const moments = [...new Set(flows.flatMap(({ fromS, toS }) => [fromS, toS]))].sort((a, b) => a - b);
  let present: Flow[] = [];
  let at = 0;
  for (let i = 0; i + 1 < moments.length; i++) {
    const fromS = moments[i] as number;
    const toS = moments[i + 1] as number;
    present = present.filter((flow) => flow.toS > fromS);
    for (; at < coming.length && (coming[at] as Flow).fromS <= fromS; at++) present.push(coming[at] as Flow);
    const holder = holderChanges.findLast(({ timeS }) => timeS <= fromS)?.holder ?? null;
    addFlows(present, fromS, toS, holder, open);
    closeEnded(open, toS, ended);
  }
  closeEnded(open, endS, ended);
  return ended;
}

function addFlows(
  flows: readonly Flow[],
  fromS: number,
  toS: number,
  holder: number | null,
  open: Map<string, OpenDeal>,
): void {
  const takers = flows.filter(({ powerW }) => powerW > 0);
  const takenW = takers.reduce((sum, { powerW }) => sum + powerW, 0);
  const lastsS = toS - fromS;
  for (const giver of flows) {
    if (giver.powerW >= 0) continue;
    for (const taker of takers) {
      const shareOfTaker = taker.powerW / takenW;
      const energyWs = -giver.powerW * shareOfTaker * lastsS;
      const deal = openDeal(open, giver.number, taker.number, fromS);
      deal.toS = toS;
      if (holder !== null) deal.holders.add(holder);
      deal.energyWs += energyWs;
      deal.chargeAs += energyWs / taker.voltageV;
      deal.givenLossWs += giver.lossW * shareOfTaker * lastsS;
      deal.takenLossWs += (taker.lossW * energyWs) / taker.powerW;
    }
  }
}

function openDeal(open: Map<string, OpenDeal>, giver: number, taker: number, fromS: number): OpenDeal {
  const key = `${giver} ${taker}`;
  const known = open.get(key);
  if (known?.toS === fromS) return known;
  const sums = { chargeAs: 0, energyWs: 0, givenLossWs: 0, takenLossWs: 0 };
  const deal = { giver, taker, fromS, toS: fromS, holders: new Set<number>(), ...sums };
  open.set(key, deal);
  return deal;
}

function closeEnded(open: Map<string, OpenDeal>, untilS: number, ended: OpenDeal[]): void {
  for (const [key, deal] of open) {
    if (deal.toS === untilS) continue;
    ended.push(deal);
    open.delete(key);
  }
}

function tell(deal: OpenDeal, startTime: string, goesOn: boolean): Deal {
  const { fromS, toS, chargeAs, energyWs } = deal;
  const transferredWh = energyWs / 3600;
  const isKnown = !Number.isNaN(deal.givenLossWs + deal.takenLossWs);
  const givenWh = isKnown ? transferredWh + deal.givenLossWs / 3600 : null;
  const gotWh = isKnown ? transferredWh - deal.takenLossWs / 3600 : null;
  return {
    begin: formatDateTime(startTime, fromS),
    end: goesOn ? null : formatDateTime(startTime, toS),
    fromS,
    toS,
    giver: formatUnitId(deal.giver),
    taker: formatUnitId(deal.taker),
    holder: [...deal.holders].map(formatUnitId).join(" "),
    meanCurrentA: chargeAs / (toS - fromS),
    meanVoltageV: energyWs / chargeAs,
    transferredWh,
    givenWh,
    gotWh,
    lossesWh: givenWh === null || gotWh === null ? null : givenWh - gotWh,
    efficiency: givenWh === null || gotWh === null ? null : gotWh / givenWh,
  };
}
