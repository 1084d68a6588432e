import * as v from "valibot";
import { resultsSchema } from "../../community/records/results.ts";
import type { CommunityRequest } from "../../community/state/request.ts";
import type { View } from "../../community/state/view.ts";
import type { InParts } from "../../notation/in-parts.ts";
import type { Refused } from "../../notation/refusal.ts";
import {
  communityColumnsSchema,
  communitySchema,
  momentParameters,
  writeCommunityAt,
  writeCommunityColumns,
} from "../wire/community-json.ts";
import { dataReportSchema, dataSchema, writeData, writeDataReport } from "../wire/data-json.ts";
import { dealsParameters, dealsSchema, writeDeals } from "../wire/deals-json.ts";
import { eventsParameters, eventsSchema, writeEvents } from "../wire/events-json.ts";
import { describeFaultKinds } from "../wire/fault-kinds-json.ts";
import { faultsSchema, writeFaults } from "../wire/faults-json.ts";
import { forecastParameters, forecastSchema, writeForecast } from "../wire/forecast-json.ts";
import { homesParameters, toldHomesSchema, writeHomes } from "../wire/homes-json.ts";
import { resultsParameters, writeResults } from "../wire/results-json.ts";
import {
  snapshotFileSchema,
  snapshotsSchema,
  writeSnapshotFile,
  writeSnapshots,
} from "../wire/snapshots-json.ts";
import { timeSchema, writeTime } from "../wire/time-json.ts";
import { givenId, givenName } from "./names.ts";
import type { Tag } from "./tags.ts";

/** The parameters of a query, one schema for each name. */
export type ParameterSchemas = v.GenericSchema & {
  readonly entries: Readonly<Record<string, v.GenericSchema>>;
};

/** A path that tells something of a community and changes nothing: all that anybody needs to know of it. */
export interface ToldRoute {
  readonly path: string;
  readonly tag: Tag;
  /** A line for the reference. */
  readonly about: string;
  /** Whether it reads what is stored, as of the past: the days that have ended are recorded before, and old data are loaded. */
  readonly readsRecords: (given: unknown) => boolean;
  /** Whether it tells of units: then it waits until all simulated time is computed. */
  readonly readsUnits: boolean;
  /** What is asked where no parameter is given: objects of an earlier release know it. */
  readonly plain?: CommunityRequest;
  /** The parameters of its query; others are ignored. */
  readonly parameters: ParameterSchemas;
  readonly answer: v.GenericSchema;
  /** Under which name whoever asked may keep the answer as a file. */
  readonly fileName?: (given: unknown) => string;
  /**
   * What `answer` describes, written from the community at one moment, in parts where it reads records for long; `given` has
   * been checked.
   */
  write(view: View, given: unknown): object | Refused | InParts<object | Refused>;
}

interface Entry<P extends ParameterSchemas, A extends v.GenericSchema>
  extends Omit<ToldRoute, "readsRecords" | "readsUnits" | "parameters" | "fileName" | "write"> {
  readonly readsRecords?: boolean | ((given: v.InferOutput<P>) => boolean);
  readonly readsUnits?: boolean;
  readonly parameters?: P;
  readonly answer: A;
  readonly fileName?: (given: v.InferOutput<P>) => string;
  write(view: View, given: v.InferOutput<P>): Told<A> | InParts<Told<A>>;
}

type Told<A extends v.GenericSchema> = (v.InferOutput<A> & object) | Refused;

const none = v.object({});

function tell<A extends v.GenericSchema, P extends ParameterSchemas = typeof none>({
  readsRecords = false,
  ...entry
}: Entry<P, A>): ToldRoute {
  const reads = typeof readsRecords === "boolean" ? () => readsRecords : readsRecords;
  return { readsUnits: true, parameters: none, ...entry, readsRecords: reads } as ToldRoute;
}

const isOfPast = ({ timeS }: v.InferOutput<typeof momentParameters>) => timeS !== undefined;

/**
 * Paths that tell something new of a community, each an entry: the router, access, the bridge, the reference and headless
 * runs follow from it, and the object in which the community lives finds it by its path.
 */
export const toldRoutes: readonly ToldRoute[] = [
  tell({
    path: "/time",
    tag: "time",
    about: "Where simulated time stands and how it moves",
    readsUnits: false,
    answer: timeSchema,
    write: writeTime,
  }),
  tell({
    path: "/state",
    plain: { kind: "state" },
    tag: "homes",
    about: "The community at a glance, as the screen shows it, now or at a moment of the past",
    readsRecords: isOfPast,
    parameters: momentParameters,
    answer: communitySchema,
    write: writeCommunityAt,
  }),
  tell({
    path: "/state/columns",
    tag: "homes",
    about: "What /state tells, with a column for each reading",
    readsRecords: isOfPast,
    parameters: momentParameters,
    answer: communityColumnsSchema,
    write: writeCommunityColumns,
  }),
  tell({
    path: "/forecast",
    tag: "homes",
    about: "Sun and demand to come, as the data have them or with a seeded error that grows with the horizon",
    parameters: forecastParameters,
    answer: forecastSchema,
    write: writeForecast,
  }),
  tell({
    path: "/deals",
    tag: "records",
    about: "Who gave to whom over the DC grid, from when to when, and how much of it arrived",
    readsRecords: true,
    parameters: dealsParameters,
    answer: dealsSchema,
    write: writeDeals,
  }),
  tell({
    path: "/events",
    tag: "records",
    about:
      "What happened in a span: batteries full and empty, switches, trips, the bus, modes, faults and commands",
    readsRecords: true,
    parameters: eventsParameters,
    answer: eventsSchema,
    write: writeEvents,
  }),
  tell({
    path: "/results",
    tag: "records",
    about:
      "Every account of the ledger over a span, by hours, days or months, for the community and each home, or one home",
    readsRecords: true,
    parameters: resultsParameters,
    answer: resultsSchema,
    write: writeResults,
  }),
  tell({
    path: "/homes",
    tag: "homes",
    about: "The hardware of each home as it is now, or of one, complete: a file of homes, which PUT takes",
    parameters: homesParameters,
    answer: toldHomesSchema,
    write: writeHomes,
  }),
  tell({
    path: "/faults",
    tag: "faults",
    about: "Faults of the hardware that are on or will be, in the order in which they were added",
    answer: faultsSchema,
    write: writeFaults,
  }),
  tell({
    path: "/schema/faults.json",
    tag: "faults",
    about: "The kinds of faults, and what each takes, as a JSON Schema",
    readsUnits: false,
    answer: v.record(v.string(), v.unknown()),
    write: describeFaultKinds,
  }),
  tell({
    path: "/data",
    tag: "data",
    about: "The data of its own that the community keeps, the oldest first",
    readsRecords: true,
    readsUnits: false,
    answer: dataSchema,
    write: writeData,
  }),
  tell({
    path: "/data/report",
    tag: "data",
    about: "What was reported of such data when they came; as a page for whoever accepts HTML",
    readsRecords: true,
    readsUnits: false,
    parameters: v.object({ id: givenId }),
    answer: dataReportSchema,
    write: (view, { id }) => writeDataReport(view, id),
  }),
  tell({
    path: "/snapshots",
    tag: "snapshots",
    about: "The snapshots that are kept, the oldest first",
    readsRecords: true,
    readsUnits: false,
    answer: snapshotsSchema,
    write: writeSnapshots,
  }),
  tell({
    path: "/snapshots/file",
    tag: "snapshots",
    about: "A snapshot as a file",
    readsRecords: true,
    readsUnits: false,
    parameters: v.object({ name: givenName }),
    answer: snapshotFileSchema,
    fileName: ({ name }) => `${name.replace(/[^\w .-]/g, "_")}.json`,
    write: (view, { name }) => writeSnapshotFile(view, name),
  }),
];

export function findToldRoute(path: string): ToldRoute | undefined {
  return toldRoutes.find((route) => route.path === path);
}
