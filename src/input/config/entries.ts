import * as v from "valibot";
import { type Homes, noHomes } from "../homes/home-schema.ts";
import { HomesError, readHomes } from "../homes/read-homes.ts";
import { outagesSchema, tariffSchema } from "./ac-grid.ts";

/**
 * Every parameter of the specification's section 7.1 under its own name, and the few that are ours: one schema each, from
 * which the type `Config`, the check and what it says, the table of docs/configuration.md and the neutral values of older runs follow.
 */

/** What is told of a parameter beside its schema; its description is what it means. */
interface ParameterNotes {
  /** What it accepts, in words, as it stands in error messages and in docs/configuration.md. */
  readonly allowed: string;
  /** Empty for a plain number, a text or a choice. */
  readonly unit?: string;
  /** What a run goes by that is older than the parameter; left out where the default leaves such a run as it was. */
  readonly neutral?: unknown;
  /**
   * Nothing that is told of a run's past follows from it, or it is the start time, which a run keeps. Another value of
   * any other parameter begins a new chapter of the run.
   */
  readonly aside?: true;
  /** Whether its faults say in lines of their own which part of it is wrong. */
  readonly explains?: true;
}

/** A parameter whose default is `preset`. */
const parameter = <S extends v.GenericSchema<unknown>, U extends NonNullable<unknown>>(
  schema: S,
  preset: U,
  about: string,
  notes: ParameterNotes,
) => v.pipe(v.optional(schema, preset), v.description(about), v.metadata({ ...notes }));

/** A number or flag given as text is JSON. */
function parseText(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}
const value = v.pipe(v.unknown(), v.transform(parseText));
/** A text or choice may be given as a number. */
const word = v.pipe(
  v.unknown(),
  v.transform((given) => (typeof given === "number" ? String(given) : given)),
);

const between = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));

const number = (preset: number, min: number, max: number, unit: string, about: string) =>
  parameter(v.pipe(value, between(min, max)), preset, about, { allowed: `${min} to ${max}`, unit });
const watts = (preset: number, about: string) => number(preset, 0, 1e6, "W", about);
const ratio = (preset: number, about: string) => number(preset, 0, 10, "", about);
const percent = (preset: number, about: string) => number(preset, 0, 100, "%", about);
const count = (preset: number, min: number, max: number, unit: string, about: string) => {
  const schema = v.pipe(value, between(min, max), v.integer());
  return parameter(schema, preset, about, { allowed: `whole numbers ${min} to ${max}`, unit });
};

const flag = (preset: boolean, about: string) =>
  parameter(v.pipe(value, v.boolean()), preset, about, { allowed: "true, false" });

const text = (preset: string, about: string) =>
  parameter(v.pipe(word, v.string()), preset, about, { allowed: "text" });

/** One of `allowed`, of which the first is the default. */
const choice = <const O extends readonly [string, ...string[]]>(allowed: O, about: string) =>
  parameter(v.pipe(word, v.picklist(allowed)), allowed[0], about, { allowed: allowed.join(", ") });

/** A number for each unit named by its ID, and `default` for all others. */
type PerUnit = Readonly<Record<string, number>>;

const perUnit = (preset: PerUnit, min: number, max: number, unit: string, about: string) => {
  const size = between(min, max);
  const forAll = v.pipe(
    size,
    v.transform((size): PerUnit => ({ default: size })),
  );
  const forEach = v.pipe(v.custom<Record<string, unknown>>(isByUnit), v.record(v.string(), size));
  return parameter(v.pipe(value, v.union([forAll, forEach])), preset, about, {
    allowed: `${min} to ${max}, or {"E001": …, "default": …} of them`,
    unit,
  });
};

function isByUnit(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).every((key) => key === "default" || /^E\d{3,4}$/.test(key));
}

/** A text for each key of `preset`. */
const words = (preset: Readonly<Record<string, string>>, about: string) => {
  const keys = Object.keys(preset);
  const isOfKeys = (value: unknown) =>
    isRecord(value) &&
    Object.keys(value).length === keys.length &&
    keys.every((key) => Object.hasOwn(value, key));
  const schema = v.pipe(value, v.custom<Record<string, unknown>>(isOfKeys), v.record(v.string(), v.string()));
  return parameter(schema, preset, about, {
    allowed: `an object with a text for each of ${keys.join(", ")}`,
  });
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names of hosts, as a list or as a text with commas between them; each as a URL has it. */
const hostNames = (about: string) => {
  const host = v.pipe(v.string(), v.transform(toHost), v.string());
  const schema = v.pipe(v.unknown(), v.transform(parseList), v.array(host));
  return parameter(schema, [], about, {
    allowed: "names of hosts without port, such as emulator.example; commas between them",
  });
};

function parseList(given: unknown): unknown {
  const parsed = parseText(given);
  if (typeof given !== "string" || Array.isArray(parsed)) return parsed;
  const parts = given.split(",").map((part) => part.trim());
  return given.trim() === "" ? [] : parts;
}

/** A host's name as a URL has it, or null where it is none. */
function toHost(name: string): string | null {
  const url = name.includes(":") ? null : URL.parse(`http://${name}/`);
  const isHost = url !== null && url.href === `http://${url.hostname}/` && /^[\w.-]+$/.test(url.hostname);
  return isHost ? url.hostname.replace(/\.$/, "") : null;
}

/** The midnight of a day. */
const midnight = (preset: string, about: string) =>
  parameter(v.pipe(word, v.string(), v.check(isMidnight)), preset, about, {
    allowed: `midnight of a day, such as ${preset}`,
  });

function isMidnight(text: string): boolean {
  const parsed = new Date(/^[1-9]\d{3}-\d\d-\d\dT00:00:00$/.test(text) ? `${text}Z` : Number.NaN);
  // What parses may still be no day: 30 February is read as 2 March.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

/** Homes as a file describes them, or what `readHomes` gave for them. */
const homes = (about: string) => {
  const schema = v.pipe(
    value,
    v.rawTransform(({ dataset, addIssue, NEVER }): Homes => {
      try {
        return readHomes(dataset.value);
      } catch (error) {
        if (!(error instanceof HomesError)) throw error;
        addIssue({ message: error.message });
        return NEVER;
      }
    }),
  );
  return parameter(schema, noHomes, about, { allowed: "homes as in docs/homes.md", explains: true });
};

const aside = <S extends v.GenericSchema>(schema: S) => v.pipe(schema, v.metadata({ aside: true }));

/** The register of all parameters: default, range, unit and meaning of each. */
export const configEntries = {
  debug: aside(flag(false, "Log debugging messages; the same as logLevel DEBUG")),
  dataSet: aside(text("Sample", "Name of the folder under data/input whose CSV files are used")),
  sleeptime: number(1, 0.001, 3600, "s", "Real time in which simulated time moves by the acceleration"),
  doUpdates: flag(true, "Emulate the power flow; false is a mock of the hardware whose energies stand still"),
  saveIndividualToDB: aside(
    flag(false, "Store what happens in a database: the one at dburl, or the D1 database that is bound"),
  ),
  saveToSummaryToCSV: aside(flag(true, "Serve a summary of each simulated day")),
  saveIndividualToCSV: aside(
    flag(true, "Serve readings of each unit at a set interval and after each command to it"),
  ),
  constantSystemLoss: watts(17.5, "Constant loss of the power system"),
  DCCstLoss: watts(4.5, "Loss of a waiting DC/DC converter"),
  DCChargeLoss: watts(71, "Loss of a charging DC/DC converter"),
  DCDischargeLoss: watts(55, "Loss of a discharging DC/DC converter, or one in grid autonomy"),
  battModeLoss_a: ratio(0.14, "Loss of the UPS in battery mode for each watt of load"),
  battModeLoss_c: watts(129, "Constant loss of the UPS in battery mode"),
  transLoss_a: ratio(0.027, "Loss of the transformer for each watt of load"),
  transLoss_c: watts(57, "Constant loss of the transformer"),
  bypassModeLoss_a: ratio(0.033, "Loss of the UPS in bypass mode for each watt of load"),
  bypassModeLoss_c: watts(67, "Constant loss of the UPS in bypass mode"),
  ACChargeLoss: watts(10, "Loss while AC charges the battery"),
  ACChargeAmount: watts(150, "Power with which AC charges the battery"),
  UPS_TRIGGER_BATT_OFF: percent(30, "State of charge at or below which the UPS bypasses the battery"),
  UPS_TRIGGER_BATT_ON: percent(35, "State of charge at or above which the UPS uses the battery again"),
  UPS_TRIGGER_AC_ON: percent(20, "State of charge at or below which AC charges the battery"),
  UPS_TRIGGER_AC_OFF: percent(25, "State of charge at or above which AC stops charging"),
  batteryVoltage: number(48, 1, 1000, "V", "Battery voltage"),
  batterySize: perUnit(
    { default: 4800 },
    1,
    1e9,
    "Wh",
    "Battery capacity of all units, or of each by its ID",
  ),
  default_Area: number(21.6, 0, 1e6, "m²", "Area of the PV panels"),
  r: number(0.19, 0, 1, "", "Yield of the PV panels"),
  pr: number(0.9, 0, 1, "", "Performance factor of the PV panels"),
  homes: homes("Hardware of the homes, one by one (--homes); what it leaves out the parameters here say"),
  initialCharge: perUnit(
    {},
    0,
    100,
    "%",
    "Charge with which units begin, by unit ID; others have that of the files of units",
  ),
  outages: parameter(
    v.pipe(value, outagesSchema),
    [],
    "Times without AC grid; a list, or by chance from a seed",
    {
      allowed:
        'a list of {"from": …, "until": …}, until after from, in whole simulated seconds or as 2020-01-31T12:00, or {"seed": …, "gapS": [least, most], "durationS": [least, most]} in whole seconds from 1; either with "homes": ["E001", …]',
    },
  ),
  tariff: parameter(
    v.pipe(value, tariffSchema),
    { import: 0, export: 0 },
    "Prices of AC energy for each kWh",
    {
      allowed:
        '{"import": …, "export": …}: each a price, 24 of them for the hours of a day, or 7 lists of 24, Monday\'s first',
    },
  ),
  pvc_sol_reg: perUnit(
    {},
    0,
    1e6,
    "m²",
    "PV size by unit ID, area × yield × performance; others have default_Area × r × pr",
  ),
  dburl: aside(
    text("", "Address to which readings are posted; if empty they go to the D1 database bound as RECORDS"),
  ),
  summaryPath: aside(text("data/output/summary.csv", "Path at which the summary is served")),
  indivLogPath: aside(text("data/output/indivLog.csv", "Path at which the readings are served")),
  modes: words(
    {
      "0x0000": "Waiting",
      "0x0002": "Heteronomy CV Discharging",
      "0x0014": "Grid Autonomy Mode",
      "0x0041": "Heteronomy CV Charging - grid current limited",
    },
    "statusName of each converter status",
  ),
  modesOps: words(
    { "0x0000": "Waiting", "0x0002": "Heteronomy CV", "0x0014": "Grid Autonomy", "0x0041": "Heteronomy CV" },
    "operationMode of each converter status",
  ),
  modesRunning: words(
    { "0x0000": "off", "0x0002": "discharge", "0x0014": "discharge", "0x0041": "charge" },
    "runningState of each converter status",
  ),
  b_host: aside(text("127.0.0.1", "Address on which the local server listens (--host)")),
  b_port: aside(
    count(4390, 0, 65535, "", "Port on which the local server listens (--port); 0 takes a free one"),
  ),
  baseDomain: aside(
    text("localhost", "A community NAME is served at NAME.<baseDomain>, besides /e/NAME/ at any host"),
  ),
  allowedHosts: aside(
    hostNames(
      "Names by which browsers too may reach a local server (--allow-host), beside baseDomain and those that nobody can register",
    ),
  ),
  defaultCommunity: aside(flag(true, "Whether the bare host serves the community named default")),
  defaultAccess: aside(
    choice(
      ["closed", "read-open", "open"],
      "Who may use communities that set nothing else; open where npm start or npm run dev serves",
    ),
  ),
  accessTeam: aside(text("", "https://TEAM.cloudflareaccess.com, whose tokens identify the administrator")),
  accessAudience: aside(text("", "Audience tag of the application of Cloudflare Access that guards /admin")),
  acceleration: aside(number(10, 0, 100000, "", "Acceleration of a new community; 0 holds its time")),
  individualIntervalMinutes: count(30, 1, 1440, "min", "Simulated time between two readings of a unit"),
  units: aside(count(0, 0, 1000, "units", "Units of a new community; 0 is as many as the data has homes")),
  maximumUnits: aside(count(1000, 1, 1000, "units", "More than these are refused")),
  solarUnit: choice(["W/m2", "W"], "What the solar file holds: irradiance, or PV power as it is"),
  demandIntervalMinutes: choice(
    ["30", "60"],
    "Use every value of the demand file, or those on the hour as the published emulator does",
  ),
  atEndOfData: choice(
    ["stop", "repeat"],
    "Whether time stands still at the end of the data or the data begin again",
  ),
  busModel: choice(
    ["ideal", "droop"],
    "Whether the voltage reference holds the bus alone, or units in grid autonomy share it by their droop, drg in percent",
  ),
  protection: choice(
    ["off", "on"],
    "Whether a converter that asks what its home cannot give or take ends in Waiting at that moment, with an alarm",
  ),
  startTime: aside(
    midnight(
      "2020-01-01T00:00:00",
      "Simulated time at the first row of the data, a midnight; not given, the date in the demand file where it has one",
    ),
  ),
  logTo: aside(
    choice(
      ["both", "console", "kept"],
      "Where the log goes: to the console, into the community's storage (served at /log), or both",
    ),
  ),
  metricsPerUnit: aside(flag(true, "Whether /metrics has numbers of each unit")),
  logFile: aside(
    text("log/emulator.log", "Log file of the local run, from its state folder on; off or nothing for none"),
  ),
  logFileLevel: aside(
    choice(["DEBUG", "INFO", "WARNING", "ERROR"], "The least level in that file, of what is logged at all"),
  ),
  logFormat: aside(choice(["JSON", "text"], "How a line is written in that file")),
  logLevel: aside(choice(["INFO", "DEBUG", "WARNING", "ERROR"], "The least level that is logged")),
};

export type ConfigName = keyof typeof configEntries;
export const configNames = Object.keys(configEntries) as ConfigName[];

export type Config = Readonly<v.InferOutput<v.ObjectSchema<typeof configEntries, undefined>>>;

/** What is told of a parameter beside its schema. */
export function notesOf(name: ConfigName): ParameterNotes {
  return v.getMetadata(configEntries[name]) as unknown as ParameterNotes;
}

/** The value of a parameter that is not given. */
export function defaultOf(name: ConfigName): unknown {
  return v.getDefault(configEntries[name]);
}

/** Whether this is the name of a parameter. */
export function isConfigName(name: string): name is ConfigName {
  return Object.hasOwn(configEntries, name);
}
