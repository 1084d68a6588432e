import fc from "fast-check";
import { expect } from "vitest";
import type { CommandLog } from "../../src/community/records/command-log.ts";
import {
  type CommunityHistory,
  powerNames,
  readUnitHistory,
  type UnitHistory,
} from "../../src/community/records/history.ts";
import { readAccounts, type SummaryRow, summarizeDays } from "../../src/community/records/summary.ts";
import type { Summary } from "../../src/community/records/totals.ts";
import { collectBatch } from "../../src/community/sinks/batch.ts";
import { beginProgress } from "../../src/community/sinks/progress.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { readConfig } from "../../src/input/config/read-config.ts";
import { createLedger, type Ledger } from "../../src/simulation/ledger.ts";
import {
  checkAsync,
  commandOrFault as command,
  query,
  rates,
  variedInput,
  wait,
} from "../community/random-requests.ts";
import { atInterval, createTestEmulator, type TestEmulator } from "../support/emulators.ts";
import { repeatRun } from "../support/whole-runs.ts";

const parameters = { units: 3, solarUnit: "W" };
const worldOf = (config: Config) => createWorld(config, atInterval(variedInput, config));
const startTime = readConfig(parameters).startTime;
const daySeconds = 86_400;
const dayMs = daySeconds * 1000;

const step = fc.oneof(
  { weight: 10, arbitrary: command },
  { weight: 1, arbitrary: query },
  { weight: 3, arbitrary: fc.constantFrom("/add/unit", "/remove/unit", "/save", "/get/last", "/restart") },
  { weight: 1, arbitrary: fc.constantFrom(...rates).map((rate) => `/set/acc/${rate}`) },
  { weight: 1, arbitrary: fc.constantFrom("/time/hold", "/time/run") },
  { weight: 1, arbitrary: fc.constantFrom("/summary", "/restart?clock=start") },
  { weight: 2, arbitrary: fc.constant("evict") },
  {
    weight: 1,
    // What begins a chapter.
    arbitrary: fc.constantFrom<Record<string, unknown>>(
      { batterySize: { default: 3000, E002: 9000 } },
      { batterySize: { default: 4800 } },
      { DCCstLoss: 150 },
      { demandIntervalMinutes: "60" },
      { doUpdates: false },
      { doUpdates: true },
    ),
  },
);
/** Simulated time between requests: none, moments, hours, up to the next midnight exactly, or a day and more. */
const gap = fc.oneof(
  { weight: 3, arbitrary: wait.map((ms) => ({ ms: ms / 4, toMidnight: false })) },
  { weight: 1, arbitrary: fc.nat(1.2 * dayMs).map((ms) => ({ ms, toMidnight: false })) },
  { weight: 1, arbitrary: fc.constant({ ms: 0, toMidnight: true }) },
);
const script = fc.record({
  steps: fc.array(fc.tuple(gap, step), { maxLength: 40 }),
  fromDay: fc.nat(3),
  days: fc.integer({ min: 1, max: 4 }),
  resolutionS: fc.constantFrom(300, 720, 1800, 3600, 10_800, 21_600, 43_200, 86_400),
});

/** What a history's powers are called in the energies of a ledger. */
const energiesOf: Readonly<Record<(typeof powerNames)[number], (of: Ledger) => number>> = {
  solarW: (of) => of.solarWh - of.curtailedSolarWh,
  demandW: (of) => of.demandWh,
  acIntakeW: (of) => of.acIntakeWh,
  gridW: (of) => of.fromDcGridWh - of.toDcGridWh,
  exchangeW: (of) => of.fromDcGridWh,
  batteryW: (of) => of.batteryChangeWh,
  acLossW: (of) => of.acLossWh,
  dcLossW: (of) => of.dcLossWh,
  curtailedW: (of) => of.curtailedSolarWh,
  shortfallW: (of) => of.shortfallWh,
  wastedW: (of) => of.wastedWh,
};

/**
 * Runs random sequences of commands and chapters and compares, for random spans, what summaries, files, a headless run and databases
 * tell with the integral of the history: for every unit number, every day and the community.
 */
export async function checkBooks(runs: number): Promise<void> {
  await checkAsync(
    fc.asyncProperty(script, async ({ steps, ...span }) => {
      const tested = createTestEmulator({ ...parameters, acceleration: 1 }, variedInput);
      let changed = {};
      for (const [{ ms, toMidnight }, path] of steps) {
        await pass(tested, ms, toMidnight);
        if (typeof path !== "string") changed = { ...changed, ...path };
        if (typeof path !== "string" || path === "evict") tested.evict(changed);
        else await tested.get(path);
      }
      await tested.get("/set/acc/1");
      tested.wallMs += 1.3 * dayMs;
      await compareSpan(tested, span);
      await compareTellers(tested);
    }),
    runs,
  );
}

async function pass(tested: TestEmulator, ms: number, toMidnight: boolean): Promise<void> {
  tested.wallMs += ms;
  if (!toMidnight) return;
  const { nowS, perMs } = tested.emulator.paceAt(tested.wallMs);
  const leftS = (Math.floor(nowS / daySeconds) + 1) * daySeconds - nowS;
  if (perMs > 0) tested.wallMs += leftS / perMs;
}

const ask = async <T>(tested: TestEmulator, path: string) => {
  const response = await tested.get(path);
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
};

function integrate({ lengthS }: UnitHistory | CommunityHistory, means: readonly (number | null)[]): number {
  return means.reduce<number>((sum, mean, bin) => sum + ((mean ?? 0) * (lengthS[bin] as number)) / 3600, 0);
}

/** Allowed difference of an energy [Wh]: of what is rounded to millionths, and of sums of what flowed. */
const allowedWh = (throughputWh: number) => 1e-3 + 1e-9 * throughputWh;
const throughputOf = (ledgers: readonly Ledger[]) =>
  ledgers.flatMap((ledger) => Object.values(ledger) as number[]).reduce((sum, wh) => sum + Math.abs(wh), 0);

async function compareSpan(
  tested: TestEmulator,
  wanted: { fromDay: number; days: number; resolutionS: number },
): Promise<void> {
  const { resolutionS } = wanted;
  const fromDay = wanted.fromDay % ((await ask<Summary>(tested, "/summary")).toDay + 1);
  const summary = await ask<Summary>(tested, `/summary?from=${fromDay}&to=${fromDay + wanted.days - 1}`);
  const { toDay, rows, totals } = summary;
  expect(toDay).toBeGreaterThanOrEqual(fromDay);
  const records = [...tested.storage.readDays(fromDay, toDay)];
  const accounts = records.map(readAccounts);
  const allowed = allowedWh(throughputOf(accounts.flat()));
  expect(totals.balanceResidualWh).toBeLessThan(allowed);

  const spanS = { fromS: fromDay * daySeconds, toS: (toDay + 1) * daySeconds };
  const source = { storage: tested.storage, chapters: tested.emulator.readChapters(), startTime };
  for (let number = 1; number <= tested.storage.highestUnitNumber(); number++) {
    for (const [index, account] of [...accounts.map((day) => day[number - 1]), undefined].entries()) {
      // The last comparison is that of the whole span.
      const isWhole = index === accounts.length;
      const fromS = isWhole ? spanS.fromS : spanS.fromS + index * daySeconds;
      const toS = isWhole ? spanS.toS : fromS + daySeconds;
      const history = readUnitHistory(source, number, { fromS, toS, resolutionS });
      const told = isWhole ? accounts.map((day) => day[number - 1]) : [account];
      for (const name of powerNames) {
        const wantedWh = told.reduce((sum, ledger) => sum + (ledger ? energiesOf[name](ledger) : 0), 0);
        const differenceWh = Math.abs(integrate(history, history[name]) - wantedWh);
        expect(differenceWh, `${name} of unit ${number} from ${fromS} s`).toBeLessThan(allowed);
      }
    }
  }

  const community = await ask<CommunityHistory>(
    tested,
    `/history?from=${spanS.fromS}&to=${spanS.toS}&resolution=${resolutionS}`,
  );
  expect([community.fromS, community.toS]).toEqual([spanS.fromS, spanS.toS]);
  const columns = {
    pv: "solarW",
    demand: "demandW",
    acin: "acIntakeW",
    wasted: "wastedW",
    wg: "exchangeW",
    deltaBatt: "batteryW",
  } as const;
  for (const [column, name] of Object.entries(columns)) {
    const wantedWh = rows.reduce((sum, row) => sum + row[column as keyof typeof columns], 0);
    expect(Math.abs(integrate(community, community[name]) - wantedWh), column).toBeLessThan(allowed);
  }
  for (const row of rows) checkRow(row, allowed);
}

function checkRow(row: SummaryRow, allowed: number): void {
  const { pv, acin, demand, loss, wasted, wasted_import, curtailed, deltaBatt, sor } = row;
  expect(Math.abs(pv + acin - demand - loss - wasted_import - deltaBatt), row.time).toBeLessThan(allowed);
  expect(Math.abs(curtailed + wasted_import - wasted)).toBeLessThan(allowed);
  for (const wh of [pv, curtailed, wasted_import, row.shortfall]) expect(wh).toBeGreaterThan(-allowed);
  if (sor !== null) expect(sor).toBeLessThanOrEqual(1 + 1e-9);
}

const nothing = createLedger();
/** What a headless run tells of each unit number. */
const columnsOfRun = {
  pv: energiesOf.solarW,
  demand: energiesOf.demandW,
  acin: energiesOf.acIntakeW,
  acloss: (of: Ledger) => of.acLossWh,
  dcloss: (of: Ledger) => of.dcLossWh,
  wasted: energiesOf.wastedW,
  exported: (of: Ledger) => of.toDcGridWh,
  imported: energiesOf.exchangeW,
  wastedImport: (of: Ledger) => of.wastedWh - of.curtailedSolarWh,
};

/** All that tell of days tell the same: the summary, its file, what a database gets, and the log performed again. */
async function compareTellers(tested: TestEmulator): Promise<void> {
  const { rows, toDay } = await ask<Summary>(tested, "/summary");
  const file = await ask<SummaryRow[]>(tested, "/data/output/summary.csv?format=json");
  const days = [...tested.storage.readDays(0, toDay)];
  expect(file).toEqual(JSON.parse(JSON.stringify(summarizeDays(days, startTime))));
  expect(file.slice(0, rows.length)).toEqual(rows);

  const chapters = () => tested.emulator.readChapters();
  const batches = { community: "x", storage: tested.storage, chapters };
  const { batch } = collectBatch(batches, beginProgress(0), 5 * daySeconds);
  expect(batch.days.map(({ day, ...row }) => row)).toEqual(summarizeDays(days, startTime).slice(0, -2));

  const log = await ask<CommandLog>(tested, "/commands");
  const again = await repeatRun(log, worldOf, "even", daySeconds);
  const accounts = days.map(readAccounts);
  for (const [key, energyOf] of Object.entries(columnsOfRun)) {
    const told = again.dailyEnergyWh.map((day) => day[key as keyof typeof columnsOfRun]);
    const wanted = accounts.map((day) => again.units.map((_, index) => energyOf(day[index] ?? nothing)));
    expect(told, key).toEqual(wanted);
  }
  expect(again.balanceResidualWh).toBeLessThan(allowedWh(throughputOf(accounts.flat())));
}
