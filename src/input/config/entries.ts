/** Every parameter of the specification's section 7.1 under its own name, and the few that are ours. */

/**
 * `neutral` is what a run goes by that is older than the parameter; it is left out where the default leaves such a run
 * as it was.
 */
export type Entry = { about: string; neutral?: unknown } & (
  | { kind: "number"; default: number; min: number; max: number; unit: string; integer?: true }
  | { kind: "flag"; default: boolean }
  | { kind: "choice"; default: string; allowed: readonly string[] }
  | { kind: "text"; default: string }
  | { kind: "perUnit"; default: PerUnit; min: number; max: number; unit: string }
  | { kind: "words"; default: Readonly<Record<string, string>> }
);

type Of<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;

const watts = (value: number, about: string): Of<"number"> => {
  return { kind: "number", default: value, min: 0, max: 1e6, unit: "W", about };
};
const ratio = (value: number, about: string): Of<"number"> => {
  return { kind: "number", default: value, min: 0, max: 10, unit: "1", about };
};
const percent = (value: number, about: string): Of<"number"> => {
  return { kind: "number", default: value, min: 0, max: 100, unit: "%", about };
};
const flag = (value: boolean, about: string): Of<"flag"> => ({ kind: "flag", default: value, about });
const text = (value: string, about: string): Of<"text"> => ({ kind: "text", default: value, about });
const words = (value: Record<string, string>, about: string): Of<"words"> => ({
  kind: "words",
  default: value,
  about,
});
const count = (value: number, min: number, max: number, unit: string, about: string): Of<"number"> => {
  return { kind: "number", default: value, min, max, unit, integer: true, about };
};
const choice = (allowed: readonly string[], about: string): Of<"choice"> => {
  return { kind: "choice", default: allowed[0] as string, allowed, about };
};

/** The register of all parameters: default, range, unit and meaning of each. */
export const configEntries = {
  debug: flag(false, "Log debugging messages; the same as logLevel DEBUG"),
  dataSet: text("Sample", "Name of the folder under data/input whose CSV files are used"),
  sleeptime: {
    kind: "number",
    default: 1,
    min: 0.001,
    max: 3600,
    unit: "s",
    about: "Real time in which simulated time moves by the acceleration",
  },
  doUpdates: flag(true, "Emulate the power flow; false is a mock of the hardware whose energies stand still"),
  saveIndividualToDB: flag(
    false,
    "Store what happens in a database: the one at dburl, or the D1 database that is bound",
  ),
  saveToSummaryToCSV: flag(true, "Serve a summary of each simulated day"),
  saveIndividualToCSV: flag(
    true,
    "Serve readings of each unit at a set interval and after each command to it",
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
  batteryVoltage: { kind: "number", default: 48, min: 1, max: 1000, unit: "V", about: "Battery voltage" },
  batterySize: {
    kind: "perUnit",
    default: { default: 4800 },
    min: 1,
    max: 1e9,
    unit: "Wh",
    about: "Battery capacity of all units, or of each by its ID",
  },
  default_Area: {
    kind: "number",
    default: 21.6,
    min: 0,
    max: 1e6,
    unit: "m²",
    about: "Area of the PV panels",
  },
  r: { kind: "number", default: 0.19, min: 0, max: 1, unit: "1", about: "Yield of the PV panels" },
  pr: {
    kind: "number",
    default: 0.9,
    min: 0,
    max: 1,
    unit: "1",
    about: "Performance factor of the PV panels",
  },
  pvc_sol_reg: {
    kind: "perUnit",
    default: {},
    min: 0,
    max: 1e6,
    unit: "m²",
    about: "PV size by unit ID, area × yield × performance; others have default_Area × r × pr",
  },
  dburl: text(
    "",
    "Address to which readings are posted; if empty they go to the D1 database bound as RECORDS",
  ),
  summaryPath: text("data/output/summary.csv", "Path at which the summary is served"),
  indivLogPath: text("data/output/indivLog.csv", "Path at which the readings are served"),
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
  b_host: text("127.0.0.1", "Address on which the local server listens (--host)"),
  b_port: count(4390, 0, 65535, "", "Port on which the local server listens (--port); 0 takes a free one"),
  baseDomain: text(
    "localhost",
    "A community NAME is served at NAME.<baseDomain>, besides /e/NAME/ at any host",
  ),
  defaultCommunity: flag(true, "Whether the bare host serves the community named default"),
  defaultAccess: choice(
    ["closed", "read-open", "open"],
    "Who may use communities that set nothing else; open where npm start or npm run dev serves",
  ),
  accessTeam: text("", "https://TEAM.cloudflareaccess.com, whose tokens identify the administrator"),
  accessAudience: text("", "Audience tag of the application of Cloudflare Access that guards /admin"),
  acceleration: {
    kind: "number",
    default: 10,
    min: 0,
    max: 100000,
    unit: "1",
    about: "Acceleration of a new community; 0 is a pause",
  },
  individualIntervalMinutes: count(30, 1, 1440, "min", "Simulated time between two readings of a unit"),
  units: count(0, 0, 1000, "units", "Units of a new community; 0 is as many as the data has homes"),
  maximumUnits: count(1000, 1, 1000, "units", "More than these are refused"),
  solarUnit: choice(["W/m2", "W"], "What the solar file holds: irradiance, or PV power as it is"),
  demandIntervalMinutes: {
    kind: "choice",
    default: "30",
    allowed: ["30", "60"],
    about: "Use every value of the demand file, or those on the hour as the published emulator does",
  },
  atEndOfData: choice(
    ["stop", "repeat"],
    "Whether time stands still at the end of the data or the data begin again",
  ),
  startTime: text(
    "2020-01-01T00:00:00",
    "Simulated time at the first row of the data, a midnight; not given, the date in the demand file where it has one",
  ),
  logTo: choice(
    ["both", "console", "kept"],
    "Where the log goes: to the console, into the community's storage (served at /log), or both",
  ),
  metricsPerUnit: flag(true, "Whether /metrics has numbers of each unit"),
  logLevel: choice(["INFO", "DEBUG", "WARNING", "ERROR"], "The least level that is logged"),
} as const satisfies Record<string, Entry>;

type Name = keyof typeof configEntries;

/**
 * Parameters from which nothing follows that is told of a run's past, and the start time, which a run keeps. Another
 * value of any other begins a new chapter of the run.
 */
export const asideNames: ReadonlySet<string> = new Set<Name>([
  "debug",
  "dataSet",
  "saveIndividualToDB",
  "saveToSummaryToCSV",
  "saveIndividualToCSV",
  "dburl",
  "summaryPath",
  "indivLogPath",
  "b_host",
  "b_port",
  "baseDomain",
  "defaultCommunity",
  "defaultAccess",
  "accessTeam",
  "accessAudience",
  "acceleration",
  "units",
  "maximumUnits",
  "startTime",
  "logTo",
  "metricsPerUnit",
  "logLevel",
]);

type ValueOf<E> = E extends { kind: "number" }
  ? number
  : E extends { kind: "flag" }
    ? boolean
    : E extends { kind: "perUnit" }
      ? PerUnit
      : E extends { kind: "words" }
        ? Readonly<Record<string, string>>
        : string;

/** A number for each unit named by its ID, and `default` for all others. */
export type PerUnit = Readonly<Record<string, number>>;

export type Config = { readonly [N in Name]: ValueOf<(typeof configEntries)[N]> };
