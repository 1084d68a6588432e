/*
 * All kinds of faults of the hardware stand in one table, with what each of them may be told: the Web API and its checks, the
 * schema, what is stored, the form on the screen and docs/faults.md follow from it. What a kind does stands where its part is:
 * in what is told (`tell-readings.ts`, `hold-answers.ts`), or in what is commanded (`src/community/state/faults.ts`).
 *
 * Always: but for converters that trip, a fault changes what is told or taken at the paths of a controller and nothing of what
 * is true, which the screen, `/state`, `/get/log` and all records go on to tell.
 */

/** The paths at which a controller reads and commands the hardware of a unit. */
export const hardwarePaths = [
  "/get/unit",
  "/get/emu",
  "/get/dcdc",
  "/get/dcdc/status",
  "/set/dcdc",
  "/set/dcdc/voltage",
  "/set/dcdc/current",
] as const;
export type HardwarePath = (typeof hardwarePaths)[number];

const commandPaths = ["/set/dcdc", "/set/dcdc/voltage", "/set/dcdc/current"] as const;
const batteryPaths = ["/get/unit", "/get/emu"] as const;
const converterPaths = hardwarePaths.filter((path) => path !== "/get/emu");

/** Meters that may fail, under APIS's names: what each can tell, and where it is told. */
export const faultMeters = {
  vg: { min: -1000, max: 1000, unit: "V", paths: converterPaths },
  ig: { min: -100, max: 100, unit: "A", paths: converterPaths },
  vb: { min: -100, max: 100, unit: "V", paths: converterPaths },
  ib: { min: -1000, max: 1000, unit: "A", paths: converterPaths },
  tmp: { min: -100, max: 200, unit: "°C", paths: converterPaths },
  rsoc: { min: 0, max: 100, unit: "%", paths: batteryPaths },
} as const;
export type FaultMeter = keyof typeof faultMeters;

interface NumberParameter {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly whole: boolean;
  readonly text: string;
}
interface ChoiceParameter<T extends string> {
  readonly options: readonly T[];
  readonly text: string;
}
interface TextParameter {
  readonly pattern: RegExp;
  readonly text: string;
}
export type FaultParameter = NumberParameter | ChoiceParameter<string> | TextParameter;

const number = (min: number, max: number, unit: string, text: string): NumberParameter => {
  return { min, max, unit, whole: false, text };
};
const whole = (min: number, max: number, unit: string, text: string): NumberParameter => {
  return { min, max, unit, whole: true, text };
};
const choice = <T extends string>(options: readonly T[], text: string): ChoiceParameter<T> => {
  return { options, text };
};

/** Longest time for which an answer is held back [real ms]. */
export const longestWaitMs = 30_000;

/** What a fault may be told beside its kind, its unit and its times. */
export const faultParameters = {
  path: choice(hardwarePaths, "only at this path; at all of the kind's paths unless told"),
  alarm: choice(
    ["light", "heavy"],
    "a light alarm ends with the next mode that is taken, a heavy one with the fault",
  ),
  number: {
    pattern: /^[0-9A-Fa-f]{4}( [0-9A-Fa-f]{4}){2}$/,
    text: "the alarm's number, three groups of four hexadecimal digits such as 4010 0080 0000",
  },
  ms: whole(1, longestWaitMs, "real ms", "how long an answer is held back"),
  status: whole(400, 599, "", "the status of HTTP in the place of the answer"),
  meter: choice(Object.keys(faultMeters) as FaultMeter[], "which meter"),
  value: number(
    -1000,
    1000,
    "",
    "what the meter tells, in its own unit; what it read when the fault began unless told",
  ),
  offset: number(-1000, 1000, "", "what is added to the reading, in the meter's unit"),
  deviation: number(0, 1000, "", "the standard deviation of what is added, in the meter's unit"),
  seed: whole(
    0,
    2 ** 32 - 1,
    "",
    "of the noise, which follows from it, the unit, the meter and the simulated second",
  ),
  battery_operation_status: whole(
    0,
    2,
    "",
    "0: no exchange is allowed, 1: charging alone, 2: discharging alone; 3, all, is no fault",
  ),
  tmp: number(46, 200, "°C", "the converter's temperature; apis-main takes up to 45"),
} as const satisfies Readonly<Record<string, FaultParameter>>;
export type FaultParameterName = keyof typeof faultParameters;

type ValueOf<P> = P extends ChoiceParameter<infer T> ? T : P extends NumberParameter ? number : string;
/** What a fault was told, with defaults in the place of what it was not. */
export type FaultValues = { readonly [N in FaultParameterName]?: ValueOf<(typeof faultParameters)[N]> };

interface FaultKindEntry {
  /** On what: converters trip, commands are not taken, answers are not as they should be, readings are wrong. */
  readonly actsOn: "converters" | "commands" | "answers" | "readings";
  /** Where, if a path may be told. */
  readonly paths: readonly HardwarePath[];
  /** Parameters that must be told. */
  readonly needs: readonly FaultParameterName[];
  /** Those that have a value unless told. */
  readonly defaults: FaultValues;
  /** Those that may be told. */
  readonly may: readonly FaultParameterName[];
  /** Whether it is of all units whatever is told. */
  readonly isOfAll: boolean;
  /** What happens. */
  readonly text: string;
  /** What apis-main notices. */
  readonly noticed: string;
}

const ofReadings = (
  rest: Pick<FaultKindEntry, "needs" | "defaults" | "may" | "text" | "noticed"> & Partial<FaultKindEntry>,
) => ({
  actsOn: "readings" as const,
  paths: hardwarePaths,
  isOfAll: false,
  ...rest,
  may: [...rest.may, "path" as const],
});
const ofAnswers = (rest: Pick<FaultKindEntry, "needs" | "defaults" | "text" | "noticed">) => ({
  actsOn: "answers" as const,
  paths: hardwarePaths,
  isOfAll: false,
  may: ["path" as const],
  ...rest,
});

const faultKinds = {
  trip: {
    actsOn: "converters",
    paths: [],
    needs: [],
    defaults: { alarm: "light" },
    may: ["number"],
    isOfAll: false,
    text: "A converter ends in Waiting with an alarm; while a heavy one lasts, or a light one that was told how long, no mode is taken",
    noticed: "the unit is not in the mode that was set, and a heavy alarm is an error of the unit",
  },
  busCollapse: {
    actsOn: "converters",
    paths: [],
    needs: [],
    defaults: {},
    may: ["number"],
    isOfAll: true,
    text: "All converters that do not wait end in Waiting with a light alarm, and the bus is dead; no mode is taken while it lasts",
    noticed: "`vg` falls below 290 V, and no unit is in the mode that was set",
  },
  ignoreCommands: {
    actsOn: "commands",
    paths: commandPaths,
    needs: [],
    defaults: {},
    may: ["path"],
    isOfAll: false,
    text: "Commands to the converter are answered as ever, and change nothing",
    noticed: "the reply does not echo what was set",
  },
  late: ofAnswers({
    needs: ["ms"],
    defaults: {},
    text: "Answers come late; commands are carried out at once",
    noticed: "above 5 s an attempt fails, and after three the unit's deals stop; below, nothing but time",
  }),
  noAnswer: ofAnswers({
    needs: [],
    defaults: { ms: 10_000 },
    text: "Answers never come: the connection is held, and then ended; commands are carried out",
    noticed: "three attempts fail, and the unit's deals stop",
  }),
  httpStatus: ofAnswers({
    needs: ["status"],
    defaults: {},
    text: "Answers are an error of HTTP; commands are carried out",
    noticed: "three attempts fail, and the unit's deals stop",
  }),
  meterStuck: ofReadings({
    needs: ["meter"],
    defaults: {},
    may: ["value"],
    text: "A meter tells one value, whatever is",
    noticed:
      "the voltage or current that was set does not come, the energy of a deal does not, or the charge stands still",
  }),
  meterOffset: ofReadings({
    needs: ["meter", "offset"],
    defaults: {},
    may: [],
    text: "A meter tells too much or too little",
    noticed: "what was set is off by more than its tolerance, or a reading lies outside its range",
  }),
  meterNoisy: ofReadings({
    needs: ["meter", "deviation"],
    defaults: { seed: 0 },
    may: [],
    text: "A meter tells a value that wavers about the true one",
    noticed: "checks fail now and then, the more the greater the deviation is against their tolerance",
  }),
  batteryStatus: ofReadings({
    paths: batteryPaths,
    needs: [],
    defaults: { battery_operation_status: 0 },
    may: [],
    text: "The battery says that it may not exchange: `emu.battery_operation_status`, which is left out otherwise",
    noticed: "any value but 3 is an error of the unit",
  }),
  overTemperature: ofReadings({
    paths: converterPaths,
    needs: [],
    defaults: { tmp: 60 },
    may: [],
    text: "The converter tells that it is too hot",
    noticed: "`dcdc.meter.tmp` lies outside its range of 0 to 45 °C, an error of the unit",
  }),
} as const satisfies Readonly<Record<string, FaultKindEntry>>;
export type FaultKind = keyof typeof faultKinds;
export const faultKindNames = Object.keys(faultKinds) as FaultKind[];

/** The entry of a kind, as all of them are. */
export function entryOf(kind: FaultKind): FaultKindEntry {
  return faultKinds[kind];
}

/** What a kind may be told. */
export function parametersOf(kind: FaultKind): readonly FaultParameterName[] {
  const { needs, defaults, may } = entryOf(kind);
  return [...needs, ...(Object.keys(defaults) as FaultParameterName[]), ...may];
}
