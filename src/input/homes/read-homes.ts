import * as v from "valibot";
import { quote } from "../../notation/parameters.ts";
import { formatUnitId, parseUnitId } from "../../notation/unit-id.ts";
import {
  fieldAt,
  groupNames,
  type HardwareSpec,
  type HomeSpec,
  type Homes,
  hardwareSchema,
  homeSchema,
  mostHomes,
  noHomes,
} from "./home-schema.ts";

/** Says in a line each what is wrong with homes: which home, which field, what was given and what is allowed. */
export class HomesError extends Error {
  override name = "HomesError";

  constructor(faults: readonly string[]) {
    const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
    super([...faults.slice(0, mostFaults), ...more].join("\n"));
  }
}

const mostFaults = 10;
/** What is kept of homes is a row of a community's storage, which holds two million bytes. */
const longestText = 1_500_000;

type HardwareSchema = typeof hardwareSchema | typeof homeSchema;

/** Where a home stands in a file, as a message names it. */
type PlaceOf = (index: number) => string;

const placeInList: PlaceOf = (index) => `homes[${index}] (${formatUnitId(index + 1)})`;

/**
 * Reads homes from JSON: a list of them, or `{"default": {…}, "homes": […]}`. What it gives has its fields in the order of the
 * schema, so that the same homes make the same text.
 * @throws HomesError
 */
export function readHomes(given: unknown, placeOf = placeInList): Homes {
  if (Array.isArray(given)) return readParts({ homes: given }, placeOf);
  if (typeof given === "object" && given !== null) return readParts(given, placeOf);
  throw new HomesError([
    `homes is ${show(given)}; allowed: a list of homes, or an object with default and homes`,
  ]);
}

function readParts(given: object, placeOf: PlaceOf): Homes {
  const { default: ofAll = {}, homes = [], $schema: _, ...others } = given as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new HomesError([`${quote(other)} is no part of homes; allowed: default, homes, $schema`]);
  if (!Array.isArray(homes)) throw new HomesError([`homes is ${show(homes)}; allowed: a list of homes`]);
  if (homes.length > mostHomes)
    throw new HomesError([`homes has ${homes.length} homes; allowed: up to ${mostHomes}`]);
  const faults: string[] = [];
  const read = {
    default: readOne<HardwareSpec>(hardwareSchema, ofAll, "default", faults),
    homes: homes.map((home, index) => readOne<HomeSpec>(homeSchema, home, placeOf(index), faults)),
  };
  if (faults.length === 0) findLabelFaults(read.homes, placeOf, faults);
  if (faults.length === 0 && JSON.stringify(read).length > longestText)
    faults.push(
      `The homes are longer than ${longestText} characters; allowed: what all have stands in default`,
    );
  if (faults.length > 0) throw new HomesError(faults);
  return read;
}

function readOne<T extends HardwareSpec>(
  schema: HardwareSchema,
  given: unknown,
  place: string,
  faults: string[],
): T {
  // To the schema a list without entries is an object without fields.
  const [list] = Object.entries({ it: given, ...(given as object) }).filter(([, of]) => Array.isArray(of));
  if (list !== undefined) {
    faults.push(`${place}: ${list[0]} is ${show(list[1])}; allowed: an object`);
    return {} as T;
  }
  const read = v.safeParse(schema, given);
  if (!read.success) {
    for (const issue of read.issues) faults.push(`${place}: ${describeIssue(issue, schema)}`);
    return {} as T;
  }
  const home = read.output as T;
  const { peakPowerW, areaM2, yield: share, performanceRatio } = home.pv ?? {};
  const beside = Object.entries({ areaM2, yield: share, performanceRatio }).find(
    ([, of]) => of !== undefined,
  );
  if (peakPowerW !== undefined && beside !== undefined)
    faults.push(`${place}: pv.peakPowerW is ${peakPowerW} beside pv.${beside[0]}; allowed: one of them`);
  const filled = Object.entries(home).filter(
    ([, of]) => typeof of !== "object" || Object.keys(of).length > 0,
  );
  return Object.fromEntries(filled) as T;
}

function describeIssue(issue: v.BaseIssue<unknown>, { entries: fields }: HardwareSchema): string {
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  const path = keys.join(".");
  const isUnknown = issue.type === "strict_object" && issue.expected === "never";
  const known = fieldAt(path);
  if (known !== undefined && !isUnknown)
    return `${path} is ${show(issue.input)}; allowed: ${known.allowed}, or leave it out`;
  if (!isUnknown) return `${path === "" ? "it" : path} is ${show(issue.input)}; allowed: an object`;
  const group = groupNames.find((name) => name === keys[0] && keys.length > 1);
  const entries = group === undefined ? fields : homeSchema.entries[group].wrapped.entries;
  const owner = known === undefined ? "a home" : "what all homes have";
  return `${quote(path)} is no field of ${owner}; allowed: ${Object.keys(entries).join(", ")}`;
}

/** Each home is called otherwise than all others. */
function findLabelFaults(homes: readonly HomeSpec[], placeOf: PlaceOf, faults: string[]): void {
  const places = new Map<string, number>();
  homes.forEach(({ id }, index) => {
    if (id === undefined) return;
    const before = places.get(id);
    if (before !== undefined)
      faults.push(`${placeOf(index)}: id is ${quote(id)}, as of ${placeOf(before)}; allowed: one of its own`);
    places.set(id, index);
    const number = parseUnitId(id);
    if (number !== null && number !== index + 1)
      faults.push(
        `${placeOf(index)}: id is ${quote(id)}, the ID of another unit; allowed: ${formatUnitId(index + 1)}, or what is no unit's ID`,
      );
  });
}

function show(given: unknown): string {
  // 1e999 is a number of JSON.
  const isEndless = given === Infinity || given === -Infinity;
  const text = given === undefined ? "nothing" : isEndless ? "beyond all numbers" : JSON.stringify(given);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A line about a community that keeps homes of its own while others are given for those that begin, or none. */
export function warnOfOwnHomes(own: Homes, given: Homes): string[] {
  const [kept, next, none] = [own, given, noHomes].map((homes) => JSON.stringify(homes));
  if (kept === next || next === none) return [];
  return [
    "This community keeps its own homes, which PUT /homes or /set/home gave it; the file is for those that begin",
  ];
}
