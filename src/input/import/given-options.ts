import * as v from "valibot";
import { optional } from "../../notation/parameters.ts";
import {
  gapRules,
  type ImportOptions,
  importDefaults,
  leapDayRules,
  negativeRules,
} from "./import-options.ts";
import { layoutNames } from "./layouts.ts";
import { SummerTime } from "./summer-time.ts";
import { findUnit, type UnitName, unitNames } from "./units.ts";

/*
 * The options of an import as people write them: on a command line and in a query alike. Each reader gives undefined for what
 * is none, and `allowed` says in words what would be one.
 */

const sides = ["begin", "end", "instant"] as const;

interface OptionReader<T> {
  readonly allowed: string;
  read(text: string): T | undefined;
}

const oneOf = <T extends string>(names: readonly T[]): OptionReader<T> => ({
  allowed: names.join(", "),
  read: (text) => names.find((name) => name === text),
});

export const optionReaders = {
  as: oneOf(["auto", ...layoutNames]),
  unit: {
    allowed: unitNames.join(", "),
    read: (text) => findUnit(text) ?? undefined,
  } satisfies OptionReader<UnitName>,
  gap: oneOf(gapRules),
  leapDay: oneOf(leapDayRules),
  dst: {
    allowed: "none and names of time zones, as Europe/London",
    read: readZone,
  } satisfies OptionReader<string | null>,
  negative: oneOf(negativeRules),
  homes: {
    allowed: "numbers from 1: 1-20, or 1,3,5-7",
    read: readHomes,
  } satisfies OptionReader<ImportOptions["isWanted"]>,
  labels: oneOf(sides),
  zone: {
    allowed: "-14 to 14 hours, in quarters of an hour",
    read: readHours,
  } satisfies OptionReader<number>,
  columns: {
    allowed: "three names: ID,TIME,VALUE",
    read: readColumns,
  } satisfies OptionReader<string[]>,
} as const;

/** The options as parameters of a request, as texts. */
export const importParameters = optional({
  as: written("as"),
  unit: written("unit"),
  gap: written("gap"),
  leapDay: written("leapDay"),
  dst: written("dst"),
  negative: written("negative"),
  homes: written("homes"),
  labels: written("labels"),
  zone: written("zone"),
  columns: written("columns"),
});

type Written = Readonly<Partial<Record<keyof typeof importParameters, string | undefined>>>;

/** The options that such texts, which have been checked, say. */
export function readImportOptions(given: Written): ImportOptions {
  const read = <N extends keyof typeof optionReaders>(name: N) => {
    const text = given[name];
    return text === undefined ? undefined : optionReaders[name].read(text);
  };
  const options = {
    as: read("as"),
    unit: read("unit"),
    gap: read("gap"),
    leapDay: read("leapDay"),
    dst: read("dst"),
    negative: read("negative"),
    isWanted: read("homes"),
    labels: read("labels"),
    zone: read("zone"),
    columns: read("columns"),
  };
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...importDefaults, ...Object.fromEntries(said) };
}

function written(name: keyof typeof optionReaders) {
  const { allowed, read } = optionReaders[name];
  return v.pipe(
    v.string(),
    v.check((text) => read(text) !== undefined, allowed),
    v.description(allowed),
  );
}

function readZone(text: string): string | null | undefined {
  if (text === "none") return null;
  try {
    new SummerTime(text);
    return text;
  } catch {
    return undefined;
  }
}

function readHours(text: string): number | undefined {
  const hours = Number(text);
  const isHours = text.trim() !== "" && hours >= -14 && hours <= 14 && Number.isInteger(hours * 4);
  return isHours ? hours : undefined;
}

function readColumns(text: string): string[] | undefined {
  const names = text.split(",");
  return names.length === 3 && names.every((name) => name.trim() !== "") ? names : undefined;
}

function readHomes(text: string): ImportOptions["isWanted"] | undefined {
  const ranges = text.split(",").map((part) => {
    const match = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part);
    const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    return match === null || from < 1 || to < from ? null : ([from, to] as const);
  });
  if (ranges.includes(null)) return undefined;
  return (homeNumber) =>
    ranges.some((range) => range !== null && homeNumber >= range[0] && homeNumber <= range[1]);
}
