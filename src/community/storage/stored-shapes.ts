import * as v from "valibot";
import type { Config } from "../../input/config/entries.ts";
import { ConfigError, readConfig } from "../../input/config/read-config.ts";
import { type Fault, type Faults, mostFaults, noFaults } from "../../input/faults/fault.ts";
import { faultValuesSchema } from "../../input/faults/fault-schemas.ts";
import { faultKindNames } from "../../input/faults/kinds.ts";
import { isDayOf } from "../../input/series/input-series.ts";
import { type OwnData, seriesKinds } from "../../input/series/own-data.ts";
import type { Save } from "../../input/units/save.ts";
import { unitSchema } from "../../input/units/unit-json.ts";
import {
  between,
  busSchema,
  converterMode,
  type FieldsOf,
  finite,
  ledgerSchema,
  percent,
  powerW,
  timeS,
  unitNumber,
  unitStateSchema,
  upsMode,
  voltageV,
} from "../../laboratory/state-shapes.ts";
import type { Snapshot } from "../../simulation/snapshot.ts";
import type { UnitSettings } from "../../simulation/unit.ts";

/**
 * What is stored of a community, in the present form: one schema for each shape, from which its type, its columns and the
 * check of a backup's rows follow. What an earlier release left is brought into this form first (`stored-forms.ts`).
 */

/** Last wall time [ms] that a date can hold. */
const lastWallMs = 8.64e15;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const wallMs = between(0, lastWallMs);
const version = v.number();
/** The greatest acceleration that a release has allowed. */
export const fastestFactor = 100_000;
const accelerationFactor = between(0, fastestFactor);

/** A unit at the end of a day, as its record tells of it. */
export const unitRecordSchema = v.object({
  ...v.omit(unitStateSchema, ["number", "timeS", "today"]).entries,
  finishedDays: v.object({ acIntakeWh: finite }),
});

const descriptionSchema = v.object({
  settings: v.object({
    stateOfChargePercent: percent,
    upsMode,
    converterMode,
    targetBusVoltageV: voltageV,
    droopPercent: percent,
    dcGridCurrentLimitA: between(0, 100),
    solarPowerW: powerW,
    demandPowerW: powerW,
  } satisfies FieldsOf<UnitSettings>),
  template: unitSchema,
});

/** A unit as it is kept: its state at its last event, and its JSON for what nothing moves. */
const storedUnitSchema = v.object({ state: unitStateSchema, template: unitSchema });
export type StoredUnit = Readonly<v.InferOutput<typeof storedUnitSchema>>;

/** A unit that Save All kept; `state` is missing where only its published form is known. */
const savedUnitSchema = v.object({ ...descriptionSchema.entries, state: v.optional(unitStateSchema) });
export type SavedUnit = Readonly<v.InferOutput<typeof savedUnitSchema>>;

/**
 * How simulated time follows the wall clock: linearly, from an anchor that every change of rate moves, or not at all while it
 * is held.
 */
const clockSchema = v.object({
  anchorWallMs: wallMs,
  anchorSimulatedS: timeS,
  /** Simulated seconds that pass in each `sleeptime` while it runs. Held, it is kept: ramps and whoever goes on look at it. */
  accelerationFactor: v.pipe(accelerationFactor, v.gtValue(0)),
  held: v.boolean(),
  /** Until when in real time nobody else may change the time. */
  claim: v.nullable(v.object({ by: v.string(), untilMs: wallMs })),
});
export type Clock = Readonly<v.InferOutput<typeof clockSchema>>;
export type Claim = NonNullable<Clock["claim"]>;

const snapshotSchema = v.object({
  timeS,
  units: v.pipe(v.array(unitStateSchema), v.readonly()),
  bus: busSchema,
} satisfies FieldsOf<Snapshot>);

const saveSchema = v.object({
  units: v.pipe(v.array(descriptionSchema), v.readonly()),
  snapshot: v.nullable(snapshotSchema),
} satisfies FieldsOf<Save>);

/** What a community began with, or began anew with when its clock was set back to the start of the data. */
export const runSchema = v.object({
  beganWallMs: wallMs,
  accelerationFactor,
  /** What Load Last takes up until Save All is used; null is what the file says. */
  lastSave: v.nullable(saveSchema),
  /** Where its past up to then is another community's. */
  branchOf: v.optional(v.object({ community: v.string(), timeS, wallMs })),
});
export type Run = Readonly<v.InferOutput<typeof runSchema>>;

/** A configuration as it is kept: complete, and right but for what earlier releases allowed. */
const configSchema = v.pipe(
  v.objectWithRest(
    { units: count, startTime: v.pipe(v.string(), v.check(isDateTime, "no date and time")) },
    v.unknown(),
  ),
  v.rawTransform(({ dataset, addIssue, NEVER }): Config => {
    // Earlier releases began with any number of units, and at any time of the day.
    const { units, startTime, ...rest } = dataset.value;
    try {
      return { ...readConfig(rest), units, startTime };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      addIssue({ message: error.message.replaceAll("\n", "; ") });
      return NEVER;
    }
  }),
);

/**
 * A run is a list of chapters. Each goes from its beginning to that of the next under one configuration and on one
 * set of data, and what is told of it is computed from these for ever. At its beginning every unit has an event, so
 * that no stretch between two events lies in two chapters. One that lasted no time may have had commands.
 */
export const chapterSchema = v.object({
  fromS: timeS,
  beganWallMs: wallMs,
  /** The last command before it; 0 if there was none. */
  afterCommandId: count,
  /** Complete, but for the address of a database: whoever reads the log of commands need not know that. */
  config: configSchema,
  /** Changes with the content of the data; null where it is not known which they were. */
  inputHash: v.nullable(v.string()),
  /** What the files of the data are called. */
  inputName: v.string(),
  /**
   * Where the data of the chapter before were gone when it ended: the second to which simulated time had come then. Of
   * what lies between `fromS` and it nothing was kept. Null where all is well.
   */
  lostUntilS: v.optional(v.nullable(timeS), null),
  /** The release under which it began; null of those before 0.2. */
  release: v.optional(v.nullable(v.string()), null),
  /** What of it is the community's own, and stays whatever the deployment has. */
  own: v.optional(v.pipe(v.array(v.picklist(["homes", "data"])), v.readonly()), []),
});
export type Chapter = Readonly<v.InferOutput<typeof chapterSchema>>;
export type OwnPart = Chapter["own"][number];

/** How far a database has been told of a run. Each number is of the first thing that it has not been told. */
const progressSchema = v.object({
  /** Wall time at which the run began; another run begins from nothing. */
  runBeganMs: wallMs,
  untilS: timeS,
  day: count,
  afterCommandId: count,
  sentReadings: count,
  /** Readings that were never sent because the database was too far behind. */
  droppedReadings: count,
  /** The end of a batch that was sent and may have been taken; null where none was. */
  triedUntilS: v.optional(v.nullable(timeS), null),
  /** Whether time has gone back since, and a database may hold what is no more true. */
  goneBack: v.optional(v.boolean(), false),
});
export type Progress = Readonly<v.InferOutput<typeof progressSchema>>;

/** What of the hardware is broken, or will be. */
const faultsSchema = v.object({
  lastId: count,
  list: v.pipe(
    v.array(
      v.object({
        id: v.pipe(count, v.minValue(1)),
        kind: v.picklist(faultKindNames),
        unitNumber: v.nullable(unitNumber),
        fromS: timeS,
        untilS: v.nullable(timeS),
        values: faultValuesSchema,
        held: v.exactOptional(v.pipe(v.array(finite), v.readonly())),
        isDone: v.exactOptional(v.literal(true)),
      } satisfies FieldsOf<Fault>),
    ),
    v.maxLength(mostFaults),
    v.readonly(),
  ),
} satisfies FieldsOf<Faults>);

const snapshotHeadSchema = v.object({
  timeS,
  takenWallMs: wallMs,
  /** Asked for, uploaded, or the command before which it was taken by itself; of that a run starts with, `start`. */
  reason: v.picklist(["kept", "uploaded", "reset", "loadLast", "removeUnit", "restore", "start"]),
  startTime: v.string(),
  unitCount: count,
  /** Of which run it is, and after which command of it. */
  runBeganMs: wallMs,
  afterCommandId: count,
  /** Whether the community has gone back to before it since. */
  isForgotten: v.boolean(),
});
export type SnapshotHead = Readonly<v.InferOutput<typeof snapshotHeadSchema>>;

/** One moment of a community: all that a community is made of that begins there. */
export const keptSnapshotSchema = v.object({
  head: snapshotHeadSchema,
  /** That in which it lies, and how many there were. */
  chapter: chapterSchema,
  chapterCount: v.pipe(count, v.minValue(1)),
  accelerationFactor: v.pipe(accelerationFactor, v.gtValue(0)),
  /** Each with an event at this moment. */
  units: v.pipe(v.array(storedUnitSchema), v.minLength(1), v.readonly()),
  bus: busSchema,
  highestUnit: count,
  /** Accounts of units that went on its day. */
  departed: v.pipe(v.array(v.object({ number: unitNumber, ledger: ledgerSchema })), v.readonly()),
  lastSave: v.nullable(saveSchema),
  /** None in what earlier releases kept. */
  faults: v.optional(faultsSchema, noFaults),
});
export type KeptSnapshot = Readonly<v.InferOutput<typeof keptSnapshotSchema>>;

/** A snapshot with its name. */
export interface SnapshotRow {
  readonly name: string;
  readonly content: KeptSnapshot;
}

const steps = v.nullable(
  v.object({
    pointsPerDay: v.pipe(count, v.check(isDayOf, "no values of a day")),
    isMeans: v.boolean(),
  }),
);

/** Data of a community's own, without their rows. */
const keptDataSchema = v.object({
  ...({
    id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "no id of data")),
    days: v.pipe(count, v.minValue(1)),
    firstDate: v.nullable(v.string()),
    homes: count,
    sun: steps,
    demand: steps,
    pv: steps,
  } satisfies FieldsOf<OwnData>),
  /** Names of the files that they come from. */
  name: v.string(),
  keptWallMs: wallMs,
  /** Of all rows. */
  bytes: count,
});
export type KeptData = Readonly<v.InferOutput<typeof keptDataSchema>>;

/** The parts of which there is one each. */
export const partSchemas = {
  clock: clockSchema,
  bus: busSchema,
  saved_bus: v.omit(snapshotSchema, ["units"]),
  run: runSchema,
  progress: progressSchema,
  faults: faultsSchema,
} as const;
export type PartName = keyof typeof partSchemas;

const body = v.string();
const bytes = v.instance(ArrayBuffer);
/** Of an earlier release JSON. */
const bytesOrText = v.union([bytes, body]);
const numbered = { number: unitNumber, version, body };

/** The columns of each table, in their order. */
export const tableSchemas = {
  unit: v.object(numbered),
  saved_unit: v.object(numbered),
  part: v.object({ name: v.picklist(Object.keys(partSchemas) as PartName[]), version, body }),
  chapter: v.object({ number: count, version, body }),
  day: v.object({ day: count, version, units: bytes }),
  departed: v.object({ day: count, number: unitNumber, version, body }),
  unit_event: v.object({ number: unitNumber, time_s: timeS, version, body: bytesOrText }),
  unit_change: v.object({ number: unitNumber, time_s: timeS, version, events: bytes }),
  bus_event: v.object({ time_s: timeS, version, body: bytesOrText }),
  command: v.object({
    id: v.pipe(count, v.minValue(1)),
    wall_ms: wallMs,
    time_s: timeS,
    path: v.string(),
    source: v.string(),
    effect: v.string(),
  }),
  snapshot: v.object({ id: v.pipe(count, v.minValue(1)), name: v.string(), version, body }),
  snapshot_piece: v.object({ snapshot: v.pipe(count, v.minValue(1)), piece: count, version, body }),
  data: v.object({ number: v.pipe(count, v.minValue(1)), version, body }),
  data_week: v.object({
    data: v.pipe(count, v.minValue(1)),
    kind: v.picklist([...seriesKinds, "report"]),
    home: count,
    week: count,
    version,
    bytes,
  }),
} as const;
export type TableName = keyof typeof tableSchemas;
export const tableNames = Object.keys(tableSchemas) as TableName[];

/** The JSON in the column `body` of each table that has one. */
export const bodySchemas = {
  unit: storedUnitSchema,
  saved_unit: savedUnitSchema,
  chapter: chapterSchema,
  departed: ledgerSchema,
  snapshot: snapshotHeadSchema,
  data: keptDataSchema,
} as const;

/** What is told by the bytes, or the JSON, of these tables. */
export const leftSchemas = {
  unit: v.nullable(unitStateSchema),
  /** Of a unit that ran by itself from the day's beginning. */
  change: v.object({
    ...v.partial(unitStateSchema).entries,
    timeS,
    stateOfChargePercent: percent,
    finishedDays: v.object({ acIntakeWh: finite }),
  }),
  bus: busSchema,
} as const;

function isDateTime(text: string): boolean {
  const parsed = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) ? `${text}Z` : Number.NaN);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
