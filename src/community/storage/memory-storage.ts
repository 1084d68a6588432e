import { addLedger, createLedger, type Departure, type Ledger } from "../../simulation/ledger.ts";
import { secondsPerDay } from "../../simulation/world.ts";
import type {
  BusEvent,
  CommandRecord,
  DayRecord,
  RecordStorage,
  UnitEvent,
} from "../records/record-storage.ts";
import type { Run } from "../records/run.ts";
import type { Progress } from "../sinks/progress.ts";
import type { CommunityStorage, StoredChange, StoredCommunity, StoredUnit } from "./storage.ts";

/** Keeps a community in memory, as text like a database would, for tests and headless runs. */
export function createMemoryStorage(): CommunityStorage {
  let kept: string | null = null;
  let days: DayRecord[] = [];
  let departed: Record<number, Record<number, Ledger>> = {};
  let events: UnitEvent[] = [];
  let buses: BusEvent[] = [];
  let commands: CommandRecord[] = [];
  let progress: Progress | null = null;
  let lastId = 0;
  let run: Run | null = null;
  const load = (): StoredCommunity | null => (kept === null ? null : JSON.parse(kept));
  return {
    load,
    save(change) {
      const before = load();
      kept = JSON.stringify(merge(before, change));
      if (change.restart) [days, departed, events, buses, commands] = [[], {}, [], [], []];
      events.push(...listEvents(before, change));
      for (const departure of change.departed ?? []) addDeparture(departed, change.timeS, departure);
      if (change.bus !== undefined) buses.push({ timeS: change.timeS, bus: structuredClone(change.bus) });
      const { timeS, command } = change;
      if (command !== undefined) commands.push({ id: ++lastId, ...command, timeS });
      run = change.run ?? run;
    },
    readBusEvents(fromS, toS) {
      const first = buses.findLastIndex((event) => event.timeS <= fromS);
      return buses.slice(Math.max(0, first)).filter((event) => event.timeS <= toS);
    },
    readProgress: () => progress,
    keepProgress(kept) {
      progress = kept;
    },
    readRun: () => run,
    readCommands: (afterId, limit) => commands.filter(({ id }) => id > afterId).slice(0, limit),
    forgetBefore(day) {
      const endS = (day + 1) * secondsPerDay;
      days = days.filter((record) => record.day >= day);
      for (const old of Object.keys(departed)) if (Number(old) < day) delete departed[Number(old)];
      events = events.filter(
        ({ unitNumber, timeS }, index) =>
          timeS >= endS || !events.some((later, i) => i > index && later.unitNumber === unitNumber),
      );
    },
    ...readRecords(
      () => days,
      () => departed,
      () => events,
    ),
  };
}

function merge(before: StoredCommunity | null, change: StoredChange): Partial<StoredCommunity> {
  const { units: changed = [], unitCount, clock, bus, lastSave } = change;
  const units: StoredUnit[] = before?.units ?? [];
  for (const unit of changed) units[unit.state.number - 1] = unit;
  const parts = Object.entries({ clock, bus, lastSave }).filter(([, value]) => value !== undefined);
  return { lastSave: null, ...before, ...Object.fromEntries(parts), units: units.slice(0, unitCount) };
}

function listEvents(
  before: StoredCommunity | null,
  { units = [], unitCount, timeS }: StoredChange,
): UnitEvent[] {
  const changed = units.map(({ state }) => ({
    unitNumber: state.number,
    timeS,
    state: structuredClone(state),
  }));
  const removed = unitCount === undefined ? [] : (before?.units ?? []).slice(unitCount);
  return [...changed, ...removed.map(({ state }) => ({ unitNumber: state.number, timeS, state: null }))];
}

function addDeparture(
  departed: Record<number, Record<number, Ledger>>,
  timeS: number,
  { number, ledger }: Departure,
): void {
  const day = Math.floor(timeS / secondsPerDay);
  departed[day] ??= {};
  departed[day][number] ??= createLedger();
  addLedger(departed[day][number], ledger);
}

function readRecords(
  days: () => DayRecord[],
  departed: () => Record<number, Record<number, Ledger>>,
  events: () => UnitEvent[],
): Omit<RecordStorage, "readRun" | "readCommands" | "readBusEvents" | "forgetBefore"> {
  const readDeparted = (day: number) =>
    Object.entries(departed()[day] ?? {}).map(([number, ledger]) => ({
      number: Number(number),
      ledger: { ...ledger },
    }));
  return {
    firstDay: () => days()[0]?.day ?? 0,
    appendDay: ({ day, units }) => void days().push({ day, units: units.slice() }),
    findDay: (day) => days().findLast((record) => record.day <= day) ?? null,
    readDays: (from, to) =>
      days()
        .filter((record) => record.day >= from && record.day <= to)
        .map((record) => ({ ...record, departed: readDeparted(record.day) })),
    readDeparted,
    readEvents(unitNumber, fromS, toS) {
      const all = events().filter((event) => event.unitNumber === unitNumber && event.timeS <= toS);
      const first = all.findLastIndex((event) => event.timeS <= fromS);
      return all.slice(Math.max(0, first));
    },
    highestUnitNumber: () => events().reduce((highest, event) => Math.max(highest, event.unitNumber), 0),
  };
}
