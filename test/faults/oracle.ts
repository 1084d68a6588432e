import Papa from "papaparse";
import { expect } from "vitest";
import { readCommandLog } from "../../src/cli/headless/repeat-run.ts";
import type { CommandLog, CommandRow } from "../../src/community/records/command-log.ts";
import { limitedNames, type UnitHistory } from "../../src/community/records/history.ts";
import type { SummaryRow } from "../../src/community/records/summary.ts";
import type { Summary } from "../../src/community/records/totals.ts";
import type { Chapter } from "../../src/community/storage/stored-shapes.ts";
import { createWorld } from "../../src/input/config/create-world.ts";
import type { Config } from "../../src/input/config/entries.ts";
import { roundToHundredths } from "../../src/notation/rounding.ts";
import type { World } from "../../src/simulation/world.ts";
import { repeatRun } from "../support/whole-runs.ts";
import { forgets, goesBack } from "./routes-drawn.ts";
import { dataNames, hashOf, openInput } from "./simulated-input.ts";

/**
 * What was told of one community, and what must hold of it afterwards: nothing acknowledged is lost, nothing happens twice,
 * accounts balance, and what was told of the past stays so.
 */

/** How a command ended for whoever sent it. */
export type Outcome = "waiting" | "acknowledged" | "refused" | "unknown";

interface Sent {
  readonly path: string;
  outcome: Outcome;
}

interface State {
  readonly timeS: number;
  readonly units: {
    readonly id: string;
    readonly stateOfChargePercent: number;
    readonly gridCurrentA: number;
  }[];
}

/** All that was told of a community at one moment. */
export interface Known {
  readonly commands: readonly CommandRow[];
  readonly timeS: number;
  /** The date at which the run began, as if in UTC [ms]. */
  readonly startMs: number;
  readonly days: ReadonlyMap<string, string>;
  /** How often each line stands there. */
  readonly readings: ReadonlyMap<string, number>;
  /** Bins of each unit. */
  readonly bins: ReadonlyMap<string, Readonly<Record<string, number | null>>>;
}

export const nothing: Known = {
  commands: [],
  timeS: 0,
  startMs: 0,
  days: new Map(),
  readings: new Map(),
  bins: new Map(),
};

export const individualPath = "/data/output/indivLog.csv";
const binS = 21_600;

export class Oracle {
  readonly name: string;
  readonly #ask: (path: string) => Promise<string>;
  /** By the name of the client that sent it; each sends one. */
  readonly sent = new Map<string, Sent>();
  /** What may be true: more than one thing where it is not known whether a backup was restored. */
  candidates: readonly Known[] = [nothing];

  /** `ask` gives the text of an answer, or throws. */
  constructor(name: string, ask: (path: string) => Promise<string>) {
    this.name = name;
    this.#ask = ask;
  }

  /** What is known, where that is certain. */
  get known(): Known {
    return this.candidates[0] as Known;
  }

  /** Looks at all that is told and compares it with what was. */
  async check(): Promise<void> {
    const failures: Error[] = [];
    const state = JSON.parse(await this.#ask("/state")) as State;
    const { commands, run } = JSON.parse(await this.#ask("/commands")) as CommandLog;
    const startMs = Date.parse(`${run.chapters[0]?.config.startTime}Z`);
    for (const candidate of this.candidates) {
      try {
        const before = this.#followCommands(candidate, commands);
        expect(state.timeS, "simulated time goes back").toBeGreaterThanOrEqual(before.timeS);
        const known = await this.#tellPast(state, commands, startMs);
        comparePast(before, known);
        this.candidates = [known];
        return;
      } catch (error) {
        failures.push(error as Error);
      }
    }
    throw new Error(failures.map((f) => f.message.slice(0, 300)).join(" && "));
  }

  /**
   * Performs all commands again from their log, where all was made with the same data: what they make is what there is. Time
   * must stand still.
   */
  async checkReplay(): Promise<void> {
    const log = readCommandLog(await this.#ask("/commands"));
    const { inputHash } = log.run.chapters[0] as Chapter;
    const data = dataNames.find((name) => hashOf(name) === inputHash);
    const isOfOne = log.run.chapters.every((chapter) => chapter.inputHash === inputHash);
    if (data === undefined || !isOfOne || log.untilS === 0) return;
    const input = await openInput(data);
    const worlds = new Map<Config, World>();
    const worldOf = (config: Config) => {
      const world = worlds.get(config) ?? createWorld(config, input);
      worlds.set(config, world);
      return world;
    };
    const { hourlyRsoc, dailyEnergyWh } = await repeatRun(log, worldOf, hashOf(data), log.untilS);
    const { timeS, units } = JSON.parse(await this.#ask("/state")) as State;
    expect(timeS, "time stands still").toBe(log.untilS);
    const charges = (hourlyRsoc.at(-1) as number[]).slice(1, units.length + 1);
    expect(charges.map(roundToHundredths), "charges after all commands again").toEqual(
      units.map(({ stateOfChargePercent }) => stateOfChargePercent),
    );
    const { rows } = JSON.parse(await this.#ask("/summary")) as Summary;
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    if (rows.length < 400)
      rows.forEach((row, day) => {
        const again = dailyEnergyWh[day] as (typeof dailyEnergyWh)[number];
        for (const name of ["pv", "demand", "acin", "wasted"] as const)
          expect(sum(again[name]), `${name} of ${row.time} after all commands again`).toBeCloseTo(
            row[name],
            3,
          );
      });
  }

  /** What stays known beside this log of commands. @throws if something acknowledged is missing, or is there twice */
  #followCommands(before: Known, commands: readonly CommandRow[]): Known {
    const first = commands[0];
    const lastId = before.commands.at(-1)?.id ?? 0;
    const isAnew = first !== undefined && forgets(first.get) && first.id !== before.commands[0]?.id;
    const returns = commands.filter(({ id, get }) => id > lastId && goesBack(get));
    const isForgetful = isAnew || returns.length > 0;
    const kept = isAnew
      ? nothing
      : forgetAfter(before, Math.min(...returns.map(({ time_s }) => time_s)), commands);
    kept.commands.forEach((row, index) => {
      for (const [name, value] of Object.entries(row))
        mustBe(
          commands[index]?.[name as keyof CommandRow],
          value,
          `${name} of command ${row.id} in the log`,
          row.get,
        );
    });
    const performed = new Map<string, CommandRow>();
    let idBefore = 0;
    for (const row of commands) {
      mustBe(row.id > idBefore, true, "ids rise up to", row.get);
      idBefore = row.id;
      if (!row.source.startsWith("client-")) continue;
      mustBe(performed.has(row.source), false, `${row.source} is there twice`, row.get);
      performed.set(row.source, row);
      const sent = this.sent.get(row.source);
      mustBe(sent?.outcome === "refused", false, `${row.source} was refused and performed`, row.get);
    }
    const seenBefore = new Set(before.commands.map(({ source }) => source));
    for (const [source, { path, outcome }] of this.sent) {
      if (outcome !== "acknowledged" || performed.has(source) || seenBefore.has(source)) continue;
      // It may have come before what forgets it.
      expect(isForgetful, `${source} ${path} was acknowledged and is lost`).toBe(true);
    }
    // What is settled is not looked for again, but what may come yet.
    for (const [source, { outcome }] of this.sent) if (outcome === "acknowledged") this.sent.delete(source);
    return kept;
  }

  async #tellPast(state: State, commands: readonly CommandRow[], startMs: number): Promise<Known> {
    let currentA = 0;
    for (const { id, stateOfChargePercent, gridCurrentA } of state.units) {
      expect(stateOfChargePercent, id).toBeGreaterThanOrEqual(0);
      expect(stateOfChargePercent, id).toBeLessThanOrEqual(100);
      currentA += gridCurrentA;
    }
    expect(Math.abs(currentA), "currents on the bus").toBeLessThanOrEqual(0.011 * state.units.length);
    const { rows, totals } = JSON.parse(await this.#ask("/summary")) as Summary;
    for (const row of rows) expectToClose(row);
    expect(totals.balanceResidualWh, "what is missing in the accounts of a day").toBeLessThan(1e-6);
    const days = new Map(rows.map((row) => [row.time, JSON.stringify(row)]));
    expect(days.size, "days twice").toBe(rows.length);
    const readings = new Map<string, number>();
    const text = await this.#ask(individualPath);
    const present = Math.floor(state.timeS);
    for (const row of Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data) {
      const line = JSON.stringify(row);
      // Of this very second more may come.
      if (secondOf(row.time as string, startMs) < present) readings.set(line, (readings.get(line) ?? 0) + 1);
    }
    const bins = new Map<string, Record<string, number | null>>();
    for (const { id } of state.units) {
      const history = JSON.parse(await this.#ask(`/history?unit=${id}&resolution=${binS}`)) as UnitHistory;
      const columns = Object.entries(history).filter(
        ([name, value]) => name !== "time" && Array.isArray(value),
      );
      history.timeS.forEach((timeS, bin) => {
        if (history.lengthS[bin] !== binS || timeS + binS >= present) return;
        bins.set(
          `${id} ${timeS}`,
          Object.fromEntries(columns.map(([name, column]) => [name, (column as number[])[bin] ?? null])),
        );
      });
    }
    return { commands, timeS: state.timeS, startMs, days, readings, bins };
  }
}

/** Of a date, or a date and a time. */
function secondOf(time: string, startMs: number): number {
  return (Date.parse(time.length > 10 ? `${time.replace(" ", "T")}Z` : time) - startMs) / 1000;
}

/** What stays known once time has gone back to second `timeS`; the log has no more of the commands from then on. */
function forgetAfter(known: Known, timeS: number, commands: readonly CommandRow[]): Known {
  if (timeS === Number.POSITIVE_INFINITY) return known;
  const kept = known.commands.findIndex(({ id }, index) => commands[index]?.id !== id);
  const gone = kept < 0 ? [] : known.commands.slice(kept);
  for (const { id, time_s } of gone)
    mustBe(time_s >= timeS, true, `command ${id} is gone that came before`, `${timeS} s`);
  const isBefore = (second: number) => second <= timeS;
  return {
    ...known,
    commands: kept < 0 ? known.commands : known.commands.slice(0, kept),
    timeS: Math.min(known.timeS, timeS),
    days: new Map(
      [...known.days].filter(([day]) => isBefore(secondOf(day.replaceAll("/", "-"), known.startMs) + 86_400)),
    ),
    // Those of this very second may be others.
    readings: new Map(
      [...known.readings].filter(
        ([line]) => secondOf(JSON.parse(line).time, known.startMs) < Math.floor(timeS),
      ),
    ),
    bins: new Map([...known.bins].filter(([key]) => isBefore(Number(key.split(" ")[1]) + binS))),
  };
}

function comparePast(before: Known, now: Known): void {
  for (const [day, row] of before.days) mustBe(now.days.get(day), row, "day", day);
  for (const [line, count] of before.readings)
    mustBe(now.readings.get(line), count, "how often there is", line);
  const units = new Set([...now.bins.keys()].map((key) => key.split(" ")[0]));
  for (const [key, bin] of before.bins) {
    // A unit that was removed tells nothing while it is gone.
    if (!units.has(key.split(" ")[0])) continue;
    const other = now.bins.get(key);
    for (const [name, value] of Object.entries(bin)) {
      // What comes of limits alone is told while the run has homes with some, which it may have gone back behind.
      const isLeftOut = other !== undefined && !(name in other) && limitedNames.some((one) => one === name);
      const found = isLeftOut ? (value === null ? null : 0) : other?.[name];
      // Sums of the same numbers from another beginning are rounded otherwise.
      const isSame =
        typeof value === "number" && typeof found === "number"
          ? Math.abs(found - value) < 5e-6
          : found === value;
      if (!isSame) mustBe(found, value, `${name} of the bin`, key);
    }
  }
}

/** A day's row closes in the open. */
function expectToClose(row: SummaryRow): void {
  const { pv, acin, unserved, demand, loss, wasted_import, sold, sale_loss, battery_loss, deltaBatt } = row;
  const used = demand + loss + wasted_import + sold + sale_loss + battery_loss;
  const missing = pv + acin + unserved - used - deltaBatt;
  const through = pv + acin + demand + loss + 1;
  expect(Math.abs(missing), `what is missing in ${JSON.stringify(row)}`).toBeLessThanOrEqual(
    1e-9 * through + 1e-6,
  );
}

/** So often asked that the test runner's own words would take most of the time. */
function mustBe(found: unknown, wanted: unknown, what: string, of: string): void {
  if (found !== wanted) expect(found, `${what} ${of}`).toBe(wanted);
}
