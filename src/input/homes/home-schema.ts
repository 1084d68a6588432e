import * as v from "valibot";

/**
 * What a home may be said to have: one schema, from which the file `homes.json` and its JSON schema, the columns of its CSV, the
 * parameters of `/set/home`, the check and what it says, and the table of docs/homes.md follow. Every field may be left out: then
 * the published parameters hold or, of a limit that has none, there is no limit. Units stand in the names.
 */

/** What is told of a field beside its schema. */
interface FieldNotes {
  /** What it accepts, in words. */
  readonly allowed: string;
  /** What holds where it is left out, in words. */
  readonly otherwise: string;
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Whether it is a whole one. */
  readonly integer?: boolean;
}

const field = <S extends v.GenericSchema>(schema: S, about: string, notes: FieldNotes) =>
  v.optional(v.pipe(schema, v.description(about), v.metadata({ ...notes })));
const number = (min: number, max: number, otherwise: string, about: string) =>
  field(v.pipe(v.number(), v.minValue(min), v.maxValue(max)), about, {
    allowed: `${min} to ${max}`,
    otherwise,
    min,
    max,
  });
const place = (otherwise: string, about: string) =>
  field(v.pipe(v.number(), v.minValue(1), v.integer(), v.maxValue(100_000)), about, {
    allowed: "whole numbers 1 to 100000",
    otherwise,
    min: 1,
    max: 100_000,
    integer: true,
  });
const text = (pattern: RegExp, allowed: string, otherwise: string, about: string) =>
  field(v.pipe(v.string(), v.regex(pattern)), about, { allowed, otherwise });

const noLimit = "no limit";
const never = "never; the constant of the files of units is told";
const watts = (otherwise: string, about: string) => number(0, 1e9, otherwise, about);
const percent = (otherwise: string, about: string) => number(0, 100, otherwise, about);
const efficiency = (about: string) => number(0.01, 1, "1", about);

const groups = {
  battery: {
    capacityWh: number(1, 1e9, "batterySize", "Energy from 0 to 100 % of charge"),
    floorPercent: percent("0", "Charge below which it gives nothing"),
    ceilingPercent: percent("100", "Charge above which it takes nothing"),
    initialPercent: percent("initialCharge, else the files of units", "Charge with which the home begins"),
    chargeLimitW: watts(noLimit, "Most that it takes"),
    dischargeLimitW: watts(noLimit, "Most that it gives"),
    chargeEfficiency: efficiency("Share of what it takes that is stored"),
    dischargeEfficiency: efficiency("Share of what leaves the store that it gives"),
    selfDischargeW: number(0, 1e6, "0", "Loss by standing"),
  },
  pv: {
    areaM2: number(0, 1e6, "default_Area", "Area of the panels"),
    yield: number(0, 1, "r", "Share of the irradiance that they turn into power"),
    performanceRatio: number(0, 1, "pr", "Share of that which comes out"),
    peakPowerW: watts("area × yield × performance", "Power at 1,000 W/m², in the place of these three"),
    controllerLimitW: watts(noLimit, "Most that the charge controller lets through"),
  },
  ups: {
    batteryLossRatio: number(0, 10, "battModeLoss_a", "Loss in battery mode for each watt of load"),
    batteryLossW: watts("battModeLoss_c", "Constant loss in battery mode"),
    bypassLossRatio: number(0, 10, "bypassModeLoss_a", "Loss in bypass mode for each watt of load"),
    bypassLossW: watts("bypassModeLoss_c", "Constant loss in bypass mode"),
    limitW: watts(noLimit, "Load above which it bypasses the battery"),
    restartPercent: percent(
      "UPS_TRIGGER_BATT_ON or floor + 5, the greater",
      "Charge at which a home that an outage has left dark comes back, no less than floor + 5",
    ),
  },
  converter: {
    waitingLossW: watts("DCCstLoss", "Loss while it waits"),
    chargingLossW: watts("DCChargeLoss", "Loss while it charges, before what follows the power"),
    dischargingLossW: watts("DCDischargeLoss", "Loss while it discharges or holds the bus, likewise"),
    lossRatio: number(0, 1, "0", "Loss for each watt that flows"),
    lossPerWatt: number(0, 1, "0", "Loss for each square watt that flows"),
    lossPerSquareRatio: number(0, 1000, "0", "Growth of the loss off the best ratio of voltages, squared"),
    bestVoltageRatio: number(0.01, 1000, "6.5", "Ratio of bus to battery voltage at which it loses least"),
    currentLimitA: number(0.01, 10_000, noLimit, "Most current on its DC bus side"),
    gridOvervoltageV: number(0, 10_000, never, "ogv: bus voltage above which it trips"),
    gridUndervoltageV: number(0, 10_000, never, "ugv: bus voltage below which it trips"),
    batteryOvercurrentA: number(0, 10_000, never, "cib: battery current above which it trips"),
    batteryOvervoltageV: number(0, 10_000, "the files of units", "obv: battery voltage above which it trips"),
    batteryUndervoltageV: number(0, 10_000, never, "ubv: battery voltage below which it trips"),
  },
  ac: {
    importLimitW: watts(noLimit, "Most that it takes from the AC grid"),
    exportLimitW: watts("0: none is sold", "Most that it sells to the AC grid"),
    exportEfficiency: efficiency("Share of what is given to be sold that reaches the AC grid"),
  },
  data: {
    demandHome: place("its own place", "Which home of the data its demand is, from 1"),
    pvHome: place("its own place", "Which home of the data its PV power is, where homes have their own"),
  },
};

const group = <E extends v.ObjectEntries>(entries: E) => v.optional(v.strictObject(entries));
const hardware = {
  battery: group(groups.battery),
  pv: group(groups.pv),
  ups: group(groups.ups),
  converter: group(groups.converter),
  ac: group(groups.ac),
  data: group(groups.data),
};

/** What all homes have that say nothing else. */
export const hardwareSchema = v.strictObject(hardware);

const labels = {
  id: text(
    /^(?!\.\.?$)[^\p{C}\p{Z}/]([^\p{C}/]{0,62}[^\p{C}\p{Z}/])?$/u,
    "1 to 64 letters, without /, no blanks at its ends, and not . or ..",
    "its unit's ID",
    "What /homes and /set/home call it, beside its unit's ID",
  ),
  name: text(
    /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,100}$/u,
    "1 to 100 letters",
    "the files of units",
    "What the screen calls it",
  ),
};
export const homeSchema = v.strictObject({ ...labels, ...hardware });

export type HardwareSpec = Readonly<v.InferOutput<typeof hardwareSchema>>;
export type HomeSpec = Readonly<v.InferOutput<typeof homeSchema>>;
type GroupName = keyof HardwareSpec;
export const groupNames = Object.keys(groups) as GroupName[];

/** What a file says of all homes: the first is E001. */
export interface Homes {
  readonly default: HardwareSpec;
  readonly homes: readonly HomeSpec[];
}
export const noHomes: Homes = { default: {}, homes: [] };

/** Most homes that a file may describe: a community has no more. */
export const mostHomes = 1000;

/** A field by its path, such as `battery.capacityWh`, which is its column in a CSV file and its parameter of `/set/home`. */
export interface HomeField extends FieldNotes {
  readonly path: string;
  readonly about: string;
  readonly isText: boolean;
  readonly schema: v.GenericSchema<unknown>;
}

const describeField = (path: string, schema: v.GenericSchema): HomeField => {
  const inner = (schema as unknown as { wrapped: v.GenericSchema }).wrapped;
  const about = v.getDescription(inner) as string;
  const notes = v.getMetadata(inner) as unknown as FieldNotes;
  return { path, about, isText: path in labels, schema: inner, ...notes };
};

/** All fields, in the order of the schema. */
export const homeFields: readonly HomeField[] = [
  ...Object.entries(labels).map(([name, schema]) => describeField(name, schema)),
  ...Object.entries(groups).flatMap(([group, fields]) =>
    Object.entries(fields).map(([name, schema]) => describeField(`${group}.${name}`, schema)),
  ),
];

const fieldsByPath = new Map(homeFields.map((each) => [each.path, each]));

export function fieldAt(path: string): HomeField | undefined {
  return fieldsByPath.get(path);
}
